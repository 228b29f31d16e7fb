"""Answers that may identify a person, sealed before they are written: the key never lies in the store."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from satmeter.errors import JournalError, Problem
from satmeter.questionnaire.model import Questionnaire

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MARK = "sealed"
_HEAD = "satmeter-key-1"
_KEY_BYTES, _NONCE_BYTES, _BLOCK = 32, 12, 64
_OTHERS = stat.S_IRGRP | stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH


@dataclass(frozen=True, slots=True)
class SealingKey:
    """A key and where it lies.

    Attributes
    ----------
    secret
        32 bytes; not shown by `repr`.
    file
        Name of the file, for messages.
    warnings
        K054 where others on this computer can read the file.
    """

    secret: bytes = field(repr=False)
    file: str = ""
    warnings: tuple[Problem, ...] = ()

    @property
    def id(self) -> str:
        """Eight digits that tell keys apart and say nothing about them; they stand in every sealed value."""
        return hashlib.sha256(b"satmeter key id" + self.secret).hexdigest()[:8]


def make_key(path: str | Path) -> SealingKey:
    """Make a new key and write it to a file that only its owner can read (mode 0600).

    Parameters
    ----------
    path
        Where the file shall stand; its folder must be there. A file that exists is never replaced.

    Raises
    ------
    JournalError
        K053 when the file exists or cannot be written; K056 when the library is not installed.
    """
    _library()
    secret = secrets.token_bytes(_KEY_BYTES)
    line = f"{_HEAD} {base64.urlsafe_b64encode(secret).decode('ascii')}\n"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        params = {"reason": error.strerror or type(error).__name__}
        raise JournalError(Problem("K053", str(path), params=params)) from error
    return SealingKey(secret, str(path))


def read_key(path: str | Path) -> SealingKey:
    """Read a key that `make_key` wrote.

    Returns
    -------
    SealingKey
        With a warning (K054) where others than the owner may read or write the file.

    Raises
    ------
    JournalError
        K050 no such file or it cannot be read, K051 it holds no key, K056 the library is not installed.
    """
    _library()
    try:
        data = Path(path).read_bytes()
        mode = os.stat(path).st_mode
    except OSError as error:
        params = {"reason": error.strerror or type(error).__name__}
        raise JournalError(Problem("K050", str(path), params=params)) from error
    head, _, rest = data.decode("ascii", "replace").strip().partition(" ")
    try:
        secret = base64.urlsafe_b64decode(rest.encode("ascii", "replace"))
    except (binascii.Error, ValueError):
        secret = b""
    if head != _HEAD or len(secret) != _KEY_BYTES:
        raise JournalError(Problem("K051", str(path)))
    open_to_others = os.name == "posix" and mode & _OTHERS
    warning = Problem("K054", str(path), got=f"{stat.S_IMODE(mode):04o}", severity="warning")
    return SealingKey(secret, str(path), (warning,) if open_to_others else ())


def seal(value: Any, key: SealingKey, *, response: str, variable: str) -> dict[str, str]:
    """Seal one value (AES-256-GCM), bound to the place where it stands.

    Parameters
    ----------
    value
        A cell as it stands in an event: number, text or list of codes.
    key
        From `make_key` or `read_key`.
    response, variable
        Where the value belongs; copied to another respondent or question, it cannot be opened.

    Returns
    -------
    dict
        ``{"sealed": text}``, plain JSON. Values are padded, so that short answers cannot be told apart by length.

    Examples
    --------
    >>> key = SealingKey(bytes(32))
    >>> cell = seal("13800000000", key, response="a", variable="phone")
    >>> is_sealed(cell), unseal(cell, key, response="a", variable="phone")
    (True, '13800000000')
    """
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    plain += b" " * (-len(plain) % _BLOCK)
    nonce = secrets.token_bytes(_NONCE_BYTES)
    hidden = nonce + _library()(key.secret).encrypt(nonce, plain, _place(response, variable))
    return {MARK: f"{key.id}.{base64.urlsafe_b64encode(hidden).decode('ascii')}"}


def unseal(cell: Mapping[str, str], key: SealingKey, *, response: str, variable: str) -> Any:
    """Open one sealed value.

    Raises
    ------
    JournalError
        K052 for another key, K055 for a value that was changed or belongs elsewhere.
    """
    from cryptography.exceptions import InvalidTag

    name, _, text = cell[MARK].partition(".")
    if name != key.id:
        raise JournalError(Problem("K052", key.file, params={"key": key.id, "needed": name}))
    try:
        hidden = base64.urlsafe_b64decode(text)
        nonce, rest = hidden[:_NONCE_BYTES], hidden[_NONCE_BYTES:]
        plain = _library()(key.secret).decrypt(nonce, rest, _place(response, variable))
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise JournalError(Problem("K055", about=("question", variable), params={"response": response})) from error
    return json.loads(plain)


def is_sealed(cell: object) -> bool:
    """Tell whether a cell of an event is a sealed value; no answer of a respondent has this shape."""
    return isinstance(cell, dict) and isinstance(cell.get(MARK), str)


def pii_variables(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the questions whose answers are sealed: those with ``pii: possible`` or ``pii: yes``."""
    return tuple(question.id for question in questionnaire.questions.values() if question.pii)


def seal_values(
    questionnaire: Questionnaire, values: Mapping[str, Any], key: SealingKey, *, response: str
) -> dict[str, Any]:
    """Return the values of an event with those of `pii_variables` sealed; emptied ones (None) stay as they are."""
    hidden = frozenset(pii_variables(questionnaire))
    return {
        name: seal(value, key, response=response, variable=name) if name in hidden and value is not None else value
        for name, value in values.items()
    }


def _place(response: str, variable: str) -> bytes:
    return f"{response}\n{variable}".encode()


def _library() -> type[AESGCM]:
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    except ImportError as error:
        raise JournalError(Problem("K056")) from error
    return AESGCM
