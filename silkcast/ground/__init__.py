# SPDX-License-Identifier: Apache-2.0
"""Ground: values that need only the standard library: money, weight, time, ids, places, language, refusal."""
