# SPDX-License-Identifier: Apache-2.0
"""Main: wires the house. Knows every name, holds no logic."""

from __future__ import annotations

