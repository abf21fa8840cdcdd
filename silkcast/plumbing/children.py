# SPDX-License-Identifier: Apache-2.0
"""Children: programs we start that must not outlive us, even when we are killed without warning."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def dies_with_us(how: signal.Signals = signal.SIGTERM) -> Callable[[], None] | None:
    """For `preexec_fn`: on Linux the kernel sends the child this signal when the thread that made it ends.

    None where it cannot be had: on another system, or in a thread that may end before the program does.
    """
    if sys.platform != "linux" or threading.current_thread() is not threading.main_thread():
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0)
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return ask
