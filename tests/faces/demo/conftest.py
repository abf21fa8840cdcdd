# SPDX-License-Identifier: Apache-2.0
"""The flows' small world, for what the demo does in it."""

from tests.flows.conftest import outside, world

__all__ = ["outside", "world"]
