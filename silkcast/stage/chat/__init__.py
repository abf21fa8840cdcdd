# SPDX-License-Identifier: Apache-2.0
"""Chat: what people say in a room.

A *line* is shown, held (for the host to look at first) or hidden (taken back by the host). Lines with a link
or a phone number, or a word of the shop's list, are held, not lost. A *muted* author's lines are held too.

Promises: a line keeps its place; nobody but the host sees a held line; nobody says more than the pace allows.
"""
