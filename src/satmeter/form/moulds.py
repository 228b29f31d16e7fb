"""Templates filled in once and for all, with marks where each page puts what is its own: a page costs a tenth so."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Hashable, Mapping

from markupsafe import Markup, escape

Part = Callable[[str], Markup]
"""Gives what stands at a place of a template, by its name: the thing itself, or a mark for it."""


class Moulds:
    """Remembers templates that were filled in.

    Parameters
    ----------
    most
        How many are kept; then it begins anew.

    Examples
    --------
    >>> moulds = Moulds()
    >>> for name in ("Ann", "<b>"):
    ...     print(moulds.filled("greeting", lambda part: f"Hello {part('name')}!", {"name": name}))
    Hello Ann!
    Hello &lt;b&gt;!
    """

    def __init__(self, most: int = 5000) -> None:
        self._most = most
        self._kept: dict[Hashable, list[str]] = {}
        self._secret = secrets.token_hex(16)  # stands in no questionnaire
        self._mark = re.compile(f"{self._secret}-(.*?)-{self._secret}")

    def filled(self, key: Hashable, make: Callable[[Part], str], parts: Mapping[str, str]) -> Markup:
        """Return a template filled in.

        Parameters
        ----------
        key
            Says all that `make` looks at besides the parts.
        make
            Fills the template in, asking for each part by name.
        parts
            Name to text; escaped unless it is markup.
        """
        pieces = self._kept.get(key)
        if pieces is None:
            pieces = self._mark.split(make(self._marked))
            if len(self._kept) >= self._most:
                self._kept.clear()
            self._kept[key] = pieces
        if len(pieces) == 1:
            return Markup(pieces[0])  # noqa: S704
        whole = pieces.copy()
        whole[1::2] = [escape(parts[name]) for name in pieces[1::2]]
        return Markup("".join(whole))  # noqa: S704

    def _marked(self, name: str) -> Markup:
        return Markup(f"{self._secret}-{name}-{self._secret}")  # noqa: S704


def at_once(make: Callable[[Part], str], parts: Mapping[str, str]) -> Markup:
    """Return a template filled in without remembering it."""
    return Markup(make(lambda name: escape(parts[name])))  # noqa: S704
