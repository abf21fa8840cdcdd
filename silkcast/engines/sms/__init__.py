# SPDX-License-Identifier: Apache-2.0
"""SMS: who carries texts to phones."""
