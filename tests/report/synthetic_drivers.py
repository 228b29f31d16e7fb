"""What `drivers: {depth: full}` adds to the synthetic document: methods, models, groups, paths, conditions."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]

DRIVERS = ("service", "product", "staff", "image")
SHARES = {"service": 0.36, "product": 0.31, "staff": 0.19, "image": 0.14}
ABOVE = {("service", "product"): 0.84, ("product", "staff"): 0.97, ("staff", "image"): 0.99}
N = 470


def ranged(value: float, half: float) -> Row:
    return {"estimate": value, "std_error": half / 1.96, "conf_low": value - half, "conf_high": value + half, "n": N}


def shares(method: str, driver: str, share: float) -> Row:
    row = {"outcome": "satisfaction", "driver": driver, "method": method} | ranged(0.62 * share, 0.04)
    return row | {"share": share, "share_low": share - 0.06, "share_high": share + 0.06}


def methods() -> list[Row]:
    rows = [shares("johnson", driver, share) for driver, share in SHARES.items()]
    rows += [shares("dominance", driver, share) for driver, share in SHARES.items()]
    return rows + [
        shares("owen", item, share) for item, share in (("se2", 0.30), ("se1", 0.12), ("pr1", 0.11), ("im1", 0.05))
    ]


def dominance() -> list[Row]:
    rows = []
    for i, driver in enumerate(DRIVERS):
        for j, other in enumerate(DRIVERS):
            if i != j:
                complete = 1.0 if i < j else 0.0
                above = ABOVE.get((driver, other)) or 1 - ABOVE.get((other, driver), 0.0 if i < j else 1.0)
                rows.append(
                    {"outcome": "satisfaction", "driver": driver, "other": other, "complete": complete}
                    | {"conditional": complete, "general": 0.1, "reproduced": 0.81, "probability": above, "n": N}
                )
    return rows


def stated() -> list[Row]:
    values = (
        ("service", "both", True),
        ("product", "derived", True),
        ("staff", "stated", True),
        ("image", "stated", False),
    )
    return [
        {"outcome": "satisfaction", "driver": driver, "question": "why", "stated": 80.0 - 5 * j}
        | {"stated_low": 78.0 - 5 * j, "stated_high": 82.0 - 5 * j, "stated_rank": 1.0 + j, "derived": SHARES[driver]}
        | {"derived_low": SHARES[driver] - 0.06, "derived_high": SHARES[driver] + 0.06, "derived_rank": 1.0 + j}
        | {"kind": kind, "certain": certain, "n": 300}
        for j, (driver, kind, certain) in enumerate(values)
    ]


def effects() -> Row:
    rows = []
    for term, value in (("product", 0.31), ("service", 0.36), ("region[s]", -0.02)):
        for model, measure, scale in (
            ("ordinal", "points", 1.0),
            ("ordinal", "top2", 0.01),
            ("logistic", "top2", 0.012),
        ):
            row = {"outcome": "satisfaction", "term": term, "model": model, "measure": measure}
            rows.append(row | ranged(scale * value, scale * 0.08) | {"p_value": 0.7 if value < 0 else 1e-6})
    note = {
        "code": "D171",
        "about": "satisfaction",
        "en": "The ordinal regression explains sa1.",
        "zh-CN": "只解释 sa1。",
    }
    return {"rows": rows, "notes": [note]}


def fit(brant: float) -> list[Row]:
    return [{"outcome": "satisfaction", "statistic": "brant_p", "estimate": brant, "n": N}]


def diagnostics() -> list[Row]:
    rows = [
        ("", "condition_index", 31.4, None),
        ("", "cook_max", 0.05, None),
        ("", "influential_share", 0.06, None),
        ("", "r2_cv", 0.58, None),
        ("", "rmse_cv", 14.2, None),
        ("", "variance", 5.1, 0.0004),
        ("", "reset", 1.2, 0.31),
        ("product", "linearity", 0.9, 0.2),
        ("service", "linearity", 9.1, 0.001),
        ("product", "reversed", 0.12, None),
        ("service", "reversed", 0.01, None),
        ("staff", "suppressor", 0.97, None),
    ]
    return [
        {
            "outcome": "satisfaction",
            "term": term,
            "statistic": name,
            "estimate": value,
            "df": None,
            "p_value": p,
            "n": N,
        }
        for term, name, value, p in rows
    ]


def moderation() -> list[Row]:
    base = {"outcome": "loyalty", "driver": "satisfaction", "moderator": "image"}
    rows = [base | {"at": "product", "value": None} | ranged(0.004, 0.003) | {"p_value": 0.009}]
    for at, value, slope in (("low", 55.0, 0.25), ("mean", 70.0, 0.31), ("high", 85.0, 0.37)):
        rows.append(base | {"at": at, "value": value} | ranged(slope, 0.06) | {"p_value": 1e-5})
    empty = dict.fromkeys(("std_error", "conf_low", "conf_high", "p_value"))
    return [*rows, base | {"at": "outside", "value": 22.0, "estimate": -40.0, "n": N} | empty]


def segments() -> list[Row]:
    rows = []
    for driver, holm in (("product", 0.004), ("service", 0.6)):
        base = {"outcome": "satisfaction", "driver": driver, "group_by": "ctype", "df": 460.0}
        test = {"group": "", "estimate": 9.0, "p_value": holm / 2, "p_adjusted": holm, "n": N}
        rows.append(base | dict.fromkeys(("std_error", "conf_low", "conf_high")) | test)
        for group, value, n in (("h", 0.40, 372), ("b", 0.15, 98)):
            rows.append(base | {"group": group} | ranged(value, 0.1) | {"p_value": None, "p_adjusted": None, "n": n})
    return rows


def mediation() -> list[Row]:
    rows = []
    parts = {"image": (0.25, 0.10), "product": (None, 0.12), "time": (0.2, -0.06), "staff": (0.3, 0.01)}
    for source, (direct, indirect) in parts.items():
        total = (direct or 0.0) + indirect
        base = {
            "outcome": "loyalty",
            "source": source,
            "via": "",
            "bca_low": indirect - 0.04,
            "bca_high": indirect + 0.05,
        }
        if direct is not None:
            rows.append(base | {"effect": "direct", "share": direct / total} | ranged(direct, 0.08))
        rows.append(base | {"effect": "indirect", "share": indirect / total} | ranged(indirect, 0.045))
        rows.append(base | {"effect": "total", "share": 1.0} | ranged(total, 0.09))
        specific = {"via": "satisfaction", "effect": "specific", "share": indirect / total}
        rows.append(base | specific | ranged(indirect, 0.045))
    return rows


def asymmetry() -> list[Row]:
    kinds = (("service", "basic"), ("product", "performance"), ("staff", "excitement"), ("image", "undecided"))
    return [
        {"outcome": "satisfaction", "driver": driver, "penalty": -8.2, "penalty_low": -12.0, "penalty_high": -4.4}
        | {"reward": 3.1, "reward_low": 0.4, "reward_high": 5.8, "index": -0.45, "index_low": -0.8, "index_high": -0.1}
        | {"kind": kind, "n_low": 140, "n_high": 200, "n": N}
        for driver, kind in kinds
    ]


def necessity() -> list[Row]:
    rows = []
    for driver, steps, p in (("service", 0.21, 0.0005), ("product", 0.14, 0.2), ("staff", 0.02, 0.001)):
        base = {"outcome": "satisfaction", "driver": driver, "p_value": p, "n": N}
        rows.append(base | {"ceiling": "ce_fdh", "estimate": steps, "accuracy": 1.0})
        rows.append(base | {"ceiling": "cr_fdh", "estimate": steps - 0.01, "accuracy": 0.987})
    return rows


def bottlenecks() -> list[Row]:
    return [
        {"outcome": "satisfaction", "driver": "service", "level": level, "needed": needed, "attained": attained, "n": N}
        for level, needed, attained in ((50.0, None, True), (80.0, 42.0, True), (100.0, None, False))
    ]


def potential() -> list[Row]:
    rows = []
    for driver, value, half in (("service", 1.9, 0.8), ("product", 0.2, 0.4)):
        base = {"outcome": "satisfaction", "driver": driver, "group_by": "ctype", "best": "h", "mean": 69.1}
        rows.append(base | {"best_mean": 74.4, "gap": 5.3} | ranged(value, half))
    return rows


PATHS = (
    ("product", "satisfaction", 0.31, 0.07),
    ("service", "satisfaction", 0.36, 0.07),
    ("staff", "satisfaction", 0.04, 0.07),
    ("image", "satisfaction", 0.14, 0.07),
    ("time", "satisfaction", -0.20, 0.07),
    ("satisfaction", "loyalty", 0.48, 0.06),
    ("image", "loyalty", 0.25, 0.06),
)


def paths() -> list[Row]:
    rows = []
    for source, target, value, half in PATHS:
        base = {"source": source, "target": target, "bca_low": value - half - 0.01, "bca_high": value + half}
        rows.append(base | {"effect": "direct", "f2": 0.12, "vif": 1.4} | ranged(value, half))
        if (source, target) != ("image", "loyalty"):
            rows.append(base | {"effect": "total", "f2": None, "vif": None} | ranged(value, half))
    for effect, value in (("indirect", 0.07), ("total", 0.32)):
        base = {"source": "image", "target": "loyalty", "bca_low": None, "bca_high": None, "f2": None, "vif": None}
        rows.append(base | {"effect": effect} | ranged(value, 0.03))
    return rows


def chains() -> list[Row]:
    values = (("image", 0.07), ("service", 0.17), ("staff", 0.02))
    return [{"source": s, "target": "loyalty", "via": "satisfaction"} | ranged(v, 0.04) for s, v in values]


def models() -> Row:
    rows = []
    for source, target, value, half in PATHS:
        for model, shift in (("pls", 0.0), ("plsc", 0.06), ("sem", 0.05)):
            rows.append({"model": model, "source": source, "target": target} | ranged(value + shift, half))
    note = {
        "code": "D158",
        "about": "",
        "en": "The consistent estimates are inadmissible.",
        "zh-CN": "一致性估计不可接受。",
    }
    return {"rows": rows, "notes": [note]}


def quality() -> list[Row]:
    rows = [
        {"model": "pls", "construct": construct, "other": "", "statistic": statistic, "p_value": None}
        | ranged(value, 0.05)
        for construct, ave in (("satisfaction", 0.71), ("loyalty", 0.45))
        for statistic, value in (("r2", 0.61), ("rho_a", 0.82), ("rho_c", 0.88), ("ave", ave))
    ]
    whole = [("pls", "srmr", 0.046, None), ("pls", "d_uls", 0.4, 0.0002), ("pls", "d_g", 0.2, 0.03)]
    whole += [("sem", "chi2_scaled", 512.4, 0.00001), ("sem", "df", 210.0, None), ("sem", "cfi_robust", 0.971, None)]
    whole += [("sem", "rmsea_robust", 0.041, None), ("sem", "srmr", 0.044, None)]
    empty = {"construct": "", "other": "", "conf_low": None, "conf_high": None, "n": N}
    return rows + [{"model": m, "statistic": s, "estimate": v, "p_value": p} | empty for m, s, v, p in whole]


def groups() -> list[Row]:
    base = {"group_by": "ctype", "group": "h", "other": "b", "n": 372, "n_other": 98}
    rows = []
    for target in ("product", "satisfaction"):
        for statistic, value, p in (("composition", 0.998, 0.4), ("mean", 0.31, 0.002), ("variance", 0.1, 0.5)):
            ends = {"first": None, "second": None, "low": 0.99, "high": None, "p_adjusted": None}
            rows.append(
                base
                | ends
                | {"statistic": statistic, "source": "", "target": target}
                | {"estimate": value, "p_value": p}
            )
    for source, holm in (("product", 0.0004), ("service", 0.8)):
        ends = {"first": 0.40, "second": 0.12, "low": -0.15, "high": 0.15, "p_value": holm / 2, "p_adjusted": holm}
        rows.append(base | ends | {"statistic": "path", "source": source, "target": "satisfaction", "estimate": 0.28})
    return rows


def importance() -> list[Row]:
    rows = []
    places = {
        "product": (0.30, 78.4, True),
        "service": (0.35, 69.1, True),
        "staff": (-0.03, 75.2, False),
        "time": (0.2, 58.3, True),
    }
    for driver, (value, score, certain) in places.items():
        for item in ("", f"{driver[:2]}1"):
            row = {"outcome": "satisfaction", "driver": driver, "item": item, "certain": certain, "n": N}
            row |= {"importance": value, "importance_low": value - 0.08, "importance_high": value + 0.08}
            row |= {"performance": score, "performance_low": score - 1.8, "performance_high": score + 1.8}
            row |= {"importance_line": 0.205, "performance_line": 70.25}
            rows.append(row | {"quadrant": "strength" if driver == "product" else "improve"})
    return rows


def prediction() -> list[Row]:
    return [
        {"construct": "satisfaction", "item": f"sa{j}", "rmse": 17.0 + j, "mae": 13.0, "q2": q2, "linear_rmse": 19.0}
        | {"linear_mae": 13.5, "linear_q2": 0.3, "folds": 10, "n": N}
        for j, q2 in ((1, 0.36), (2, 0.30), (3, -0.02))
    ]


def with_drivers(document: Row, brant: float = 0.21) -> Row:
    """Return the document with all sections of a full study."""
    found = dict(document)
    for section, rows in (("drivers", methods()), ("fit", fit(brant))):
        found[section] = {"rows": [*document[section]["rows"], *rows], "notes": []}
    plain = {"dominance": dominance(), "stated": stated(), "diagnostics": diagnostics(), "moderation": moderation()}
    plain |= {"segments": segments(), "mediation": mediation(), "asymmetry": asymmetry(), "necessity": necessity()}
    plain |= {"bottlenecks": bottlenecks(), "potential": potential(), "paths": paths(), "path_chains": chains()}
    plain |= {"path_quality": quality(), "path_groups": groups(), "path_importance": importance()}
    plain |= {"prediction": prediction()}
    found |= {name: {"rows": rows, "notes": []} for name, rows in plain.items()}
    return found | {"marginal_effects": effects(), "path_models": models()}
