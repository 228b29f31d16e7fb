"""What a methodologist's study adds to the synthetic document: distributions, confirmatory loadings, scree."""

from __future__ import annotations

from typing import Any

SHARES = (0.05, 0.10, 0.20, 0.40, 0.25)


def distributions(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"construct": construct["id"], "item": item["id"], "code": code, "n": round(480 * share), "share": share}
        for construct in document["questionnaire"]["constructs"]
        for item in construct["items"]
        for code, share in enumerate(SHARES, 1)
    ]


def confirmatory(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"model": "cfa", "construct": construct["id"], "item": item["id"], "estimate": 0.71, "std_error": 0.03}
        | {"conf_low": 0.65, "conf_high": 0.77, "n": 470}
        for construct in document["questionnaire"]["constructs"]
        for item in construct["items"]
    ]


def scree() -> list[dict[str, Any]]:
    values, reference = (5.1, 1.9, 1.3, 0.9, 0.6), (1.4, 1.3, 1.25, 1.1, 1.0)
    return [
        {"number": j, "eigenvalue": value, "reference": other, "mean": other - 0.05}
        for j, (value, other) in enumerate(zip(values, reference, strict=True), 1)
    ]


def with_measurement(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with these sections."""
    found = dict(document)
    found["distributions"] = {"rows": distributions(document), "notes": []}
    found["loadings"] = {"rows": [*document["loadings"]["rows"], *confirmatory(document)], "notes": []}
    found["scree"] = {"rows": scree(), "notes": []}
    return found


def ends(value: float, half: float = 0.04, **more: Any) -> dict[str, Any]:
    """Return a row's figures."""
    around = {"estimate": value, "std_error": half / 2, "conf_low": value - half, "conf_high": value + half}
    return around | {"n": 470} | more


def again() -> list[dict[str, Any]]:
    """Return the coefficients of a second survey, of a difference and of all items."""
    rows = []
    for c, icc, change in (("product", 0.93, 0.4), ("service", 0.78, -3.0), ("staff", 0.62, 1.0), ("image", 0.41, 0.2)):
        for name, value in (("test_retest", icc + 0.01), ("icc_agreement", icc), ("icc_consistency", icc + 0.005)):
            rows.append({"construct": c, "coefficient": name, "n_items": 3} | ends(value, n=118))
        rows.append({"construct": c, "coefficient": "mean_change", "n_items": 3} | ends(change, 1.5, n=118))
    rows.append({"construct": "product-time", "coefficient": "difference_reliability", "n_items": 5} | ends(0.58))
    for name, value in (("alpha", 0.91), ("alpha_std", 0.90), ("omega_hierarchical", 0.66), ("omega_groups", 0.94)):
        rows.append({"construct": "", "coefficient": name, "n_items": 16} | ends(value, n=455))
    for name, value in (("rho_c", 0.85), ("sem", 8.26), ("omega_ordinal", 0.88), ("lambda4", 0.86), ("glb", 0.87)):
        rows.append({"construct": "product", "coefficient": name, "n_items": 3} | ends(value))
    return rows


def outside() -> list[dict[str, Any]]:
    """Return known groups, criteria, marker and the model of ordered answers."""
    empty = {"construct": "", "other": "", "df": None, "p_value": None}
    known = [
        ("satisfaction", "ctype[h]>[b]", 0.62, 0.2),
        ("loyalty", "region[n]>[w]", 0.1, 0.2),
        ("image", "region[e]>[s]", -0.31, 0.2),
    ]
    rows = [
        empty
        | {"statistic": "known_groups", "construct": c, "other": o, "df": 210.5, "p_value": 0.0123}
        | ends(d, half)
        for c, o, d, half in known
    ]
    for name, value in (("criterion", 0.31), ("criterion_rank", 0.28), ("criterion_disattenuated", 0.35)):
        rows.append(empty | {"statistic": name, "construct": "satisfaction", "other": "lo2"} | ends(value, 0.08))
    rows.append(empty | {"statistic": "criterion", "construct": "image", "other": "lo2"} | ends(0.02, 0.08))
    rows.append(empty | {"statistic": "marker_r", "construct": "service", "other": "st3"} | ends(0.12, 0.08))
    for (a, b), value in {("product", "service"): 0.5, ("product", "image"): 0.03, ("service", "image"): 0.4}.items():
        rows.append(empty | {"statistic": "marker_adjusted", "construct": a, "other": b} | ends(value, 0.08))
    for (a, b), value in {("product", "service"): 0.8, ("product", "image"): 0.3, ("service", "image"): 0.4}.items():
        rows.append(empty | {"statistic": "cfa_correlation", "construct": a, "other": b} | ends(value))
        rows.append(empty | {"statistic": "cfa_ordinal_correlation", "construct": a, "other": b} | ends(value + 0.05))
    for name, value in (("cfi", 0.971), ("tli", 0.966), ("srmr", 0.041)):
        rows.append(empty | {"statistic": f"{name}_wlsmv", "estimate": value, "n": 470})
    rows.append(empty | {"statistic": "rmsea_wlsmv"} | ends(0.048, 0.006))
    rows.append(empty | {"statistic": "chi2_wlsmv", "estimate": 301.2, "df": 114.0, "p_value": 1e-9, "n": 470})
    rows.append(empty | {"statistic": "bartlett", "estimate": 2210.4, "df": 153.0, "p_value": 1e-9, "n": 470})
    rows.append(empty | {"statistic": "aic", "estimate": 18234.56, "n": 470})
    return rows


def differential() -> list[dict[str, Any]]:
    """Return tests of five items by two questions."""
    plan = {
        ("ctype", "staff", "st3"): (0.001, 0.081, "C", 0.002, 0.4),
        ("ctype", "staff", "st1"): (0.021, 0.012, "A", 0.3, 0.01),
        ("ctype", "staff", "st2"): (0.2, 0.04, "B", 0.3, 0.3),
        ("ctype", "product", "pr1"): (0.9, 0.001, "A", 0.9, 0.9),
        ("region", "product", "pr1"): (0.8, 0.001, "A", 0.9, 0.9),
    }
    rows = []
    for (question, construct, item), (p, effect, size, uniform, nonuniform) in plan.items():
        base = {"group_by": question, "construct": construct, "item": item, "statistic": 14.25, "df": 2, "n": 460}
        base |= {"effect": effect, "size": size}
        for kind, adjusted in (("total", p), ("uniform", uniform), ("nonuniform", nonuniform)):
            rows.append(base | {"kind": kind, "p_value": adjusted / 2, "p_adjusted": adjusted})
    return rows


def with_depth(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with everything that `measurement: full` and the keys of validity and retest add."""
    found = with_measurement(document)
    for section, rows in (("reliability", again()), ("validity", outside())):
        found[section] = {"rows": [*found[section]["rows"], *rows], "notes": []}
    ordinal = [row | {"model": "cfa_ordinal", "estimate": 0.76} for row in confirmatory(document)]
    found["loadings"]["rows"] = [*found["loadings"]["rows"], *ordinal]
    found["loadings"]["notes"] = [note("M176", "", "Two confirmatory models are given.", "结果给出两种验证性模型。")]
    found["dif"] = {"rows": differential(), "notes": [note("M226", "ctype", "cp1 not tested.", "cp1 未作检验。")]}
    found["validity"]["notes"] = [
        note("M207", "service", "All 3 correlations still differ from 0.", "3 个相关仍不含 0。"),
        note("M200", "ctype", "The scores support the difference.", "得分支持差异。"),
        note("M140", "", "No validity statistics for one.", "一个构念没有效度统计量。"),
    ]
    found["lint"] = lint()
    found["items"] = {"rows": [row | {"skew": -0.456} for row in document["items"]["rows"]], "notes": []}
    return found


def note(code: str, about: str, english: str, chinese: str) -> dict[str, str]:
    return {"code": code, "about": about, "en": english, "zh-CN": chinese}


def lint() -> dict[str, Any]:
    """Return one item that runs the wrong way, one that is skewed, and four that lie near another construct."""
    rows = [{"construct": "staff", "item": "st2", "finding": "skewed", "value": -2.31, "limit": -2.0}]
    rows += [
        {"construct": "product", "item": item, "finding": "cross_loading", "value": 0.7 + j / 100, "limit": 0.62}
        for j, item in enumerate(("pr1", "pr2", "pr3", "se1"))
    ]
    rows.append({"construct": "time", "item": "ti1", "finding": "negative_item_rest", "value": -0.2, "limit": 0.0})
    notes = [note("M220", "st2", "st2: the ratings are very skewed.", "st2：评分严重偏斜。")]
    notes += [
        note("M215", row["item"], f"{row['item']} near another.", f"{row['item']} 接近他者。") for row in rows[1:5]
    ]
    notes.append(note("M212", "ti1", "ti1 goes against the others.", "ti1 与其余题项方向相反。"))
    return {"rows": rows, "notes": notes}
