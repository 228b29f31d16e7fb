"""What satmeter itself can say of a study in a disclosure, in both languages."""

from __future__ import annotations

from typing import Any

WORDS: dict[str, tuple[str, str]] = {
    "strategy": (
        "Survey with a structured questionnaire (rated items: {items}; further questions: {questions}).",
        "结构化问卷调查：{items} 个评分题项，{questions} 道其他题目。",
    ),
    "questionnaire": (
        "Questionnaire {id}, version {version}{source}. The wording of every question and answer, in the order asked, "
        "stands in the part of the results on the questionnaire (digest {digest}).",
        "问卷 {id}，版本 {version}{source}。全部题目与选项的原文见结果文件的问卷部分（摘要 {digest}）。",
    ),
    "source": (", source: {source}", "，出处：{source}"),
    "probability": (
        "Probability sample: respondents were drawn with known probabilities.",
        "概率样本：受访者按已知概率抽取。",
    ),
    "nonprobability": (
        "Nonprobability sample: respondents were not drawn with known probabilities.",
        "非概率样本：受访者并非按已知概率抽取。",
    ),
    "languages": ("Languages of the questionnaire: {languages}.", "问卷语言：{languages}。"),
    "dates": ("{first} to {last}, by the time stamps of the answers.", "{first} 至 {last}（据答卷时间戳）。"),
    "day": ("{first}, by the time stamps of the answers.", "{first}（据答卷时间戳）。"),
    "n": (
        "{n} respondents, of {read} who answered; weighted they count like {n_eff}.",
        "{n} 名受访者（收回 {read} 份）；加权后相当于 {n_eff} 名。",
    ),
    "n_equal": ("{n} respondents, of {read} who answered.", "{n} 名受访者（收回 {read} 份）。"),
    "response": (
        "Of {cases} cases drawn, AAPOR {name} is {rate}.",
        "共抽取 {cases} 个样本，AAPOR {name} 为 {rate}。",
    ),
    "response_weighted": (
        "Of {cases} cases drawn, AAPOR {name} is {rate} ({weighted} by design weight).",
        "共抽取 {cases} 个样本，AAPOR {name} 为 {rate}（按设计权数 {weighted}）。",
    ),
    "margin": (
        "The index has a margin of sampling error of ±{margin} points at a confidence level of {level}.",
        "指数的抽样误差为 ±{margin} 分，置信水平 {level}。",
    ),
    "precision": (
        "Every figure carries its own interval ({level}); {design}. Errors other than that of sampling are not in it.",
        "每个数字都附有区间（{level}）；{design}。区间不含抽样以外的误差。",
    ),
    "design_effect": (
        "intervals take in {parts}, with a design effect of {deff}",
        "区间已计入{parts}，设计效应 {deff}",
    ),
    "no_design": (
        "intervals are those of a simple random sample",
        "区间按简单随机样本计算",
    ),
    "no_margin": (
        "This is a nonprobability sample, so that no margin of sampling error can be stated. Where standard errors or "
        "intervals are given, they rest on a model, namely that the respondents vary like a random sample of the "
        "population after weighting; nothing in the way they were found guarantees that.",
        "本样本为非概率样本，无法给出抽样误差。若给出标准误或区间，其依据是一个模型假定：受访者在加权后如同总体的随机样本；"
        "样本的获取方式并不保证这一点。",
    ),
    "unweighted": ("Answers are not weighted.", "未加权。"),
    "base": ("Base weights came with the data.", "基础权数随数据给出。"),
    "nonresponse": (
        "Weights were raised for non-response in {classes} classes of cases that were about equally likely to respond.",
        "按 {classes} 个应答倾向相近的类作了无应答调整。",
    ),
    "calibration": (
        "They were calibrated to the known distribution of the population by {margins}.",
        "权数按{margins}校准到总体的已知分布。",
    ),
    "cost": (
        "Kish's design effect of the weights is {deff}; {n} respondents count like {n_eff} of equal weight.",
        "权数的 Kish 设计效应为 {deff}；{n} 名受访者相当于 {n_eff} 名等权受访者。",
    ),
    "left_out": ("Quality rules left out {n} of {read} ({rules}).", "质量规则从 {read} 份中排除 {n} 份（{rules}）。"),
    "none_left_out": ("Quality rules left out none of {read}.", "{read} 份答卷均未被质量规则排除。"),
    "marked": ("Marked and kept: {rules}.", "标记但保留：{rules}。"),
    "software": (
        "Computed with satmeter {version}; {replicates} replicates, seed {seed}; digest of the data {digest}.",
        "由 satmeter {version} 计算；重复抽样 {replicates} 次，随机种子 {seed}；数据摘要 {digest}。",
    ),
    "rule.duplicates": ("duplicates {n}", "重复 {n}"),
    "rule.attention": ("failed attention checks {n}", "注意力检测未通过 {n}"),
    "rule.speeders": ("too fast {n}", "作答过快 {n}"),
    "rule.straightlining": ("straight lines {n}", "直线作答 {n}"),
    "rule.too_many_missing": ("too many answers missing {n}", "缺失过多 {n}"),
    "part.frequency": ("frequencies", "频数"),
    "part.weight": ("weights", "权数"),
    "part.strata": ("strata", "分层"),
    "part.cluster": ("clusters", "群"),
    "part.population": ("the finite population", "有限总体"),
    "part.replicates": ("replicate weights", "重复权数"),
}
"""English, Chinese."""

LANGUAGES = ("en", "zh-CN")
_COMMA = (", ", "、")
_SPACE = (" ", "")

Texts = dict[str, str]


def say(key: str, **fields: Any) -> Texts:
    """Return a sentence in both languages; a field that is a map of languages is taken in each.

    Examples
    --------
    >>> say("rule.speeders", n=3)
    {'en': 'too fast 3', 'zh-CN': '作答过快 3'}
    """
    filled = {
        language: {name: value[language] if isinstance(value, dict) else value for name, value in fields.items()}
        for language in LANGUAGES
    }
    return {language: WORDS[key][k].format_map(filled[language]) for k, language in enumerate(LANGUAGES)}


def listed(texts: list[Texts]) -> Texts:
    """Return phrases as a list."""
    return {language: _COMMA[k].join(text[language] for text in texts) for k, language in enumerate(LANGUAGES)}


def joined(texts: list[Texts]) -> Texts:
    """Return sentences one behind the other."""
    return {language: _SPACE[k].join(text[language] for text in texts) for k, language in enumerate(LANGUAGES)}
