# SPDX-License-Identifier: Apache-2.0
"""Live: what a room hears and says while a show is on. The protocol is in docs/reference/live-protocol.md."""
