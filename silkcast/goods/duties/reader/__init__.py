# SPDX-License-Identifier: Apache-2.0
"""Reads rule sets and cases from YAML, strictly: what the format does not know is refused with its place."""
