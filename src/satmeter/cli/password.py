"""``satmeter password``: the monitor's password goes into a file, as a hash."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from satmeter.cli.command import Spelled, verb
from satmeter.cli.web_library import web_library
from satmeter.cli.words import words
from satmeter.errors import CollectionError, Problem
from satmeter.writing import check_writable


def _password(output: str, agent: str | None, role: tuple[str, ...]) -> None:
    with web_library():
        from satmeter.collection.agents_file import check_agent, write_agent
        from satmeter.collection.monitor_password import write_password_file

    path = Path(output)
    check_writable(path.parent)
    if agent is None and not role:
        write_password_file(path, _given())
        click.echo(words("password.written").format(file=path), err=True)
        return
    check_agent(agent or "", role)
    write_agent(path, agent or "", role, _given())
    click.echo(words("password.agent_written").format(file=path, agent=agent), err=True)


def _given() -> str:
    return _asked() if sys.stdin.isatty() else _read()


def _asked() -> str:
    """Ask twice, without showing what is typed."""
    first, second = (click.prompt(words(f"password.{key}"), hide_input=True, err=True) for key in ("ask", "again"))
    if first != second:
        raise CollectionError(Problem("C082"))
    return str(first)


def _read() -> str:
    """Read one line of standard input."""
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise CollectionError(Problem("C083"))
    return line


command = verb(
    "password",
    Spelled(["-o", "--output"], required=True, help=words("password.output")),
    Spelled(["--agent"], help=words("password.agent")),
    Spelled(["--role"], multiple=True, help=words("password.role")),
)
command.callback = _password
