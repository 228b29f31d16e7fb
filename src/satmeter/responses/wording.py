"""Texts made comparable: width, case, spaces, numbering."""

from __future__ import annotations

import re
import unicodedata

_NUMBERING = re.compile(
    r"^\s*(?:第\s*\d+\s*题|Q?\s*\d+(?:[._-]\d+)*)\s*[、.．:：)）,，]\s*|^\s*第\s*\d+\s*题\s*", re.IGNORECASE
)
_MARKS = re.compile(
    r"[\[(【](?:单选题|多选题|矩阵.{0,6}题|量表题|填空题|评分题|必填|单选|多选|required)[\])】]", re.IGNORECASE
)
_DASH = re.compile(r"\s*(?:—+|--+|–)\s*")


def comparable(text: str) -> str:
    """Return a text in the form in which two spellings of the same thing are equal.

    Full-width characters become half-width, case is folded, spaces collapse, a closing mark is dropped.

    Examples
    --------
    >>> comparable("  Ｖery  Satisfied。") == comparable("very satisfied")
    True
    """
    folded = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return folded.rstrip(" .。:?!*").strip() or folded


def header_forms(header: str) -> tuple[str, ...]:
    """Return the comparable forms under which a header may be found, the most exact first.

    The number before the question (``3、``, ``Q3.``) and the platform's type marks are taken off; of a grid's header
    ``stem—item`` the parts after each dash follow.

    Examples
    --------
    >>> header_forms("3、您对服务的评价—电压稳定")
    ('3、您对服务的评价—电压稳定', '您对服务的评价—电压稳定', '电压稳定')
    """
    forms = [comparable(header)]
    bare = _NUMBERING.sub("", _MARKS.sub("", header), count=1)
    forms.append(comparable(bare))
    for dash in _DASH.finditer(bare):
        rest = bare[dash.end() :]
        forms.append(comparable(rest))
        forms.append(comparable(_NUMBERING.sub("", rest, count=1)))
    return tuple(dict.fromkeys(form for form in forms if form))
