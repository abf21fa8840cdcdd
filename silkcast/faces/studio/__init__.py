# SPDX-License-Identifier: Apache-2.0
"""Studio: the seller's face. One file a noun; each handler reads, calls one door, and chooses the answer.

Whatever belongs to another shop is not found here. Pages work without script; scripts only refresh them.
"""
