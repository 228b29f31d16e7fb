"""Connections that are bounded before a request has come: their number, and the time and bytes of a request's head.

uvicorn bounds none of these for a client that connects and then says little or nothing, asks much at once, or does not
take what it asked for.
"""

from __future__ import annotations

import asyncio
from types import ModuleType
from typing import Any

from uvicorn.config import Config

from satmeter.collection.security_headers import HEADERS, NOT_KEPT

resource: ModuleType | None
try:
    import resource
except ImportError:  # no such limit on Windows
    resource = None

HEAD_SECONDS = 10.0
HEAD_BYTES = 64 * 1024
MOST_CONNECTIONS = 1000
MOST_AHEAD = 16
"""Requests that may come on a connection before the ones before them are answered; browsers send none."""
READ_SECONDS = 60.0
"""Time in which a client takes some of an answer that waits for it, or is cut off."""
_FILES = MOST_CONNECTIONS + 500
_HEAD = b"".join(name + b": " + value + b"\r\n" for name, value in (*HEADERS, NOT_KEPT))


class Bounds(asyncio.Protocol):
    """What is laid over one of uvicorn's protocols of HTTP; the names are theirs."""

    loop: asyncio.AbstractEventLoop
    connections: set[Any]
    cycle: Any
    transport: asyncio.Transport
    pipeline: Any = ()
    _timer: asyncio.TimerHandle | None = None
    _reading: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _unread = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a request, or refuse one connection too many."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            _refuse(self.transport, b"503 Service Unavailable", b"busy, please come again")
            return
        self._timer = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._disarm()
        self._no_longer_watch()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; as long as they are no whole head of a request, time and bytes are counted."""
        super().data_received(data)
        if len(self.pipeline) > MOST_AHEAD:
            self.transport.abort()
            return
        if self.cycle is not None and not self.cycle.response_complete:
            self._disarm()
            return
        self._head_bytes += len(data)
        if self._head_bytes > HEAD_BYTES:
            self._too_slow()
        elif self._timer is None and not self.transport.is_closing():
            self._timer = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def pause_writing(self) -> None:
        """Begin to watch whether the client takes what waits for it."""
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        """Stop watching: the client has taken it."""
        self._no_longer_watch()
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        """End a connection on which nothing came any more; what the client has not taken of the last answer waits."""
        super().timeout_keep_alive_handler()  # type: ignore[misc]
        self._watch()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, with the headers of every other answer."""
        _refuse(self.transport, b"400 Bad Request", b"not understood")

    def _disarm(self) -> None:
        self._head_bytes = 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_slow(self) -> None:
        self._timer = None
        if not self.transport.is_closing():
            _refuse(self.transport, b"408 Request Timeout", b"the request did not come in time")
            self._watch()

    def _watch(self) -> None:
        self._unread = self.transport.get_write_buffer_size()
        if self._reading is None and self._unread:
            self._reading = self.loop.call_later(READ_SECONDS, self._look)

    def _look(self) -> None:
        self._reading = None
        if self.transport.get_write_buffer_size() >= self._unread:
            self.transport.abort()
        else:
            self._watch()

    def _no_longer_watch(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None


def make_room() -> None:
    """Let this process have files open for all connections and for its store, as far as the system allows it."""
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= soft < _FILES:
        most = _FILES if hard < 0 else min(_FILES, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


def bounded_protocol(config: Config) -> type[asyncio.Protocol]:
    """Return uvicorn's protocol of HTTP (httptools where it is installed, else h11) with bounds.

    Parameters
    ----------
    config
        Loaded here; says which protocol it is.
    """
    config.load()
    return type("BoundedProtocol", (Bounds, config.http_protocol_class), {})


def _refuse(transport: asyncio.Transport, status: bytes, text: bytes) -> None:
    length = str(len(text)).encode()
    head = b"HTTP/1.1 " + status + b"\r\n" + _HEAD + b"content-type: text/plain; charset=utf-8\r\n"
    transport.write(head + b"content-length: " + length + b"\r\nconnection: close\r\n\r\n" + text)
    transport.close()
