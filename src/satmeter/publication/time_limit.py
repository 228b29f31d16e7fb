"""An end to work on files that others wrote: a limit of time and memory, and a message in any case."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from satmeter.errors import Problem, PublicationError

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

GRACE = 5.0
"""Seconds that work which does not listen is given beyond the limit, before the process is ended."""

SHARE_OF_MEMORY = 0.8
"""Part of the machine's memory that the work may ask for."""

_WATCH = """
import os, signal, sys, threading
said = []
done = threading.Event()
def listen():
    said.append(sys.stdin.buffer.read())
    done.set()
threading.Thread(target=listen, daemon=True).start()
late = not done.wait(float(sys.argv[1]))
if late or said[0] != b"done":
    sys.stderr.buffer.write(sys.argv[3 if late else 4].encode() + b"\\n")
    sys.stderr.flush()
if late:
    os.kill(int(sys.argv[2]), getattr(signal, "SIGKILL", signal.SIGTERM))
os._exit(0)
"""


class _Late(BaseException):
    """No `Exception`, so that nobody who asks what a forged file breaks takes it for an answer."""


@contextmanager
def limited(minutes: float) -> Iterator[None]:
    """Do work within a limit of time, and of memory where the system knows one.

    Parameters
    ----------
    minutes
        The limit.

    Raises
    ------
    PublicationError
        P034 when the time is over. Work that does not listen, such as a loop in a typesetter, is ended `GRACE` seconds
        later with the whole process by another one, which prints the message; it prints P036 when the system ended
        the process for want of memory.
    """
    late = Problem("P034", got=f"{minutes:g}")
    watcher = _watcher(60 * minutes + GRACE, late.text(), Problem("P036").text())
    try:
        with _alarm(60 * minutes), _memory():
            yield
    except _Late:
        raise PublicationError(late) from None
    finally:
        if watcher.stdin is not None and watcher.poll() is None:
            watcher.stdin.write(b"done")
            watcher.stdin.close()
        watcher.wait()


def _watcher(seconds: float, late: str, ended: str) -> subprocess.Popen[bytes]:
    """Start a process that ends this one after some seconds, and says why this one ended if it cannot itself."""
    arguments = [sys.executable, "-I", "-S", "-c", _WATCH, str(seconds), str(os.getpid()), late, ended]
    return subprocess.Popen(arguments, stdin=subprocess.PIPE)  # noqa: S603 (this interpreter, fixed arguments)


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Interrupt the work after some seconds, where the system has alarms and this is the main thread."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise _Late

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _memory() -> Iterator[None]:
    """Let the process ask for no more memory than a part of what the machine has; more is a MemoryError."""
    if resource is None or "SC_PHYS_PAGES" not in os.sysconf_names:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = int(SHARE_OF_MEMORY * os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    known = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min(most, *known) if known else most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
