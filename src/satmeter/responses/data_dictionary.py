"""What the columns of a data set mean, in one language: labels, codes, missing codes, level of measurement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from satmeter.questionnaire.model import Questionnaire, Text

Kind = Literal["rating", "options", "multiple", "number", "text", "date", "other"]
Measure = Literal["nominal", "ordinal", "scale"]

_CONSENT = (
    ("yes", Text((("zh-CN", "是"), ("en", "Yes")))),
    ("no", Text((("zh-CN", "否"), ("en", "No")))),
)
CHOSEN = Text((("zh-CN", "选中"), ("en", "Chosen")))
LEFT = Text((("zh-CN", "未选"), ("en", "Not chosen")))
_PARADATA = {
    "respondent": Text((("zh-CN", "答卷编号"), ("en", "Respondent"))),
    "started": Text((("zh-CN", "开始时间"), ("en", "Began at"))),
    "submitted": Text((("zh-CN", "提交时间"), ("en", "Submitted at"))),
    "seconds": Text((("zh-CN", "答题秒数"), ("en", "Seconds taken"))),
    "language": Text((("zh-CN", "答题语言"), ("en", "Language"))),
    "digest": Text((("zh-CN", "问卷指纹"), ("en", "Digest of the questionnaire"))),
    "order": Text((("zh-CN", "题项显示顺序"), ("en", "Order in which items were shown"))),
    "mode": Text((("zh-CN", "调查方式"), ("en", "Mode"))),
    "page_reached": Text((("zh-CN", "完成到第几页"), ("en", "Furthest page passed"))),
    "agent": Text((("zh-CN", "访员编号"), ("en", "Interviewer"))),
    "site": Text((("zh-CN", "调查地点"), ("en", "Site"))),
    "simulated": Text((("zh-CN", "是否模拟"), ("en", "Simulated"))),
}


@dataclass(frozen=True, slots=True)
class Column:
    """The meaning of one column.

    Attributes
    ----------
    label
        Wording of the item or question; empty for a column that nobody explains.
    values, missing
        Pairs of code and label, in the order of the questionnaire.
    reasons
        Of every missing code: why there is no answer.
    construct, reverse
        Of items.
    """

    name: str
    kind: Kind
    label: str
    values: tuple[tuple[str, str], ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    reasons: tuple[str, ...] = ()
    measure: Measure = "nominal"
    construct: str = ""
    reverse: bool = False


def describe(questionnaire: Questionnaire, names: Iterable[str], language: str) -> tuple[Column, ...]:
    """Return the meaning of columns.

    Parameters
    ----------
    names
        Variables, paradata and whatever else stands in the data.
    language
        Of all labels; where a text is missing in it, the questionnaire's first.

    Examples
    --------
    >>> from satmeter.questionnaire import read_questionnaire
    >>> (matters,) = describe(read_questionnaire("power-utility"), ["matters"], "zh-CN")
    >>> matters.kind, matters.values[1]
    ('multiple', ('fault', '停电或故障报修'))
    """
    return tuple(
        _variable(questionnaire, name, language) if name in questionnaire.variables else _other(name, language)
        for name in names
    )


def _other(name: str, language: str) -> Column:
    return Column(name, "other", _PARADATA[name].get(language) if name in _PARADATA else "")


def _variable(questionnaire: Questionnaire, name: str, language: str) -> Column:
    label = " ".join(questionnaire.text_of(name).get(language).split())
    codes = questionnaire.missing_of(name)
    missing = _labelled([(code.code, code.label) for code in codes], language)
    reasons = tuple(str(code.reason) for code in codes)
    scale = questionnaire.scale_of(name)
    if scale is not None:
        item = questionnaire.items.get(name)
        values = _labelled([(str(p.code), p.label) for p in scale.points if p.label.by_language], language)
        construct, reverse = (item.construct, item.reverse) if item else ("", False)
        return Column(name, "rating", label, values, missing, reasons, "ordinal", construct, reverse)
    question = questionnaire.questions[name]
    options: Sequence[tuple[str, Text]] = [(option.code, option.label) for option in question.options]
    if question.type == "consent":
        options = options or _CONSENT
    if question.type in ("choice", "consent"):
        return Column(name, "options", label, _labelled(options, language), missing, reasons)
    if question.type == "multiple":
        return Column(name, "multiple", label, _labelled(options, language), missing, reasons)
    if question.type == "number":
        return Column(name, "number", label, (), missing, reasons, "scale")
    kind: Kind = "date" if question.type == "date" else "text"
    return Column(name, kind, label, (), missing, reasons, "scale" if kind == "date" else "nominal")


def _labelled(pairs: Iterable[tuple[str, Text]], language: str) -> tuple[tuple[str, str], ...]:
    return tuple((code, " ".join(text.get(language).split()) or code) for code, text in pairs)
