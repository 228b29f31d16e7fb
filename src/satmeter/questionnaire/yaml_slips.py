"""The usual slips of who types YAML with a Chinese input method, found in the text of a line."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'")
_BRACES = re.compile(r":\s+[^\s{\[\"'][^{},\"]*\{\s*[A-Za-z]\w*\s*\}|:\s+\{\s*[A-Za-z]\w*\s*\}\s*[^\s,}#]", re.ASCII)
_WIDE_COLON = re.compile(r"(?:^|[{,，])[\s-]*[A-Za-z][\w-]*\s*：", re.ASCII)
_WIDE_COMMA = re.compile(r"[，、]\s*[A-Za-z][\w-]*\s*[:：]|\[\s*[\w-]+(?:\s*[，、]\s*[\w-]+)+\s*\]", re.ASCII)
_KEY = re.compile(r"[A-Za-z][\w-]*\s*：", re.ASCII)
_NEXT_KEY = re.compile(r"[，、]\s*[A-Za-z][\w-]*$", re.ASCII)
_WORDS = re.compile(r"[\w-]+(?:\s*[，、]\s*[\w-]+)+", re.ASCII)


def usual_slip(line: str) -> str:
    """Return the code of the slip that a line shows which YAML refused, '' for none.

    Parameters
    ----------
    line
        One line of the file.

    Returns
    -------
    str
        Q084 a text with braces but no quotes, Q085 a full-width colon or comma between keys and values.

    Examples
    --------
    >>> usual_slip("text: {zh-CN: 打 {nps} 分的原因}"), usual_slip("title: {zh-CN: 短，en: Short}"), usual_slip("a: [1")
    ('Q084', 'Q085', '')
    """
    bare = _QUOTED.sub("''", line[:2000])
    if _WIDE_COLON.search(bare) or _WIDE_COMMA.search(bare):
        return "Q085"
    return "Q084" if _BRACES.search(bare) else ""


def swallowed_key(key: str, *, alone: bool) -> bool:
    """Tell whether a key was surely meant as several parts; `alone` says that it has no value.

    Examples
    --------
    >>> swallowed_key("zh-CN： 门店", alone=True), swallowed_key("zh-CN： 门店， en", alone=False)
    (True, True)
    >>> swallowed_key("Q1：您的城市", alone=False)
    False
    """
    return bool(_KEY.match(key)) and (alone or bool(_NEXT_KEY.search(key)))


def swallowed_list(text: str) -> bool:
    """Tell whether an unquoted entry of a list was surely meant as several entries.

    Examples
    --------
    >>> swallowed_list("region，age"), swallowed_list("满意，但是贵")
    (True, False)
    """
    return bool(_WORDS.fullmatch(text))
