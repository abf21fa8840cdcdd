# SPDX-License-Identifier: Apache-2.0
"""Ground: values that need only the standard library. Money, weights, time, ids, places."""
