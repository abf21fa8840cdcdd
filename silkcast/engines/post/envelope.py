# SPDX-License-Identifier: Apache-2.0
"""Envelope: a letter as an e-mail message."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from silkcast.watch.notices.values import Letter


def message(letter: Letter, *, sender: str, at: datetime, key: str) -> EmailMessage:
    """Plain text in the letter's language; `key` becomes the Message-ID, so a second copy is known as one."""
    made = EmailMessage(policy=SMTP)
    made["From"] = sender
    made["To"] = letter.to
    made["Subject"] = letter.subject
    made["Date"] = format_datetime(at)
    made["Message-ID"] = f"<{key}@silkcast>"
    made["Content-Language"] = letter.language
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(letter.body, cte="base64")
    return made
