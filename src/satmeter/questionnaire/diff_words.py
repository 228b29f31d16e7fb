"""What the changes between two questionnaires are called, and why they do or do not break a series."""

from __future__ import annotations

from satmeter.questionnaire.diff_model import Change, ChangeKind

_KINDS = {
    "item": ("item", "题项"),
    "construct": ("construct", "构念"),
    "scale": ("scale", "量表"),
    "question": ("question", "问题"),
    "option": ("option", "选项"),
    "page": ("page with", "页面"),
    "check": ("attention check", "注意力检测"),
    "model": ("model of", "模型"),
    "key": ("text", "文字"),
}
_TEXTS: dict[ChangeKind, tuple[str, str]] = {
    "wording": (
        "{about}: other wording ({language}): “{before}” → “{after}”",
        "{about}：措辞改变（{language}）：“{before}” → “{after}”",
    ),
    "lead_in": (
        "{about}: other text above the questions ({language}): “{before}” → “{after}”",
        "{about}：题前说明改变（{language}）：“{before}” → “{after}”",
    ),
    "scale": ("{about}: other points: {before} → {after}", "{about}：量表点数改变：{before} → {after}"),
    "labels": (
        "{about}: other wording of points ({language}): {before} → {after}",
        "{about}：量表选项措辞改变（{language}）：{before} → {after}",
    ),
    "reverse": (
        "{about}: keying changed, reverse {before} → {after}",
        "{about}：计分方向改变，reverse {before} → {after}",
    ),
    "filter": ("{about}: asked of others: {before} → {after}", "{about}：提问对象改变：{before} → {after}"),
    "items": (
        "{about}: other items: without {before}, new {after}",
        "{about}：题项构成改变：去掉 {before}，新增 {after}",
    ),
    "item_gone": ("{about} is gone", "{about}已删除"),
    "construct_gone": ("{about} is gone", "{about}已删除"),
    "question_gone": ("{about} is gone", "{about}已删除"),
    "type": ("{about}: other type: {before} → {after}", "{about}：题型改变：{before} → {after}"),
    "option": (
        "{about}: the code means something else ({language}): “{before}” → “{after}”",
        "{about}：代码含义改变（{language}）：“{before}” → “{after}”",
    ),
    "option_gone": ("{about} is gone", "{about}已删除"),
    "typography": (
        "{about}: other punctuation or spelling of the same words ({language}): “{before}” → “{after}”",
        "{about}：仅标点、空格、大小写或全半角不同（{language}）：“{before}” → “{after}”",
    ),
    "missing_codes": (
        "{about}: other codes of missing answers: {before} → {after}",
        "{about}：缺失代码改变：{before} → {after}",
    ),
    "required": ("{about}: required {before} → {after}", "{about}：必答 {before} → {after}"),
    "item_new": ("{about} is new", "{about}为新增"),
    "renamed": ("{about} was called {before}", "{about}原名 {before}"),
    "construct_new": ("{about} is new", "{about}为新增"),
    "role": ("{about}: other role: {before} → {after}", "{about}：角色改变：{before} → {after}"),
    "mode": ("{about}: other mode: {before} → {after}", "{about}：测量方式改变：{before} → {after}"),
    "label": (
        "{about}: other name ({language}): “{before}” → “{after}”",
        "{about}：名称改变（{language}）：“{before}” → “{after}”",
    ),
    "question_new": ("{about} is new", "{about}为新增"),
    "option_new": ("{about} is new", "{about}为新增"),
    "bounds": ("{about}: other bounds: {before} → {after}", "{about}：取值范围改变：{before} → {after}"),
    "check": ("{about} was changed", "{about}有改动"),
    "order": ("other order of the questions; moved: {after}", "提问顺序改变；移动了：{after}"),
    "page": ("other pages or grids: {after}", "页面或矩阵题划分改变：{after}"),
    "language_new": ("language {after} is new", "新增语言 {after}"),
    "language_gone": ("language {before} is gone", "去掉语言 {before}"),
    "frame": (
        "{about}: other wording ({language}): “{before}” → “{after}”",
        "{about}：措辞改变（{language}）：“{before}” → “{after}”",
    ),
    "model": ("{about}: {before} → {after}", "{about}：{before} → {after}"),
}
_REASONS: dict[ChangeKind, tuple[str, str]] = {
    "wording": ("other words are another question", "措辞不同即为不同的问题"),
    "lead_in": ("the text above is part of what is asked", "题前说明是所提问题的一部分"),
    "scale": ("answers on another scale are not the same answers", "量表不同，答案不可相比"),
    "labels": ("respondents choose by the words of the points", "受访者依据量表选项的措辞作答"),
    "reverse": ("high scores mean the opposite", "高分的含义相反"),
    "filter": ("other people answer", "作答人群不同"),
    "items": ("the score is the mean of other items", "得分由不同题项平均而得"),
    "item_gone": ("the series ends", "该序列终止"),
    "construct_gone": ("the series ends", "该序列终止"),
    "question_gone": ("its groups end", "其分组终止"),
    "type": ("another kind of answer", "答案类型不同"),
    "option": ("the group is made of other people", "该组由不同的人构成"),
    "option_gone": ("the group ends; the others stay", "该组终止，其余各组不变"),
    "typography": ("the same words are read", "读者读到的文字相同"),
    "missing_codes": (
        "ratings mean the same; compare the share of missing answers",
        "评分含义不变；请比较缺失比例",
    ),
    "required": ("ratings mean the same", "评分含义不变"),
    "item_new": ("a series begins", "新的序列开始"),
    "renamed": ("the same words in the same construct", "同一构念中措辞相同"),
    "construct_new": ("a series begins", "新的序列开始"),
    "role": ("used in another way, asked in the same way", "用途不同，提问相同"),
    "mode": ("the score is the same mean", "得分仍为同样的平均"),
    "label": ("respondents are not shown it", "不向受访者显示"),
    "question_new": ("a series begins", "新的序列开始"),
    "option_new": ("a group begins; the others keep their meaning", "新的组开始，其余各组含义不变"),
    "bounds": ("answers mean the same", "答案含义不变"),
    "check": ("not part of any figure", "不进入任何指标"),
    "order": ("the questions are the same; order effects are possible", "问题相同；可能有顺序效应"),
    "page": ("the questions are the same", "问题相同"),
    "language_new": ("the other languages are as before", "其余语言不变"),
    "language_gone": ("the other languages are as before", "其余语言不变"),
    "frame": (
        "not part of a question; where it changes what is meant, such as the period, state a break",
        "不属于任何问题；若改变了含义（如所指时期），请声明中断",
    ),
    "model": ("relations are analysed, not asked", "关系用于分析，不用于提问"),
}


def sentence_of(change: Change, language: str) -> str:
    """Return a change as one line, in `en` or `zh-CN`."""
    place = int(language == "zh-CN")
    kind, name = change.about
    about = f"{_KINDS[kind][place]} {name}" if kind in _KINDS else name
    return _TEXTS[change.kind][place].format(
        about=about, before=change.before, after=change.after, language=change.language
    )


def reason_of(change: Change, language: str) -> str:
    """Return why a change breaks a series, or why not."""
    return _REASONS[change.kind][int(language == "zh-CN")]
