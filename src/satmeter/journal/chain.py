r"""The chain of events: a link is the hash of the link before and of the event, whose payload stands in it as a digest.

``digest = sha256(salt ‖ payload)`` and ``link = sha256(previous ‖ seq ‖ at ‖ kind ‖ response ‖ definition ‖ key ‖
digest)``; the texts are parted by the character 0, which none of them may hold, and the first `previous` is 32 bytes 0.
A payload can be erased together with its salt: its digest stays, tells nothing, and the chain still fits.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from satmeter.journal.model import Chain
from satmeter.journal.reading import rows

if TYPE_CHECKING:
    from satmeter.journal.store import Store

GENESIS = bytes(32)
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical(payload: Mapping[str, Any]) -> str:
    r"""Return a payload as JSON: keys sorted, no spaces, ASCII.

    Raises
    ------
    TypeError, ValueError
        When JSON cannot hold it.

    Examples
    --------
    >>> canonical({"page": 1, "values": {"q2": "很好", "q1": None}})
    '{"page":1,"values":{"q1":null,"q2":"\\u5f88\\u597d"}}'
    """
    return _ENCODER.encode(payload)


def payload_digest(salt: bytes, payload: str) -> bytes:
    """Return the digest that stands in the chain for a payload.

    Examples
    --------
    >>> payload_digest(b"1", "{}") == payload_digest(b"2", "{}")
    False
    """
    return hashlib.sha256(salt + payload.encode("ascii")).digest()


def chain_link(
    previous: bytes, seq: int, at: str, kind: str, response: str, definition: str, key: str, digest: bytes
) -> bytes:
    """Return the link at one event."""
    told = "\0".join((str(seq), at, kind, response, definition, key)).encode()
    return hashlib.sha256(previous + told + b"\0" + digest).digest()


def verify_chain(store: Store) -> Chain:
    """Read a whole journal and say whether every event is as it was written.

    Parameters
    ----------
    store
        An open store; that another program writes to it meanwhile does no harm.

    Returns
    -------
    Chain
        An event is broken when its number does not follow, when its link does not fit, when its payload does not fit
        its digest, or when its payload is gone though its response was never erased. That the last events were cut off
        can only be told by comparing `head` with one that was written down.

    Raises
    ------
    JournalError
        When the database cannot be read.
    """
    previous, count, broken = GENESIS, 0, None
    gone: dict[str, int] = {}
    for row in rows(store):
        count += 1
        link = chain_link(previous, count, row.at, row.kind, row.response, row.definition, row.key or "", row.digest)
        sound = row.seq == count and row.link == link
        if sound and row.payload is None and row.salt is None:
            gone.setdefault(row.response, count)
        elif sound:
            sound = row.salt is not None and row.payload is not None and _fits(row.salt, row.payload, row.digest)
        if row.kind == "erased":
            gone.pop(row.response, None)
        if not sound and broken is None:
            broken = count
        previous = row.link
    places = [*gone.values(), *([] if broken is None else [broken])]
    return Chain(count, not places, min(places, default=None), previous.hex())


def _fits(salt: bytes, payload: str, digest: bytes) -> bool:
    return payload.isascii() and payload_digest(salt, payload) == digest
