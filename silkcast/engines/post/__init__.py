# SPDX-License-Identifier: Apache-2.0
"""Posts: who carries letters."""
