"""Themes found in answers by their words, in Chinese and in English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from satmeter.study.masking import HAN
from satmeter.study.plan import Theme

BoolArray = npt.NDArray[np.bool_]

_NOTHING = frozenset(
    (
        *("无", "没", "没有", "没了", "暂无", "没啥", "没什么", "没意见", "无意见", "没有意见", "暂时没有", "暂无意见"),
        *("无建议", "没有建议", "不知道", "说不清", "不清楚", "无原因", "没有原因", "没有了", "没什么意见", "没有什么"),
        *("n/a", "na", "no", "none", "nothing", "nil", "idk", "no comment", "no comments", "no reason", "not sure"),
        *("don't know", "dont know", "nothing to say", "nothing special", "nothing in particular", "no idea"),
    )
)
_LETTER = rf"[^\W_{HAN}]"
_ENDS = re.compile(r"^[\W_]+|[\W_]+$")


def comparable(text: str) -> str:
    r"""Return an answer as it is compared: full-width and narrow forms, cases and blanks made alike.

    Examples
    --------
    >>> comparable("Ｐrice  is\tHIGH")
    'price is high'
    """
    plain = unicodedata.normalize("NFKC", text).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return " ".join(plain.casefold().split())


def says_nothing(answer: str) -> bool:
    """Tell whether an answer says that there is nothing to say, or holds no letter and no digit.

    Examples
    --------
    >>> says_nothing("无。"), says_nothing("N/A"), says_nothing("……"), says_nothing("没有停电")
    (True, True, True, False)
    """
    bare = _ENDS.sub("", comparable(answer))
    return not bare or bare in _NOTHING


def find_themes(answers: Sequence[str], themes: Sequence[Theme]) -> BoolArray:
    """Return which themes stand in which answers.

    Parameters
    ----------
    answers
        In any language.
    themes
        With words: a word with Chinese characters is found wherever it stands, another one between word boundaries and
        in its regular plural. Phrases of `unless` are taken out of the answer first.

    Returns
    -------
    ndarray
        shape (n, themes), bool; an answer may have several themes.

    Examples
    --------
    >>> price = Theme("price", {}, ("电费", "bill"), ("电费公示",))
    >>> find_themes(["电费太贵", "电费公示清楚", "Bills are high", "billboard"], [price])[:, 0].tolist()
    [True, False, True, False]
    """
    found = np.zeros((len(answers), len(themes)), dtype=np.bool_)
    texts = [comparable(answer) for answer in answers]
    for column, theme in enumerate(themes):
        words = _pattern(theme.words)
        unless = _pattern(theme.unless) if theme.unless else None
        for row, text in enumerate(texts):
            rest = unless.sub(" ", text) if unless else text
            found[row, column] = words.search(rest) is not None
    return found


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    longest_first = sorted((comparable(word) for word in words), key=len, reverse=True)
    return re.compile("|".join(_word(word) for word in longest_first))


def _word(word: str) -> str:
    if re.search(f"[{HAN}]", word):
        return re.escape(word)
    body = r"\s+".join(re.escape(part) for part in word.split(" "))
    if re.search(r"[b-df-hj-np-tv-xz]y$", word):
        body = f"{body[:-1]}(?:y|ies)"
    elif re.search(r"(?:s|x|z|ch|sh|o)$", word):
        body += "(?:es|s)?"
    elif re.search(f"{_LETTER}$", word):
        body += "s?"
    return rf"(?<!{_LETTER}){body}(?!{_LETTER})"
