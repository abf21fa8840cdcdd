# SPDX-License-Identifier: Apache-2.0
"""The door of the chat: saying and reading, keeping order, and who may keep it."""

from .keeping import (
    ban,
    bans,
    erase_name,
    hide,
    lift_ban,
    pin_line,
    pinned_line,
    show_line,
    unpin_line,
)
from .naming import accept, dismiss, invitation, may, moderating, moderators, name_moderator, rights_of
from .ruling import (
    add_market_word,
    add_word,
    allow,
    market_words,
    remove_market_word,
    remove_word,
    speaking,
    words,
)
from .saying import held, lines, recent, say, say_many, seen

__all__ = [
    "accept",
    "add_market_word",
    "add_word",
    "allow",
    "ban",
    "bans",
    "dismiss",
    "erase_name",
    "held",
    "hide",
    "invitation",
    "lift_ban",
    "lines",
    "market_words",
    "may",
    "moderating",
    "moderators",
    "name_moderator",
    "pin_line",
    "pinned_line",
    "recent",
    "remove_market_word",
    "remove_word",
    "rights_of",
    "say",
    "say_many",
    "seen",
    "show_line",
    "speaking",
    "unpin_line",
    "words",
]
