# SPDX-License-Identifier: Apache-2.0
"""What can keep our PostgreSQL from running, in words for the operator who reads the log."""

from __future__ import annotations

from silkcast.plumbing.faults import Fault


class PostgresFailed(Fault):
    """PostgreSQL could not be started, and why."""


class NoBinaries(PostgresFailed):
    """No PostgreSQL programs were found."""


class AlreadyRunning(PostgresFailed):
    """Another process of ours holds this data folder."""


class WrongVersion(PostgresFailed):
    """The data was written by another major version of PostgreSQL."""
