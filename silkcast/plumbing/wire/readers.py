# SPDX-License-Identifier: Apache-2.0
"""Readers: those whom a topic's frames are for. Each has a bound; beyond it a reader is behind, is passed
over, and gets one `snapshot` when it has room again."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

Frame = bytes
"""Octets of an SSE stream, ready to be sent: one or more events, or a comment that keeps proxies awake."""


class Reader:
    """Something that takes frames. `refetch` makes the snapshot event for it when its turn has come again."""

    __slots__ = ("give_up", "is_behind", "is_full", "refetch", "was_full", "write")

    def __init__(self, write: Callable[[Frame], object], give_up: Callable[[], object]) -> None:
        self.write = write
        self.give_up = give_up
        self.refetch: Callable[[], Frame] | None = None
        self.is_full = False
        self.is_behind = False
        self.was_full = False

    def give(self, frame: Frame) -> None:
        if self.is_full:
            self.is_behind = True
        else:
            self.write(frame)

    def start_anew(self) -> None:
        """What it saw is no longer true: a snapshot, at once or as soon as it has room."""
        if self.is_full or self.refetch is None:
            self.is_behind = True
        else:
            self.write(self.refetch())

    def fill(self) -> None:
        """It takes no more for now: what comes meanwhile passes it by."""
        self.is_full = True

    def drain(self) -> None:
        """It has room again."""
        self.is_full = self.was_full = False
        if self.is_behind and self.refetch is not None:
            self.is_behind = False
            self.write(self.refetch())


class Queue(Reader):
    """A reader for code that takes its frames one by one; `most` of them may wait."""

    __slots__ = ("_frames", "_most", "_waiting")

    def __init__(self, most: int) -> None:
        super().__init__(self._put, self._wake)
        self._most = most
        self._frames: deque[Frame] = deque()
        self._waiting: asyncio.Future[None] | None = None

    def __len__(self) -> int:
        return len(self._frames)

    def _put(self, frame: Frame) -> None:
        self._frames.append(frame)
        if len(self._frames) >= self._most:
            self.fill()
        self._wake()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    async def wait(self) -> None:
        """Until there is something to take, or the hub has closed."""
        if not self._frames:
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting

    def take(self) -> Frame:
        """The next frame; one that fell behind loses what waited, since a snapshot says more."""
        if self.is_behind:
            self._frames.clear()
            self.drain()
        frame = self._frames.popleft()
        self.is_full = self.was_full = False
        return frame
