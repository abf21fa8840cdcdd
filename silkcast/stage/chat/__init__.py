# SPDX-License-Identifier: Apache-2.0
"""Chat: what people say in a room, and who keeps order there.

A *line* is shown, held (for the host to look at first), hidden (taken back, with its place left) or folded
(the same text as a line just shown, which counts one more voice). Lines with a link, a phone number, an
e-mail address or a blocked word are held, not lost. *Speaking* is what a room allows: who, how often, whether
with links. A *ban* keeps one person out of one show's chat, or of all of a shop's, until it ends or is
lifted. A *moderator* is a person whom the seller handed some *rights* over the chat of the shop or of one
show, and over nothing else.

Promises: a room's lines have numbers, in one order for all; a shown line keeps its number; nobody but those
who keep order sees a held line; nobody says more than the pace allows; a refused line leaves nothing behind.
"""
