# SPDX-License-Identifier: Apache-2.0
"""Swift: the few hottest addresses, answered by the connection itself: no ASGI, no task, no future.

`SwiftProtocol` is uvicorn's own HTTP protocol with a small table of routes before it. Whatever is not in the
table, or comes while another request of the connection is not answered yet, goes uvicorn's way to the
application, where each hot address has its plain ASGI twin.
"""

from silkcast.faces.swift.connection import Begun, Connection, Stream, begun
from silkcast.faces.swift.protocol import Route, Routes, swift_protocol

__all__ = ["Begun", "Connection", "Route", "Routes", "Stream", "begun", "swift_protocol"]
