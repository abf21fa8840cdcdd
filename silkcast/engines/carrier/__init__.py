# SPDX-License-Identifier: Apache-2.0
"""Carriers: those who carry parcels. `sandbox` speaks to the sandbox carrier, `provider` is that carrier."""
