# SPDX-License-Identifier: Apache-2.0
"""Hooks: what sellers' own programs are told, as it happens.

A *hook* is an address, the *kinds* of news it wants, and a secret that signs them. A *delivery* is one piece
of news for one hook: written in the transaction that learned of it, sent at least once, tried again with
growing pauses, kept to be looked at. News carry ids, states and sums; nothing personal. A hook that fails for
three days is put out of use, and says so.
"""
