"""What every published figure means, in words: which boxes, which scale, which weight.

满意度 (a mean score) and 满意率 (a share of ratings) are different numbers; every definition says which one it is.
"""

from __future__ import annotations

from satmeter.questionnaire.model import Construct, Item, Questionnaire, Scale
from satmeter.study.plan import CesVariant, Missing

Definition = dict[str, str]


def weighting_words(weighted: bool) -> tuple[str, str]:
    """Return whether answers are weighted, in Chinese and in English."""
    return ("加权", "weighted") if weighted else ("未加权", "unweighted")


def _reversal(items: tuple[str, ...], questionnaire: Questionnaire) -> tuple[str, str]:
    """Return the words for reversed items, empty where there are none."""
    if any(questionnaire.items[i].reverse for i in items):
        return "，反向题先行转换", ", reverse-keyed items reversed first"
    return "", ""


def _answer_rule(missing: Missing) -> tuple[str, str]:
    """Return the words for how many items must be answered."""
    if missing.items == "complete":
        return "须回答全部题项", "all items must be answered"
    share = f"{100 * missing.min_answered:g}"
    zh, en = f"至少须回答 {share}% 的题项", f"at least {share}% of the items must be answered"
    if not missing.min_answered > 0:
        zh, en = "至少须回答 1 个题项", "at least one item must be answered"
    if missing.items == "em":
        zh += "，未答题项按其余题项的回答以 EM 法所得的期望值计入"
        en += ", an unanswered item counts with what the answers to the others lead to expect (EM)"
    return zh, en


def mean_score_definition(
    construct: Construct, questionnaire: Questionnaire, missing: Missing, weighted: bool
) -> Definition:
    """Return the words for a construct's mean score; items on different scales are rescaled one by one."""
    zh_weight, en_weight = weighting_words(weighted)
    zh_rule, en_rule = _answer_rule(missing)
    zh_reverse, en_reverse = _reversal(construct.items, questionnaire)
    scales = [questionnaire.scales[questionnaire.items[i].scale] for i in construct.items]
    if len({(s.low, s.high) for s in scales}) > 1:
        zh_score = "所答题项得分的平均值，每题得分为 100 ×（评分 − 该题量表最低值）÷（该题量表最高值 − 该题量表最低值）"
        en_score = (
            "the mean over the answered items of 100 × (rating − lowest point) / (highest point − lowest point) "
            "of the item's own scale"
        )
    else:
        zh_score = " 100 ×（所答题项的平均评分 − 量表最低值）÷（量表最高值 − 量表最低值）"
        en_score = "100 × (mean rating of the answered items − lowest point) / (highest point − lowest point)"
    if missing.items == "em":
        zh_score, en_score = zh_score.replace("所答题项", "各题项"), en_score.replace("answered items", "items")
    satisfaction = construct.role == "satisfaction"
    zh_name = "满意度（平均得分）" if satisfaction else "平均得分"
    zh_not = "不是满意率" if satisfaction else "不是前两档占比"
    zh_label, en_label = construct.label.get("zh-CN"), construct.label.get("en")
    return {
        "zh-CN": f"{zh_name}：受访者在“{zh_label}”上得分的平均值，0–100 分，{zh_weight}。"
        f"个人得分为{zh_score}{zh_reverse}；{zh_rule}；{zh_not}。",
        "en": f"Mean score: the mean of the respondents' scores on “{en_label}”, 0–100, "
        f"{en_weight}. A respondent's score is {en_score}{en_reverse}; {en_rule}; not a top-box share.",
    }


def index_definition(
    construct: Construct, questionnaire: Questionnaire, missing: Missing, weighted: bool
) -> Definition:
    """Return the words for the index: the mean score of its construct, told as such."""
    score = mean_score_definition(construct, questionnaire, missing, weighted)
    return {
        "zh-CN": f"满意度指数：本研究发布的总指标，等于“{construct.label.get('zh-CN')}”的平均得分。{score['zh-CN']}",
        "en": f"Satisfaction index: the study's published figure, equal to the mean score of "
        f"“{construct.label.get('en')}”. {score['en']}",
    }


def item_box_definition(item: Item, scale: Scale, role: str, boxes: int, weighted: bool) -> Definition:
    """Return the words for an item's share of ratings in the highest points; `boxes` says how many of them."""
    zh_weight, en_weight = weighting_words(weighted)
    zh_name, en_name = _box_names(role, boxes)
    zh_not, en_not = _no_mean(role, boxes)
    return {
        "zh-CN": f"{zh_name}：{_scale_words(scale, 'zh-CN')}上评分为 "
        f"{_boxes(item, scale, boxes, 'zh-CN')}者占作答者的比例，0–1（即 0%–100%），{zh_weight}；"
        f"{zh_not}。",
        "en": f"{en_name}: the share of those who rated who chose {_boxes(item, scale, boxes, 'en')} on the "
        f"{_scale_words(scale, 'en')}, 0–1 (0%–100%), {en_weight}; {en_not}.",
    }


def construct_box_definition(
    construct: Construct, items: tuple[str, ...], questionnaire: Questionnaire, boxes: int, weighted: bool
) -> Definition:
    """Return the words for a construct's top-box share: the mean of its items' shares."""
    zh_weight, en_weight = weighting_words(weighted)
    zh_reverse, en_reverse = _reversal(items, questionnaire)
    scales = [questionnaire.scales[questionnaire.items[i].scale] for i in items]
    points = [[str(code) for code in s.codes[-boxes:]] for s in scales]
    both = list(zip(scales, points, strict=True))
    zh_boxes = "；".join(dict.fromkeys(f"{_scale_words(s, 'zh-CN')}为 {'、'.join(p)}" for s, p in both))
    en_boxes = "; ".join(dict.fromkeys(f"{_scale_words(s, 'en')}: {', '.join(p)}" for s, p in both))
    zh_name, en_name = _box_names(construct.role, boxes)
    zh_not, en_not = _no_mean(construct.role, boxes)
    zh_count, en_count = ("一", "两", "三")[boxes - 1], ("", "two ", "three ")[boxes - 1]
    return {
        "zh-CN": f"{zh_name}：“{construct.label.get('zh-CN')}”的 {len(items)} 个题项"
        f"各自的最高{zh_count}档评分占比（{zh_boxes}）的平均值，题项权重相等，0–1（即 0%–100%），"
        f"{zh_weight}{zh_reverse}；{zh_not}。",
        "en": f"{en_name}: the mean over the {len(items)} items of “{construct.label.get('en')}” "
        f"of the share of ratings in the {en_count}highest "
        f"point{'s' if boxes > 1 else ''} ({en_boxes}), items weighted equally, 0–1 (0%–100%), "
        f"{en_weight}{en_reverse}; {en_not}.",
    }


def _box_names(role: str, boxes: int) -> tuple[str, str]:
    zh = ("前一档占比", "前两档占比", "前三档占比")[boxes - 1]
    en = ("Top-box share", "Top-two-box share", "Top-three-box share")[boxes - 1]
    return (f"满意率（{zh}）" if role == "satisfaction" and boxes == 2 else zh), en


def _no_mean(role: str, boxes: int) -> tuple[str, str]:
    """Return what a share must not be taken for; 满意率 without more is the share of the two highest points."""
    if role != "satisfaction":
        return "不是平均得分", "not the mean score"
    if boxes == 2:
        return "不是满意度（平均得分）", "not the mean score"
    return "不是满意度（平均得分），也不是满意率（前两档占比）", "neither the mean score nor the top-two-box share"


def csat_definition(item: Item, scale: Scale, weighted: bool) -> Definition:
    """Return the words for customer satisfaction: the share of the two highest of five points."""
    zh_weight, en_weight = weighting_words(weighted)
    return {
        "zh-CN": f"CSAT（五档中最高两档的占比）：{_scale_words(scale, 'zh-CN')}上评分为 "
        f"{_boxes(item, scale, 2, 'zh-CN')}者占作答者的比例，0–1（即 0%–100%），{zh_weight}；"
        "是占比，不是满意度（平均得分）。",
        "en": "CSAT (share of the two highest of five points): the share of those who rated who chose "
        f"{_boxes(item, scale, 2, 'en')} on the {_scale_words(scale, 'en')}, 0–1 (0%–100%), {en_weight}; "
        "a share, not the mean score.",
    }


def ces_definition(item: Item, scale: Scale, variant: CesVariant, weighted: bool) -> Definition:
    """Return the words for a variant of the customer effort score."""
    zh_weight, en_weight = weighting_words(weighted)
    zh_end, en_end = _boxes(item, scale, 1, "zh-CN"), _boxes(item, scale, 1, "en")
    zh = {
        "mean": "CES（均值式）：1–7 量表上评分的平均值，1–7",
        "share": "CES（占比式）：1–7 量表上评分为 5–7 者占作答者的比例，0–1（即 0%–100%）",
        "net": "CES（净值式）：1–7 量表上 5–7 分者的百分比减去 1–3 分者的百分比，−100 至 100",
    }
    en = {
        "mean": "CES (mean): the mean of the ratings on the scale 1–7, 1–7",
        "share": "CES (share): the share of those who rated who chose 5–7 on the scale 1–7, 0–1 (0%–100%)",
        "net": "CES (net): per cent rating 5–7 minus per cent rating 1–3 on the scale 1–7, −100 to 100",
    }
    others = {"mean": ("占比式和净值式", "share or net"), "share": ("均值式和净值式", "mean or net")}
    zh_not, en_not = others.get(variant, ("均值式和占比式", "mean or share"))
    return {
        "zh-CN": f"{zh[variant]}，最高档为 {zh_end}，{zh_weight}；与{zh_not}的 CES 不可比。",
        "en": f"{en[variant]}, the highest point is {en_end}, {en_weight}; not comparable with CES as {en_not}.",
    }


def nps_definition(weighted: bool) -> Definition:
    """Return the words for the net promoter score."""
    zh_weight, en_weight = weighting_words(weighted)
    return {
        "zh-CN": f"净推荐值：0–10 分量表上，9–10 分者的百分比减去 0–6 分者的百分比，−100 至 100，{zh_weight}。",
        "en": "Net promoter score: per cent rating 9–10 minus per cent rating 0–6 on the scale 0–10, −100 to 100, "
        f"{en_weight}.",
    }


def mean_rating_definition(item: Item, scale: Scale, weighted: bool) -> Definition:
    """Return the words for an item's mean rating in scale units."""
    zh_weight, en_weight = weighting_words(weighted)
    zh_reverse = "，反向题已转换" if item.reverse else ""
    en_reverse = ", after reversing the reverse-keyed item" if item.reverse else ""
    return {
        "zh-CN": f"平均评分：{_scale_words(scale, 'zh-CN')}上评分的平均值，以量表单位计，{zh_weight}{zh_reverse}。",
        "en": f"Mean rating: the mean of the ratings on the {_scale_words(scale, 'en')}, in scale units, "
        f"{en_weight}{en_reverse}.",
    }


def _scale_words(scale: Scale, language: str) -> str:
    return f"{scale.low}–{scale.high} 量表" if language == "zh-CN" else f"scale {scale.low}–{scale.high}"


def _boxes(item: Item, scale: Scale, boxes: int, language: str) -> str:
    """Return the highest points with their labels; a reversed item's labels would name the wrong ends."""
    words = []
    for point in scale.points[-boxes:]:
        label = point.label.get(language) if point.label.has(language) and not item.reverse else ""
        brackets = f"（{label}）" if language == "zh-CN" else f" ({label})"
        words.append(f"{point.code}{brackets}" if label else str(point.code))
    last = words.pop()
    if language == "zh-CN":
        text = "、".join(words) + f" 或 {last}" if words else last
        return text.replace("） ", "）") + ("（反向题，转换后）" if item.reverse else "")
    text = ", ".join(words) + f" or {last}" if words else last
    return text + (" (after reversing the reverse-keyed item)" if item.reverse else "")
