"""What the figures of choice, multiple and number questions mean, in words."""

from __future__ import annotations

from satmeter.measurement.definitions import Definition, weighting_words
from satmeter.questionnaire.model import Question


def share_definition(statistic: str, question: Question, weighted: bool) -> Definition:
    """Return the words for `share_cases` or `share_answers` of an option."""
    zh_weight, en_weight = weighting_words(weighted)
    if statistic == "share_answers":
        return {
            "zh-CN": "应答百分比：全部选择中选该项的比例，一人可选多项，各项之和为 1，"
            f"0–1（即 0%–100%），{zh_weight}。",
            "en": "Share of answers: the option's part of all options that were chosen; one person may choose several; "
            f"the shares add up to 1, 0–1 (0%–100%), {en_weight}.",
        }
    zh_sum, en_sum = "", ""
    if question.type == "multiple":
        zh_sum = "，一人可选多项，各项之和可大于 1"
        en_sum = "; one person may choose several, so shares may add up to more than 1"
    return {
        "zh-CN": f"个案百分比：回答本题者中选该项的比例{zh_sum}，0–1（即 0%–100%），{zh_weight}。",
        "en": f"Share of cases: the part of those who answered the question that chose the option{en_sum}, "
        f"0–1 (0%–100%), {en_weight}.",
    }


def number_definition(statistic: str, trim: float, weighted: bool) -> Definition:
    """Return the words for a mean, a trimmed mean or a quartile of a number question."""
    zh_weight, en_weight = weighting_words(weighted)
    cut = f"{100 * trim:g}%"
    zh = {
        "mean": "平均值：本题回答的平均值",
        "trimmed_mean": f"截尾平均值：去掉最低 {cut} 和最高 {cut} 的回答后的平均值，恰在界上的回答按部分计入",
        "quantile25": "下四分位数：四分之一的回答不高于此值",
        "median": "中位数：一半的回答不高于此值",
        "quantile75": "上四分位数：四分之三的回答不高于此值",
    }
    en = {
        "mean": "Mean: the mean of the answers to the question",
        "trimmed_mean": f"Trimmed mean: the mean without the lowest {cut} and the highest {cut} of the answers; an "
        "answer on the line counts in part",
        "quantile25": "Lower quartile: a quarter of the answers are not above it",
        "median": "Median: half of the answers are not above it",
        "quantile75": "Upper quartile: three quarters of the answers are not above it",
    }
    zh_unit, en_unit = "以题目单位计", "in the units of the question"
    return {
        "zh-CN": f"{zh[statistic]}，{zh_unit}，{zh_weight}。",
        "en": f"{en[statistic]}, {en_unit}, {en_weight}.",
    }


def ratio_definition(over: Question, under: Question, weighted: bool) -> Definition:
    """Return the words for the ratio of two sums."""
    zh_weight, en_weight = weighting_words(weighted)
    zh, en = ((over.text.get(tag), under.text.get(tag)) for tag in ("zh-CN", "en"))
    return {
        "zh-CN": f"比率：“{zh[0]}”回答之和除以“{zh[1]}”回答之和，只计两题均作答者，{zh_weight}。",
        "en": f"Ratio: the sum of the answers to “{en[0]}” over the sum of those to “{en[1]}”, of those who answered "
        f"both, {en_weight}.",
    }
