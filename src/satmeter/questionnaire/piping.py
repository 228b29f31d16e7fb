"""Earlier answers inside texts: ``{ly1}`` stands for the answer to `ly1`."""

from __future__ import annotations

import re

from satmeter.questionnaire.model import Text

_PIPE = re.compile(r"\{([A-Za-z][A-Za-z0-9_]*)\}", re.ASCII)


def piped_names(text: Text | str) -> tuple[str, ...]:
    """Return the names that a text pipes in, each once, over all its languages.

    Examples
    --------
    >>> piped_names("Main reason for a {ly1}?")
    ('ly1',)
    """
    texts = (text,) if isinstance(text, str) else tuple(t for _, t in text.by_language)
    return tuple(dict.fromkeys(name for t in texts for name in _PIPE.findall(t)))


def split_pipes(text: str) -> tuple[tuple[bool, str], ...]:
    """Return the pieces of a text as (is it a name, piece), for whoever fills the answers in.

    Examples
    --------
    >>> split_pipes("a {ly1}?")
    ((False, 'a '), (True, 'ly1'), (False, '?'))
    """
    pieces = _PIPE.split(text)
    return tuple((bool(i % 2), piece) for i, piece in enumerate(pieces) if piece)
