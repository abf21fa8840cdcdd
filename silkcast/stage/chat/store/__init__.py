# SPDX-License-Identifier: Apache-2.0
"""Statements of the chat: lines in `lines`, what keeps order among them in `keeping`."""
