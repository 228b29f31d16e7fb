"""Rows of waves, trees, adjusted scores and single questions, written by hand from docs/results.md."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]
WAVES = ("2024", "2025", "2026")


def both(zh: str, en: str) -> dict[str, str]:
    return {"zh-CN": zh, "en": en}


def wave(measure: str, name: str, value: float, against: str = "", role: str = "", **more: Any) -> Row:
    blank = dict.fromkeys(("change", "change_std_error", "change_conf_low", "change_conf_high", "t", "df", "p_value"))
    return {
        "measure": measure,
        "statistic": "mean_score",
        "wave": name,
        "against": against,
        "role": role,
        "group_by": "",
        "group": "",
        "estimate": value,
        "std_error": 1.0,
        "conf_low": value - 2.0,
        "conf_high": value + 2.0,
        "n": 480,
        **blank,
        "p_adjusted": None,
        "effect_size": None,
        "n_other": 460 if against else None,
        "n_pairs": None,
        "paired": False,
        "broken": [],
        "verdict": "undecided" if against else "",
    } | more


def changed(value: float, half: float, p: float, verdict: str) -> Row:
    ends = {"change": value, "change_conf_low": value - half, "change_conf_high": value + half}
    return ends | {"change_std_error": half / 1.96, "df": 938.0, "p_value": p, "p_adjusted": p, "verdict": verdict}


def waves() -> list[Row]:
    broken = {"broken": ["wording", "scale"], "verdict": "break"}
    return [
        wave("satisfaction", "2024", 70.1),
        wave("satisfaction", "2025", 71.0, "2024", "previous", **changed(0.9, 2.7, 0.512, "undecided")),
        wave("satisfaction", "2026", 74.2, "2025", "previous", **changed(3.2, 2.8, 0.024, "higher")),
        wave("satisfaction", "2026", 74.2, "2024", "baseline", **changed(4.1, 2.8, 0.004, "higher")),
        wave("service", "2024", 73.0),
        wave("service", "2025", 72.5, "2024", "previous", **changed(-0.5, 2.8, 0.73, "undecided")),
        wave("service", "2026", 69.1, "2025", "previous", **changed(-3.4, 2.8, 0.018, "lower")),
        wave("service", "2026", 69.1, "2024", "baseline", **changed(-3.9, 2.8, 0.007, "lower")),
        wave("staff", "2024", 76.0),
        wave("staff", "2025", 75.1, "2024", "previous", **changed(-0.9, 2.8, 0.53, "undecided")),
        wave("staff", "2026", 75.2, "2025", "previous", **broken),
        wave("staff", "2026", 75.2, "2024", "baseline", **broken),
        wave(
            "satisfaction",
            "2026",
            76.9,
            "2025",
            "previous",
            **(changed(5.3, 4.1, 0.012, "higher") | {"group_by": "region", "group": "n", "n": 200, "n_other": 190}),
        ),
        wave(
            "satisfaction",
            "2026",
            77.0,
            "2025",
            "previous",
            **(changed(1.3, 9.9, 0.8, "undecided") | {"group_by": "region", "group": "w", "n": 20, "n_other": 25}),
        ),
    ]


def wave_changes() -> list[Row]:
    return [
        {
            "wave": "2026",
            "against": "2025",
            "reason": "wording",
            "about": "st2",
            "breaks": True,
            "text": both("题项 st2 的措辞改变。", "The wording of st2 was changed."),
        },
        {
            "wave": "2026",
            "against": "2025",
            "reason": "order",
            "about": "",
            "breaks": False,
            "text": both("页序改变。", "The order of the pages was changed."),
        },
    ]


def node(name: str, parent: str, level: int, place: int, weight: float, share: float, value: float, **more: Any) -> Row:
    return {
        "root": "overall",
        "node": name,
        "parent": parent,
        "kind": "index",
        "level": level,
        "place": place,
        "leaf": level > 0 and name != "touch",
        "weight": weight,
        "group_by": "",
        "group": "",
        "estimate": value,
        "std_error": 1.0,
        "conf_low": value - 2.0,
        "conf_high": value + 2.0,
        "df": 479.0,
        "n": 480,
        "share": share,
        "contribution": share * value,
        "weakest": False,
        "certain": False,
    } | more


def tree() -> list[Row]:
    overall = [
        node("overall", "", 0, 1, 1.0, 1.0, 71.3),
        node("touch", "overall", 1, 1, 0.6, 0.6, 71.5),
        node("service", "touch", 2, 1, 0.625, 0.375, 69.1),
        node("staff", "touch", 2, 2, 0.375, 0.225, 75.2),
        node("time", "overall", 1, 2, 0.15, 0.15, 58.3, weakest=True, certain=True),
        node("product", "overall", 1, 3, 0.25, 0.25, 78.4),
    ]
    by_region = [
        row | {"group_by": "region", "group": group, "n": n, "certain": False, "estimate": row["estimate"] + up}
        for group, n, up in (("n", 200, 2.0), ("w", 20, -1.0))
        for row in overall
    ]
    return overall + by_region


def adjusted() -> Row:
    def row(unit: str, method: str, value: float, n: int, shift: float | None) -> Row:
        ends = {"std_error": 1.2, "conf_low": value - 2.4, "conf_high": value + 2.4, "df": 470.0}
        return {
            "group_by": "region",
            "unit": unit,
            "measure": "satisfaction",
            "statistic": "mean_score",
            "method": method,
            "estimate": value,
            **ends,
            "n": n,
            "shift": shift,
        }

    units = (("n", 76.2, 200, -1.4), ("s", 73.2, 160, 0.3), ("e", 68.2, 100, 2.1), ("w", 77.2, 20, -0.6))
    rows = [row(u, "raw", v, n, None) for u, v, n, _ in units]
    rows += [row(u, "adjusted", v + s, n, s) for u, v, n, s in units]
    coefficient = {
        "group_by": "region",
        "measure": "satisfaction",
        "adjuster": "ctype",
        "term": "ctype[b]",
        "estimate": -4.31,
        "std_error": 1.4,
        "conf_low": -7.05,
        "conf_high": -1.57,
        "df": 470.0,
        "p_value": 0.0021,
        "n": 480,
    }
    check = {"group_by": "region", "measure": "satisfaction", "adjuster": "ctype", "f": 0.8, "df": 3, "df2": 470.0}
    return {
        "adjusted": {"rows": rows, "notes": []},
        "case_mix": {"rows": [coefficient], "notes": []},
        "case_mix_checks": {"rows": [check | {"p_value": 0.49, "p_adjusted": 0.49}], "notes": []},
    }


def answer(question: str, option: str, statistic: str, value: float, half: float, **more: Any) -> Row:
    return {
        "question": question,
        "option": option,
        "statistic": statistic,
        "group_by": "",
        "group": "",
        "definition": both("定义", "Definition"),
        "estimate": value,
        "std_error": half / 2,
        "conf_low": value - half,
        "conf_high": value + half,
        "df": 199.0,
        "n": 200,
        "n_eff": 200.0,
        "deff": 1.0,
    } | more


def answers() -> list[Row]:
    rows = [
        answer("used", option, statistic, value, 0.04)
        for option, cases, given in (("hall", 0.84, 0.42), ("app", 0.77, 0.385), ("call", 0.39, 0.195))
        for statistic, value in (("share_cases", cases), ("share_answers", given))
    ]
    rows += [
        answer("used", option, "share_cases", value, 0.06, group_by="region", group=group, n=100)
        for group, values in (("n", (0.9, 0.7, 0.3)), ("s", (0.78, 0.84, 0.48)))
        for option, value in zip(("hall", "app", "call"), values, strict=True)
    ]
    numbers = {"mean": 1520.4, "median": 1210.0, "quantile25": 800.0, "quantile75": 1900.0, "trimmed_mean": 1310.2}
    rows += [answer("spend", "", statistic, value, 60.0) for statistic, value in numbers.items()]
    return [*rows, answer("per_visit", "", "ratio", 12.345, 1.1)]


def with_waves(document: Row) -> Row:
    """Add everything to a document that has neither."""
    options = (("hall", "营业厅", "Business hall"), ("app", "手机应用", "App"), ("call", "热线", "Hotline"))
    questions = [
        *document["questionnaire"]["questions"],
        {
            "id": "used",
            "type": "multiple",
            "text": both("您用过哪些渠道？", "Which channels have you used?"),
            "options": [{"code": c, "label": both(zh, en)} for c, zh, en in options],
        },
        {"id": "spend", "type": "number", "text": both("每年电费（元）", "Yearly bill (yuan)"), "options": []},
    ]
    trees = [
        {
            "id": "overall",
            "label": both("综合指数", "Overall index"),
            "weights_from": both("专家组，2026", "expert panel, 2026"),
        },
        {"id": "touch", "label": both("服务触点", "Touchpoints"), "weights_from": "expert panel, 2026"},
    ]
    return document | {
        "questionnaire": document["questionnaire"] | {"questions": questions},
        "study": document["study"] | {"trees": trees},
        "waves": {"rows": waves(), "notes": []},
        "wave_changes": {"rows": wave_changes(), "notes": []},
        "tree": {"rows": tree(), "notes": []},
        "answers": {"rows": answers(), "notes": []},
        **adjusted(),
    }
