"""The most frequent words of open answers: jieba for Chinese, plain tokens for English, short stop lists of our own."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache

from satmeter.measurement.themes import comparable, says_nothing
from satmeter.study.masking import HAN, mask, unmarked

LEAST = 3
"""Answers that a word must stand in: a word of one or two may be a name."""

MOST = 50
_LONGEST = 2000  # characters of an answer that are looked at

_ENGLISH = """
a about after all also always am an and any are as at be because been but by can could did do does don't even
for from get got had has have he her his how i i'm i've if in into is it it's its just like me more most mr
mrs ms much my never no not now of on one only or our out really she should so some than that the their them
then there these they this those to too up us very was we were what when which while who why will with would
you your
"""
_CHINESE = """
一个 一些 一直 一次 一下 一点 一样 不会 不是 不能 不要 为什么 也 也是 了 二 于 什么 他们 以后
以及 但是 你们 但 使用 就是 大家 如果 它们 希望 并且 应该 很 很多 我们 所以 所有 或者 时候 时
是 是否 有 有时 有点 有些 没有 没 现在 由于 的 的话 目前 真的 经常 总是 而且 自己 虽然 觉得
认为 起来 还 还是 还有 这个 这样 这些 这种 那个 那么 那些 都 都是 非常 比较 感觉 每次 可以
可能 需要 已经 因为 因此 然后 其他 不过 只是 只有 出现 进行 方面 对于 关于 之前 之后
"""
_STOP = frozenset(_ENGLISH.split()) | frozenset(_CHINESE.split())
_TOKEN = re.compile(r"[^\W\d_](?:[^\W\d_]|['-](?=[^\W\d_]))+")
_RUN = re.compile(f"[{HAN}]+")


def frequent_words(answers: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Return words with the number of answers that they stand in, most frequent first.

    Parameters
    ----------
    answers
        Answers to one question. Personal data are masked first; words that stand in fewer than `LEAST` answers, stop
        words, numbers and single characters are left out, and so are answers that say nothing.

    Returns
    -------
    tuple
        At most `MOST` pairs. A regular plural counts with its singular where both occur.

    Notes
    -----
    Chinese is cut by jieba's dictionary and its model of unknown words, and words inside a longer word count as well;
    without Chinese answers jieba is not loaded.

    Examples
    --------
    >>> frequent_words(["The bill is high", "High bills", "My bill, my bill!", "nothing"])
    (('bill', 3),)
    """
    sets = [set(_words(unmarked(mask(a[:_LONGEST])))) for a in answers if not says_nothing(a)]
    counts = Counter(word for words in sets for word in words)
    plurals = {word: word[:-1] for word in counts if word.endswith("s") and word[:-1] in counts}
    merged = Counter(word for words in sets for word in {plurals.get(word, word) for word in words})
    ordered = sorted(((word, n) for word, n in merged.items() if n >= LEAST), key=lambda pair: (-pair[1], pair[0]))
    return tuple(ordered[:MOST])


def _words(answer: str) -> Iterable[str]:
    text = comparable(answer)
    for run in _RUN.findall(text):
        yield from (word for word in _cutter()(run) if len(word) > 1 and word not in _STOP)
    rest = _RUN.sub(" ", text)
    yield from (word for word in _TOKEN.findall(rest) if word not in _STOP)


@cache
def _cutter() -> Callable[[str], list[str]]:
    """Return what cuts Chinese into words. jieba's own way of loading would leave a file in a common folder and log."""
    with warnings.catch_warnings():
        for category in (SyntaxWarning, DeprecationWarning, UserWarning):  # its regular expressions, pkg_resources
            warnings.simplefilter("ignore", category)
        from jieba import Tokenizer  # of the extra `text`
    tokenizer = Tokenizer()
    with tokenizer.get_dict_file() as dictionary:
        tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(dictionary)
    tokenizer.initialized = True
    cut: Callable[[str], list[str]] = tokenizer.lcut_for_search
    return cut
