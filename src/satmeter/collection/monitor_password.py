"""The monitor's password: a file with its argon2 hash, written once, never a password itself."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from argon2 import PasswordHasher, Type, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError

from satmeter.errors import CollectionError, Problem

LEAST_LENGTH = 10
_MODE = 0o600
_LONGEST = 1024  # of a password that is tried, in bytes; more is refused before it is hashed
MOST_MEMORY = 1 << 20
"""KiB of argon2; a hash that wants more would stop the server."""


def hash_password(password: str, *, time_cost: int = 3, memory_cost: int = 65536) -> str:
    """Return the argon2id hash of a new password.

    Parameters
    ----------
    password
        At least ten characters, not all of them equal; at most 1024 bytes.
    time_cost, memory_cost
        Rounds and KiB of argon2; the defaults are those of RFC 9106 for machines with little memory.

    Returns
    -------
    str
        With its own random salt and parameters.

    Raises
    ------
    CollectionError
        C081 for a password that is too short, too long or of one character.

    Examples
    --------
    >>> hash_password("correct horse", time_cost=1, memory_cost=64).split("$")[1]
    'argon2id'
    """
    fits = len(password) >= LEAST_LENGTH and len(set(password)) > 1 and len(password.encode()) <= _LONGEST
    if not fits:
        raise CollectionError(Problem("C081", params={"least": LEAST_LENGTH, "most": _LONGEST}))
    return PasswordHasher(time_cost=time_cost, memory_cost=memory_cost, parallelism=4).hash(password)


def write_password_file(path: Path, password: str) -> None:
    """Write the hash of a new password, readable by its owner only; a file that is there is replaced whole.

    Raises
    ------
    CollectionError
        C081.
    OSError
        When the folder cannot be written to.
    """
    text = hash_password(password) + "\n"
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mkstemp makes it with mode 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(text)
        os.chmod(name, _MODE)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read_password_file(path: Path) -> str:
    """Return the hash that a password file holds.

    Raises
    ------
    CollectionError
        C080 when there is no such file, when it cannot be read, or when it holds anything but one argon2 hash.
    """
    try:
        text = path.read_text("ascii").strip()
        parameters = extract_parameters(text)
    except (OSError, UnicodeDecodeError, InvalidHashError):
        raise CollectionError(Problem("C080", str(path))) from None
    if parameters.type is not Type.ID or parameters.memory_cost > MOST_MEMORY:
        raise CollectionError(Problem("C080", str(path)))
    return text


def password_fits(password_hash: str, password: str) -> bool:
    """Tell whether a password is the one that was hashed; takes tens of milliseconds on purpose.

    Examples
    --------
    >>> stored = hash_password("correct horse", time_cost=1, memory_cost=64)
    >>> password_fits(stored, "correct horse"), password_fits(stored, "correct hors")
    (True, False)
    """
    if len(password.encode("utf-8", "surrogatepass")) > _LONGEST:
        return False
    try:
        return PasswordHasher().verify(password_hash, password.encode("utf-8", "surrogatepass"))
    except VerificationError:
        return False
