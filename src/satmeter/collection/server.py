"""The server: a socket of this machine, uvicorn around the application, an end in good order."""

from __future__ import annotations

import errno
import ipaddress
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal
from urllib.parse import urlsplit

from starlette.types import ASGIApp
from uvicorn import Config, Server

from satmeter.collection.connections import HEAD_BYTES, bounded_protocol, make_room
from satmeter.errors import CollectionError, Problem

KEEP_ALIVE_SECONDS = 15
DRAIN_SECONDS = 20
_BACKLOG = 512
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def listen(host: str, port: int) -> socket.socket:
    """Take an address of this machine.

    Parameters
    ----------
    host
        A name or an address of this machine.
    port
        From 1 to 65535; 0 takes any free one.

    Returns
    -------
    socket.socket
        Listening, so that respondents who come before the server is ready wait.

    Raises
    ------
    CollectionError
        C002 the port is in use, C003 the host is not of this machine, C004 the port may not be taken.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError):
        raise CollectionError(Problem("C003", got=host)) from None
    found = socket.socket(family, kind, protocol)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen(_BACKLOG)
    except OSError as error:
        found.close()
        raise CollectionError(_not_taken(error, host, port)) from None
    return found


def address_of(taken: socket.socket) -> str:
    """Return the address of a listening socket as a browser writes it."""
    host, port = taken.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def server_of(application: ASGIApp, *, http: Literal["auto", "h11", "httptools"] = "auto") -> Server:
    """Return uvicorn's server of an application, with bounds, without a log of requests.

    Parameters
    ----------
    application
        What answers.
    http
        uvicorn's protocol of HTTP; ``auto``: httptools where it is installed.
    """
    config = Config(
        application,
        http=http,
        access_log=False,  # it would keep personal links
        log_config=None,
        server_header=False,
        proxy_headers=False,
        ws="none",
        lifespan="off",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=DRAIN_SECONDS,
        h11_max_incomplete_event_size=HEAD_BYTES,
    )
    config.http_protocol_class = bounded_protocol(config)
    return Server(config)


def serve(application: ASGIApp, taken: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT; requests that have begun are answered before this returns.

    Parameters
    ----------
    application
        What answers.
    taken
        From `listen`; closed at the end.
    """
    make_room()
    with _signals_end_the_server():
        server_of(application).run(sockets=[taken])


def check_base_url(text: str) -> str:
    """Return the address under which respondents come, without a slash at its end.

    Raises
    ------
    CollectionError
        C009 for anything but ``http://`` or ``https://`` and a host.

    Examples
    --------
    >>> check_base_url("https://survey.example.org/")
    'https://survey.example.org'
    """
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise CollectionError(Problem("C009", got=text)) from None
    plain = not (parts.query or parts.fragment or parts.username or parts.password) and parts.path in ("", "/")
    plain = plain and text.isascii() and text.isprintable() and " " not in text
    if parts.scheme not in ("http", "https") or not parts.hostname or not plain or port == 0:
        raise CollectionError(Problem("C009", got=text))
    return text.rstrip("/")


def exposure(host: str, base_url: str) -> tuple[Problem, ...]:
    """Return the warning C010 where answers travel readable for others: another host than this, and no https."""
    if base_url.startswith("https:") or _is_loopback(host):
        return ()
    return (Problem("C010", got=host, severity="warning"),)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _not_taken(error: OSError, host: str, port: int) -> Problem:
    if error.errno == errno.EADDRINUSE:
        return Problem("C002", got=str(port), params={"other": port + 1 if port < 65535 else 8000})
    if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
        return Problem("C003", got=host)
    return Problem("C004", got=str(port), params={"reason": error.strerror or type(error).__name__})


@contextmanager
def _signals_end_the_server() -> Iterator[None]:
    """Let signals end the server only: uvicorn raises them again when it is done, which would end the process."""
    before: dict[signal.Signals, Callable[..., object] | int | None] = {
        number: signal.signal(number, lambda *_: None) for number in _SIGNALS
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
