"""The load: 64 connections that are kept, each posting 30 answers as soon as the post before is answered.

Reads ``{"port", "kind", "seconds", "warm"}`` from its input and writes what it measured; a process of its own.
`kind` is ``survey`` (responses are opened first, every post has a key of its own) or ``peer`` (posts go to ``/``).
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import secrets
import sys
import time
from urllib.parse import urlencode

CONNECTIONS = 64
ITEMS = [f"p{i}" for i in range(1, 31)]
_MOST = 200_000  # requests in all
_LENGTH = re.compile(rb"content-length: *(\d+)", re.I)
_PLACE = re.compile(rb"location: *(\S+)", re.I)
_BODIES = 40
_PATIENCE = 20.0  # seconds for all to begin


class Client(asyncio.Protocol):
    """One connection."""

    def __init__(self, load: Load, number: int) -> None:
        self.load, self.number = load, number
        self.path = b"/" if load.kind == "peer" else b"/begin"
        if load.kind == "peer":
            load.opened()
        self.buffer = b""
        self.begun = 0.0
        self.chance = random.Random(number)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.load.over():
            self.load.lost += 1
            self.load.end()

    def send(self) -> None:
        key = secrets.token_urlsafe(16).encode()
        body = b"k=" + key
        if self.path != b"/begin":
            body += b"&" + self.load.bodies[self.chance.randrange(_BODIES)]
        head = b"POST " + self.path + b" HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        self.begun = time.perf_counter()
        self.transport.write(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, rest = self.buffer.partition(b"\r\n\r\n")
        length = _LENGTH.search(head) if found else None
        if not found or len(rest) < (int(length[1]) if length else 0):
            return
        self.buffer = b""
        self.answered(head)
        if not self.load.over():
            self.send()

    def answered(self, head: bytes) -> None:
        status = head[9:12].decode()
        if self.path == b"/begin":
            place = _PLACE.search(head)
            assert place, head
            self.path = place[1]
            self.load.opened()
            return
        now = time.perf_counter()
        if self.load.from_ <= now <= self.load.until:
            self.load.seconds.append(now - self.begun)
            self.load.statuses[status] = self.load.statuses.get(status, 0) + 1


class Load:
    """All connections."""

    def __init__(self, kind: str, seconds: float, warm: float) -> None:
        self.kind = kind
        self.bodies = [self._body(random.Random(i)) for i in range(_BODIES)]
        self.for_seconds, self.warm = seconds, warm
        self.from_ = self.until = time.perf_counter() + _PATIENCE
        self.begun = 0
        self.seconds: list[float] = []
        self.statuses: dict[str, int] = {}
        self.lost = 0

    def over(self) -> bool:
        return time.perf_counter() > self.until or len(self.seconds) >= _MOST

    def opened(self) -> None:
        """Note that one more connection has its response; with the last of them the time begins."""
        self.begun += 1
        if self.begun == CONNECTIONS:
            self.from_ = time.perf_counter() + self.warm
            self.until = self.from_ + self.for_seconds

    def end(self) -> None:
        self.until = min(self.until, time.perf_counter())

    def _body(self, chance: random.Random) -> bytes:
        fields = [("language", "en"), ("go", "next")]
        fields += [pair for item in ITEMS for pair in ((f"v.{item}", chance.randint(1, 5)), ("q", item))]
        return urlencode(fields).encode()

    async def run(self, port: int) -> dict[str, object]:
        loop = asyncio.get_running_loop()
        made = [
            await loop.create_connection(lambda n=n: Client(self, n), "127.0.0.1", port) for n in range(CONNECTIONS)
        ]
        while not self.over():
            await asyncio.sleep(0.05)
        for transport, _ in made:
            transport.abort()
        times = sorted(self.seconds)
        return {
            "rate": len(times) / (self.until - self.from_),
            "p50": times[len(times) // 2] if times else None,
            "p99": times[int(len(times) * 0.99)] if times else None,
            "statuses": self.statuses,
            "lost": self.lost,
        }


def main() -> None:
    """Measure once."""
    asked = json.load(sys.stdin)
    load = Load(asked["kind"], asked["seconds"], asked["warm"])
    print(json.dumps(asyncio.run(load.run(asked["port"]))))


if __name__ == "__main__":
    main()
