"""A private PostgreSQL for the tests of fieldwork: a cluster in a temporary folder, on a loopback port."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

_MISSING = "PostgreSQL is not installed (`sh tools/install-postgresql`); its tests are left out"
_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 60
shared_buffers = 32MB
max_wal_size = 128MB
autovacuum = off
restart_after_crash = on
log_destination = 'stderr'
"""


class PostgreSQL:
    """One cluster: databases are made in it, it can be killed and started again."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs = programs
        self.folder = folder
        self.port = _free_port()
        self._number = 0
        self._process: subprocess.Popen[bytes] | None = None
        # as root the server does not start: Debian's own user runs it
        self._user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        if self._user is not None:
            os.chown(folder, self._user.pw_uid, self._user.pw_gid)
        self._run("initdb", "-D", str(folder / "data"), "-U", "survey", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        with (folder / "data" / "postgresql.conf").open("a") as file:
            file.write(f"{_SETTINGS}port = {self.port}\n")
        self.start()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self.programs / "postgres", "-D", str(self.folder / "data")],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                user=None if self._user is None else self._user.pw_uid,
                group=None if self._user is None else self._user.pw_gid,
                extra_groups=None if self._user is None else [],
            )
        until = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self.address("postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError((self.folder / "log").read_text()[-2000:]) from None
                time.sleep(0.05)

    def kill(self) -> None:
        """End the server and all of its processes as a loss of power would."""
        assert self._process is not None
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self._process.pid)], capture_output=True, text=True, check=False
        ).stdout.split()
        self._process.kill()
        for child in children:
            try:
                os.kill(int(child), signal.SIGKILL)
            except ProcessLookupError:
                continue
        self._process.wait()
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)

    def stop(self) -> None:
        """End the server in order."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()

    def address(self, database: str) -> str:
        """Return the URL of a database."""
        return f"postgresql://survey@127.0.0.1:{self.port}/{database}"

    def new_database(self, options: str = "") -> str:
        """Make an empty database and return its URL."""
        self._number += 1
        name = f"survey{self._number}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} {options}")  # type: ignore[arg-type]
        return self.address(name)

    def new_schema(self) -> str:
        """Make an empty schema, which is quicker than a database, and return the URL of a store in it."""
        self._number += 1
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA survey{self._number}")  # type: ignore[arg-type]
        return f"{self.address('postgres')}?options=-csearch_path%3Dsurvey{self._number}"

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self.programs / program, *arguments],
            check=True,
            capture_output=True,
            cwd=self.folder,
            user=None if self._user is None else self._user.pw_uid,
            group=None if self._user is None else self._user.pw_gid,
            extra_groups=None if self._user is None else [],
        )


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """Return a cluster of this process; the tests are left out, loudly, where there is no PostgreSQL."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
    if not found:
        if "CI" in os.environ:
            pytest.fail(_MISSING)
        pytest.skip(_MISSING)
    folder = Path(tempfile.mkdtemp(prefix="satmeter-postgresql-"))
    cluster = PostgreSQL(Path(found[-1]), folder)
    try:
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.fieldwork)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a store that does not exist yet, on either database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/answers.db"
    cluster: PostgreSQL = request.getfixturevalue("postgresql")
    return cluster.new_schema()


class FormServer:
    """`satmeter serve` in a process of its own: started, killed, started again at the same address."""

    def __init__(self, questionnaire: str, store: str, folder: Path, more: tuple[str, ...]) -> None:
        self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        words = ("serve", questionnaire, "--store", store, "--port", str(self.port), *more)
        self._command = [sys.executable, "-m", "satmeter", *words]
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start, and return the seconds until it answers."""
        begun = time.monotonic()
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=self._folder, env=os.environ | {"SATMETER_LANG": "en"}, stdout=log, stderr=log
            )
        while True:
            try:
                with urllib.request.urlopen(f"{self.address}/health", timeout=5) as answer:
                    assert answer.status == 200
                return time.monotonic() - begun
            except OSError:
                if self._process.poll() is not None or time.monotonic() > begun + 60:
                    raise RuntimeError(self.log()[-2000:]) from None
                time.sleep(0.01)

    def kill(self) -> None:
        """End it as a loss of power would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End it in good order."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()

    def log(self) -> str:
        """Return what it has said so far."""
        return (self._folder / "server.log").read_text("utf-8")


@pytest.fixture
def form_server(tmp_path: Path) -> Iterator[Callable[..., FormServer]]:
    """Make a server of a questionnaire and a store; it is ended after the test."""
    made: list[FormServer] = []

    def make(questionnaire: str, store: str, *more: str) -> FormServer:
        made.append(FormServer(questionnaire, store, tmp_path, more))
        return made[-1]

    yield make
    for server in made:
        server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
