# SPDX-License-Identifier: Apache-2.0
"""Jobs: work that waits outside any transaction, and work by the clock.

`tx.enqueue(name, payload)` wants a job run after the commit. Jobs run at least once, so each is written to
be run twice. A failing one is tried again with growing pauses and then parked for the desk; what is kept
of the failure is the class of the error, never its text.
"""

from silkcast.plumbing.jobs.job import Job, Tick

__all__ = ["Job", "Tick"]
