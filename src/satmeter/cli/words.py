"""What the command line says, in the user's language."""

from __future__ import annotations

from satmeter.cli.texts import TEXTS
from satmeter.cli.texts_fieldwork import FIELDWORK_TEXTS
from satmeter.cli.texts_invitations import INVITATION_TEXTS
from satmeter.cli.texts_store import STORE_TEXTS
from satmeter.cli.texts_walk import WALK_TEXTS
from satmeter.errors import message_language

_ALL = (TEXTS, FIELDWORK_TEXTS, INVITATION_TEXTS, STORE_TEXTS, WALK_TEXTS)


def words(key: str, *, language: str | None = None) -> str:
    """Return a text, e.g. ``words("run.summary")``; empty when there is none.

    Examples
    --------
    >>> words("labels.options", language="en")
    'Options'
    """
    section, name = key.split(".", 1)
    texts = next(found[section] for found in _ALL if section in found)
    return texts.get(name, {}).get(language or message_language(), "")
