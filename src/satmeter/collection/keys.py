"""Keys that nobody guesses: personal links, and the key of every page that was made."""

from __future__ import annotations

import hashlib
import re
import secrets

KEY_PATTERN = r"[A-Za-z0-9_-]{22}"
_KEY = re.compile(KEY_PATTERN)
_PAGE_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


def new_key() -> str:
    """Return 128 random bits as 22 characters that need no escape in an address.

    Examples
    --------
    >>> len(new_key()), new_key() == new_key()
    (22, False)
    """
    return secrets.token_urlsafe(16)


def is_key(text: str) -> bool:
    """Tell whether a text has the form of a key."""
    return _KEY.fullmatch(text) is not None


def is_page_key(text: str) -> bool:
    """Tell whether a text may be the key of one post: of a page, or of answers that its script sends."""
    return _PAGE_KEY.fullmatch(text) is not None


def link_of(key: str) -> bytes:
    """Return what the store keeps of a personal key: its SHA-256, so that nobody who reads the store can use it.

    Examples
    --------
    >>> len(link_of("x" * 22))
    32
    """
    return hashlib.sha256(key.encode("ascii")).digest()


def new_response() -> str:
    """Return the id of a new response: random, and nothing that the personal key could be told from.

    Examples
    --------
    >>> len(new_response()), new_response()[0]
    (25, 'r')
    """
    return "r" + secrets.token_hex(12)
