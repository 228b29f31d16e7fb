"""Who calls, keys and decides: a file of names, roles and hashes of passwords, never a password itself."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from argon2 import Type, extract_parameters
from argon2.exceptions import InvalidHashError

from satmeter.collection.monitor_password import MOST_MEMORY, hash_password
from satmeter.errors import CollectionError, Problem
from satmeter.questionnaire.spec import listed

Role = Literal["interviewer", "entry", "lead"]
ROLES: tuple[Role, ...] = ("interviewer", "entry", "lead")
_ID = re.compile(r"[a-zA-Z0-9](?:[a-zA-Z0-9_-]{0,30}[a-zA-Z0-9])?")
_MODE = 0o600


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who works for the survey.

    Attributes
    ----------
    id
        As it stands in the data.
    roles
        ``interviewer`` calls sampled units, ``entry`` keys sheets of paper, ``lead`` does both, goes on with the
        interviews of others and decides where two keyings differ.
    password_hash
        Argon2id.
    """

    id: str
    roles: tuple[Role, ...]
    password_hash: str


def has_role(agents: Iterable[Agent], role: Role) -> bool:
    """Tell whether anybody has a role of that name."""
    return any(role in agent.roles for agent in agents)


def read_agents(path: Path) -> tuple[Agent, ...]:
    """Read a file of agents: a line each, ``id:role,role:hash``; blank lines and lines with # are passed over.

    Raises
    ------
    CollectionError
        All that apply together: C100 the file cannot be read or a line is not of this form, C101 an id stands twice.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise CollectionError(_odd(path, 1)) from None
    found: dict[str, Agent] = {}
    problems = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        agent = _agent(line.strip())
        if agent is None:
            problems.append(_odd(path, number))
        elif agent.id in found:
            problems.append(Problem("C101", str(path), number, got=agent.id))
        else:
            found[agent.id] = agent
    if problems or not found:
        raise CollectionError(problems or _odd(path, 1))
    return tuple(found.values())


def write_agent(path: Path, agent: str, roles: Sequence[str], password: str) -> None:
    """Write an agent into a file, in place of one of the same id; the file is readable by its owner only.

    Raises
    ------
    CollectionError
        C100 the file that is there is no file of agents, C102 an id or a role that cannot be; C081 the password.
    OSError
        When the folder cannot be written to.
    """
    check_agent(agent, roles)
    added = Agent(agent, cast(tuple[Role, ...], tuple(dict.fromkeys(roles))), hash_password(password))
    others = [known for known in read_agents(path) if known.id != agent] if path.exists() else []
    _write(path, (*others, added))


def check_agent(agent: str, roles: Sequence[str]) -> None:
    """Refuse an id or roles that cannot be.

    Raises
    ------
    CollectionError
        C102.
    """
    if not _ID.fullmatch(agent) or not roles or any(role not in ROLES for role in roles):
        params = {"choices": listed(ROLES)}
        raise CollectionError(Problem("C102", got=f"{agent}: {', '.join(roles)}", params=params))


def _agent(line: str) -> Agent | None:
    name, _, rest = line.partition(":")
    names, _, password_hash = rest.partition(":")
    roles = tuple(role.strip() for role in names.split(","))
    try:
        parameters = extract_parameters(password_hash)
    except (InvalidHashError, ValueError):
        return None
    fits = parameters.type is Type.ID and parameters.memory_cost <= MOST_MEMORY
    if not (fits and _ID.fullmatch(name) and all(role in ROLES for role in roles)):
        return None
    return Agent(name, cast(tuple[Role, ...], roles), password_hash)


def _write(path: Path, agents: Iterable[Agent]) -> None:
    text = "".join(f"{agent.id}:{','.join(agent.roles)}:{agent.password_hash}\n" for agent in agents)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        os.chmod(name, _MODE)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _odd(path: Path, line: int) -> Problem:
    return Problem("C100", str(path), line, params={"choices": listed(ROLES)})
