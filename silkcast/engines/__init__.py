# SPDX-License-Identifier: Apache-2.0
"""The outside world, behind the ports of the modules."""
