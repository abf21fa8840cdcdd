# SPDX-License-Identifier: Apache-2.0
"""Measurements, each beside its floor from the same run. `make bench` runs all; each file runs alone, too."""
