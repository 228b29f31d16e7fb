"""A results document written by hand from docs/results.md: a power utility with plausible numbers."""

from __future__ import annotations

from typing import Any

ROLES = {
    "product": ("driver", "产品价值", "Product value", 78.4),
    "service": ("driver", "服务价值", "Service value", 69.1),
    "staff": ("driver", "人员价值", "Staff value", 75.2),
    "image": ("driver", "形象价值", "Image value", 70.3),
    "time": ("cost", "时间成本", "Time cost", 41.7),
    "satisfaction": ("satisfaction", "总体满意度", "Overall satisfaction", 74.2),
    "loyalty": ("loyalty", "客户忠诚", "Loyalty", 66.8),
}
TEXTS = {
    "product": [
        ("电压稳定", "The voltage is stable"),
        ("很少停电", "Power cuts are rare"),
        ("电能表计量准确", "The meter is accurate"),
    ],
    "service": [
        ("办理业务方便", "Getting things done is easy"),
        ("故障抢修及时", "Faults are repaired quickly"),
        ("账单清楚易懂", "Bills are easy to understand"),
    ],
    "staff": [
        ("工作人员态度友好", "Staff are friendly"),
        ("工作人员漠不关心", "Staff are indifferent"),
        ("工作人员业务熟练", "Staff know their job"),
    ],
    "image": [("值得信赖", "It can be trusted"), ("本地口碑良好", "It has a good name around here")],
    "time": [
        ("办理用电业务要等候很久", "Arranging anything means a long wait"),
        ("查询和缴费占用我不少时间", "Bills take a lot of my time"),
    ],
    "satisfaction": [
        ("总体而言，您对本地供电服务满意吗？", "How satisfied are you with the power company overall?"),
        ("供电服务达到了我的期望", "The service has lived up to what I expected"),
        ("这正是我心目中理想的供电服务", "This is how a power company should be"),
    ],
    "loyalty": [
        ("我会继续使用其增值服务", "I would use its other services"),
        ("我愿意向亲友推荐", "I would recommend it"),
    ],
}
GROUPS = {
    "region": [
        ("n", "北区", "North", 200, 2.0),
        ("s", "南区", "South", 160, -1.0),
        ("e", "东部沿海新区", "New eastern coast district", 100, -6.0),
        ("w", "西区", "West", 20, 3.0),
    ],
    "ctype": [("h", "居民", "Household", 380, 0.5), ("b", "企业", "Business", 100, -1.5)],
}
PRIORITIES = {
    "product": (0.31, 0.26, 0.38, "strength", True),
    "service": (0.36, 0.29, 0.43, "improve", True),
    "staff": (0.19, 0.13, 0.27, "maintain", False),
    "image": (0.14, 0.08, 0.21, "opportunity", True),
}


def both(zh: str, en: str) -> dict[str, str]:
    return {"zh-CN": zh, "en": en}


def score(measure: str, statistic: str, value: float, half: float, **more: Any) -> dict[str, Any]:
    row = {
        "measure": measure,
        "statistic": statistic,
        "group_by": "",
        "group": "",
        "definition": both("平均得分，0–100，未加权。", "Mean score, 0–100, unweighted."),
    }
    ends = {
        "estimate": value,
        "std_error": half / 1.96,
        "conf_low": value - half,
        "conf_high": value + half,
        "df": 479.0,
        "n": 480,
        "n_eff": 480.0,
        "deff": 1.0,
    }
    return row | ends | more


def questionnaire() -> dict[str, Any]:
    constructs = [
        {
            "id": c,
            "role": role,
            "mode": "reflective",
            "label": both(zh, en),
            "items": [
                {
                    "id": f"{c[:2]}{i}",
                    "text": both(*text),
                    "reverse": text[1] == "Staff are indifferent",
                    "scale": "likely11" if c == "loyalty" else "agree5",
                }
                for i, text in enumerate(TEXTS[c], 1)
            ],
        }
        for c, (role, zh, en, _) in ROLES.items()
    ]
    agree = [
        ("非常不同意", "Strongly disagree"),
        ("不同意", "Disagree"),
        ("一般", "Neutral"),
        ("同意", "Agree"),
        ("非常同意", "Strongly agree"),
    ]
    return {
        "source": "satmeter, own wording",
        "licence": "GPL-3.0-or-later",
        "constructs": constructs,
        "questions": [
            {
                "id": "region",
                "type": "choice",
                "text": both("您所在的区域", "Where do you live?"),
                "options": [{"code": g[0], "label": both(g[1], g[2])} for g in GROUPS["region"]],
            },
            {
                "id": "ctype",
                "type": "choice",
                "text": both("客户类型", "Customer type"),
                "options": [{"code": g[0], "label": both(g[1], g[2])} for g in GROUPS["ctype"]],
            },
            {"id": "why", "type": "text", "text": both("主要原因", "Main reason"), "options": []},
        ],
        "scales": [
            {
                "id": "agree5",
                "points": [{"code": i, "label": both(*t)} for i, t in enumerate(agree, 1)],
                "missing": [{"code": "98", "label": both("不了解", "Don't know"), "reason": "dont_know"}],
            },
            {
                "id": "likely11",
                "points": [
                    {
                        "code": i,
                        "label": both("完全不可能", "Not at all likely")
                        if i == 0
                        else both("极有可能", "Extremely likely")
                        if i == 10
                        else {},
                    }
                    for i in range(11)
                ],
                "missing": [],
            },
        ],
        "checks": [{"id": "ac1", "text": both("本题请选“同意”", "Please choose Agree here"), "expect": 4}],
        "model": {"satisfaction": ["product", "service", "staff", "image"], "loyalty": ["satisfaction", "image"]},
    }


def scores() -> list[dict[str, Any]]:
    rows = [score(c, "mean_score", value, 1.8) for c, (_, _, _, value) in ROLES.items()]
    rows.insert(0, score("satisfaction", "index", 74.2, 2.1))
    rows.append(
        score(
            "satisfaction",
            "top2",
            0.763,
            0.038,
            definition=both("满意率：最高两档占比。", "Share of ratings in the two highest boxes."),
        )
    )
    rows.append(
        score(
            "lo2",
            "nps",
            21.3,
            6.4,
            definition=both("净推荐值：9–10 分占比减 0–6 分占比。", "Per cent 9–10 minus per cent 0–6."),
        )
    )
    for question, groups in GROUPS.items():
        for code, _, _, n, shift in groups:
            half = 1.8 * (480 / n) ** 0.5
            where = {"group_by": question, "group": code, "n": n}
            for c, (_, _, _, value) in ROLES.items():
                rows.append(score(c, "mean_score", value + shift, half, **where))
            rows.append(score("satisfaction", "index", 74.2 + shift, half, **where))
    return rows


def drivers() -> dict[str, Any]:
    tables: dict[str, list[dict[str, Any]]] = {"drivers": [], "regression": [], "fit": [], "priorities": []}
    plans = {
        "satisfaction": {k: v[:3] for k, v in PRIORITIES.items()},
        "loyalty": {"satisfaction": (0.7, 0.6, 0.8), "image": (0.3, 0.2, 0.4)},
    }
    for outcome, plan in plans.items():
        base = {"outcome": outcome, "n": 470}
        tables["fit"].append(
            base | {"statistic": "r2", "estimate": 0.62, "std_error": 0.03, "conf_low": 0.55, "conf_high": 0.68}
        )
        tables["regression"].append(
            base
            | {
                "term": "(intercept)",
                "model": "ols",
                "std_error_type": "HC3",
                "estimate": -3.2,
                "std_error": 2.0,
                "conf_low": -7.1,
                "conf_high": 0.7,
                "statistic": -1.6,
                "df": 465.0,
                "p_value": 0.11,
                "beta": None,
                "vif": None,
            }
        )
        for driver, (value, low, high) in plan.items():
            tables["regression"].append(
                base
                | {
                    "term": driver,
                    "model": "ols",
                    "std_error_type": "HC3",
                    "estimate": value,
                    "std_error": 0.04,
                    "conf_low": low,
                    "conf_high": high,
                    "statistic": value / 0.04,
                    "df": 465.0,
                    "p_value": 1e-9,
                    "beta": value,
                    "vif": 1.8,
                }
            )
            for method, estimate in (("correlation", 0.6), ("beta", value), ("lmg", 0.62 * value)):
                shares = (value, low, high) if method == "lmg" else (None, None, None)
                tables["drivers"].append(
                    base
                    | {
                        "driver": driver,
                        "method": method,
                        "estimate": estimate,
                        "std_error": 0.03,
                        "conf_low": estimate - 0.06,
                        "conf_high": estimate + 0.06,
                    }
                    | dict(zip(("share", "share_low", "share_high"), shares, strict=True))
                )
    for driver, (value, low, high, quadrant, certain) in PRIORITIES.items():
        mean = ROLES[driver][3]
        tables["priorities"].append(
            {
                "outcome": "satisfaction",
                "driver": driver,
                "importance": value,
                "importance_low": low,
                "importance_high": high,
                "performance": mean,
                "performance_low": mean - 1.8,
                "performance_high": mean + 1.8,
                "importance_line": 0.25,
                "performance_line": 73.25,
                "quadrant": quadrant,
                "certain": certain,
                "n": 470,
            }
        )
    return {name: {"rows": rows, "notes": []} for name, rows in tables.items()}


def items() -> list[dict[str, Any]]:
    rows = []
    for c, texts in TEXTS.items():
        for i, _ in enumerate(texts, 1):
            rows.append(
                {
                    "construct": c,
                    "item": f"{c[:2]}{i}",
                    "n": 480 - i,
                    "mean": 3.6 + 0.2 * i,
                    "sd": 0.91,
                    "missing_share": 0.012 * i,
                    "item_rest_r": 0.61,
                    "alpha_if_dropped": 0.74 if len(texts) > 2 else None,
                    "loading": 0.72,
                    "floor_share": 0.02,
                    "ceiling_share": 0.21,
                }
            )
    return rows


def reliability() -> list[dict[str, Any]]:
    rows = []
    for c, alpha in zip(TEXTS, (0.84, 0.73, 0.62, 0.55, 0.71, 0.88, 0.79), strict=True):
        for coefficient, shift in (("alpha", 0.0), ("omega_total", 0.01)):
            value = alpha + shift
            rows.append(
                {
                    "construct": c,
                    "coefficient": coefficient,
                    "estimate": value,
                    "std_error": 0.02,
                    "conf_low": value - 0.04,
                    "conf_high": value + 0.04,
                    "n": 470,
                    "n_items": len(TEXTS[c]),
                }
            )
    return rows


HTMT = {
    ("product", "service"): 0.93,
    ("product", "staff"): 0.87,
    ("service", "staff"): 0.84,
    ("staff", "image"): 0.84,
}


def ends(value: float, half: float, n: int = 470) -> dict[str, Any]:
    return {
        "estimate": value,
        "std_error": half / 1.96,
        "conf_low": value - half,
        "conf_high": value + half,
        "df": None,
        "p_value": None,
        "n": n,
    }


def validity() -> list[dict[str, Any]]:
    names = list(TEXTS)
    rows = []
    for c, ave in zip(names, (0.64, 0.52, 0.41, 0.6, 0.55, 0.71, 0.58), strict=True):
        rows.append({"statistic": "ave", "construct": c, "other": ""} | ends(ave, 0.05))
    for a, first in enumerate(names):
        for second in names[a + 1 :]:
            pair = {"construct": first, "other": second}
            value = HTMT.get((first, second), 0.5)
            half = 0.02 if (first, second) == ("staff", "image") else 0.08
            rows.append({"statistic": "htmt"} | pair | ends(value, half))
            rows.append({"statistic": "htmt2"} | pair | ends(value - 0.01, 0.1))
            rows.append({"statistic": "factor_correlation"} | pair | ends(-0.4, 0.07))
            rows.append({"statistic": "fornell_larcker"} | pair | ends(0.25, 0.06))
    rows.append({"statistic": "single_factor_share", "construct": "", "other": ""} | ends(0.38, 0.03))
    return rows


def model_fit() -> list[dict[str, Any]]:
    fit = {"cfi": 0.932, "cfi_robust": 0.941, "tli": 0.921, "tli_robust": 0.93, "srmr": 0.047, "aic": 9e3, "bic": 9.2e3}
    rows = [ends(value, 0.0) | {"statistic": name} for name, value in fit.items()]
    for row in rows:
        row |= {"std_error": None, "conf_low": None, "conf_high": None}
    for name, chi2 in (("chi2", 318.44), ("chi2_scaled", 284.11)):
        rows.append(rows[0] | {"statistic": name, "estimate": chi2, "df": 114.0, "p_value": 1e-12})
    for name, value in (("rmsea", 0.062), ("rmsea_robust", 0.057)):
        rows.append(ends(value, 0.006) | {"statistic": name, "std_error": None})
    return [{"construct": "", "other": ""} | row for row in rows]


def dimensions() -> list[dict[str, Any]]:
    rows = []
    for statistic, construct, other, value in (
        ("kmo", "", "", 0.914),
        ("kmo", "product", "pr1", 0.93),
        ("kmo", "staff", "st1", 0.9),
        ("n_factors_parallel", "", "", 2.0),
        ("n_factors_map", "", "", 1.0),
    ):
        rows.append({"statistic": statistic, "construct": construct, "other": other} | ends(value, 0.01))
    return rows


def explored() -> list[dict[str, Any]]:
    return [
        {"model": "efa", "construct": factor, "item": item, "estimate": value, "std_error": None}
        | {"conf_low": None, "conf_high": None, "n": 455}
        for item, values in (("pr1", (0.71, -0.02)), ("st1", (0.11, 0.64)))
        for factor, value in zip(("F1", "F2"), values, strict=True)
    ]


def invariance() -> dict[str, Any]:
    rows = []
    plan = (
        ("configural", "", 0.941, 0.055, None, None),
        ("metric", "", 0.939, 0.054, -0.002, -0.001),
        ("scalar", "", 0.921, 0.06, -0.018, 0.006),
        ("strict", "", 0.918, 0.06, -0.003, 0.0),
        ("scalar", "intercept se2", 0.934, 0.056, -0.005, 0.002),
    )
    for step, freed, cfi, rmsea, cfi_change, rmsea_change in plan:
        rows.append(
            {
                "group_by": "ctype",
                "step": step,
                "freed": freed,
                "chi2": 512.3,
                "df": 228,
                "cfi": cfi,
                "rmsea": rmsea,
                "srmr": 0.05,
                "chi2_change": None if cfi_change is None else 20.1,
                "df_change": None if cfi_change is None else 11,
                "p_change": None if cfi_change is None else 0.043,
                "cfi_change": cfi_change,
                "rmsea_change": rmsea_change,
                "srmr_change": None if cfi_change is None else 0.001,
                "holds": step != "scalar" or bool(freed),
                "verdict": "partial",
                "n": 470,
            }
        )
    told = {
        "ctype": both(
            "这些组的均值可谨慎比较，因为除 se2 外一致。", "Means may be compared with caution, because of se2."
        ),
        "region": both("这些组的均值能否比较尚不得知。", "Whether means may be compared is not known."),
    }
    notes = [{"code": "M156", "about": about} | texts for about, texts in told.items()]
    return {"rows": rows, "notes": notes}


def loadings() -> list[dict[str, Any]]:
    rows = []
    for own, texts in TEXTS.items():
        for i, _ in enumerate(texts, 1):
            for c in TEXTS:
                value = 0.72 if c == own else -0.8 if (own, i, c) == ("staff", 3, "product") else 0.31
                cell = {"model": "structure", "construct": c, "item": f"{own[:2]}{i}"} | ends(value, 0.05)
                rows.append({k: v for k, v in cell.items() if k not in ("df", "p_value")})
    return rows


def document() -> dict[str, Any]:
    """Return a fresh document; tests may change it."""
    sample = [
        {"question": q, "option": g[0], "n": g[3], "share": g[3] / 480, "weighted_share": g[3] / 480}
        for q, groups in GROUPS.items()
        for g in groups
    ]
    quality = [{"respondent": f"r{i}", "rule": "straightlining", "value": 1.0, "excluded": False} for i in range(12)]
    quality += [{"respondent": f"x{i}", "rule": "attention", "value": None, "excluded": True} for i in range(20)]
    steps = [{"step": "read", "n": 500}, {"step": "attention", "n": 480}, {"step": "kept", "n": 480}]
    return {
        "kind": "satmeter.results",
        "schema_version": 1,
        "provenance": {
            "satmeter": "0.1.0",
            "python": "3.11",
            "libraries": {"numpy": "2.4.6", "pandas": "3.1.1"},
            "questionnaire_digest": "sha256:" + "ab12" * 16,
            "data_digest": "sha256:" + "cd34" * 16,
            "plan_digest": "sha256:" + "ef56" * 16,
            "seed": 20261121,
            "replicates": 1000,
            "conf_level": 0.95,
        },
        "study": {
            "id": "power-utility",
            "version": "3",
            "title": both("供电客户满意度调查", "Power customer satisfaction survey"),
            "languages": ["zh-CN", "en"],
            "source": "answers.csv",
            "n_read": 500,
            "n": 480,
            "weighted": False,
            "n_eff": 480.0,
            "deff": 1.0,
            "index_construct": "satisfaction",
            "disclosure": {"sponsor": "市供电公司", "dates": "2026-09-01/2026-09-30"},
            "missing_rule": "person_mean",
            "min_answered": 0.5,
            "notes": [],
        },
        "questionnaire": questionnaire(),
        "sample": {"rows": sample, "notes": []},
        "disposition": {"rows": steps, "notes": []},
        "quality": {"rows": quality, "notes": []},
        "items": {
            "rows": items(),
            "notes": [
                {
                    "code": "M101",
                    "about": "st2",
                    "en": "Item st2 correlates weakly with the rest of its construct.",
                    "zh-CN": "题项 st2 与同一构念其余题项的相关较弱。",
                }
            ],
        },
        "reliability": {"rows": reliability(), "notes": []},
        "validity": {"rows": validity() + model_fit() + dimensions(), "notes": []},
        "loadings": {"rows": loadings() + explored(), "notes": []},
        "invariance": invariance(),
        "scores": {"rows": scores(), "notes": []},
        **drivers(),
    }
