"""What tables of groups, ranks, targets, waves, trees, adjusted scores and single questions must show."""

import importlib.util
from functools import partial
from pathlib import Path

spec = importlib.util.spec_from_file_location("expected_rows", Path(__file__).with_name("expected_rows.py"))
expected = importlib.util.module_from_spec(spec)
spec.loader.exec_module(expected)
points, tenths, two, ranged, rows_of = (
    getattr(expected, name) for name in ("points", "tenths", "two", "ranged", "rows_of")
)

SIDES = {"higher": "▲", "lower": "▼"}
hundredfold = partial(expected.rounded, digits=1, scale=100)


def tested(p):
    if p is None:
        return "–"
    return "<0.001" if p < 0.001 else expected.rounded(p, 3)


def some(row, form, key="estimate", low="conf_low", high="conf_high"):
    """A number with its interval, alone where it has none."""
    return form(row[key]) if row[low] is None else ranged(row, form, key, low, high)


def large(value, like=None):
    """A number of any size with about four figures; thousands are parted."""
    size = abs(value if like is None else like)
    if size < 1000:
        return points(value) if size >= 100 else two(value)
    return f"{int(expected.rounded(value, 0).replace('−', '-')):,}".replace("-", "−")


def scaled(row):
    return hundredfold if row["statistic"] == "top2" else points


def small(name, n, labels):
    """The name of a group, marked where it is small."""
    return name + (labels.brackets[0] + "n<30" + labels.brackets[1] if n < 30 else "")


def figure(row, labels):
    name = labels.of[row["measure"]]
    return name + labels.colon + labels.top if row["statistic"] == "top2" else name


def comparisons(document, labels):
    for row in rows_of(document, "comparisons"):
        shown = row["measure"] in labels.of and row["statistic"] != "index" and row["measure"] not in labels.items
        if row["verdict"] in SIDES and shown:
            other = [labels.options["region", row["other"]]] if row["other"] else []
            numbers = some(row, scaled(row)), tested(row["p_adjusted"]), two(row["effect_size"])
            name = SIDES[row["verdict"]] + labels.options["region", row["group"]]
            yield name, *other, figure(row, labels), *numbers, str(row["n"]), str(row["n_other"])


def targets(document, labels):
    for row in rows_of(document, "comparisons", method="target"):
        keys = ("measure", "statistic", "group_by", "group")
        (score,) = rows_of(document, "scores", **{key: row[key] for key in keys})
        yield labels.of[row["measure"]], row["other"], some(score, points), some(row, points), str(row["n"])


def ranks(document, labels):
    for row in rows_of(document, "ranks"):
        sets = f"{row['rank_low']}–{row['rank_high']}({row['marginal_low']}–{row['marginal_high']})"
        name = small(labels.options["region", row["unit"]], row["n"], labels)
        yield name, sets, ranged(row, points), str(row["n"]), str(row["tie_group"])


def waves(document, labels):
    """A line for every figure with a column a wave; then a line for every change of the newest wave."""
    rows = rows_of(document, "waves", group_by="")
    for measure in dict.fromkeys(row["measure"] for row in rows):
        of_waves = {row["wave"]: ranged(row, points) for row in rows if row["measure"] == measure}
        yield labels.of[measure], *of_waves.values()
    for row in rows_of(document, "waves", wave="2026"):
        option = labels.colon + labels.options[row["group_by"], row["group"]] if row["group_by"] else ""
        change = "–" if row["change"] is None else ranged(row, points, "change", "change_conf_low", "change_conf_high")
        last = tested(row["p_adjusted"]), str(row["n"]), str(row["n_other"])
        yield labels.of[row["measure"]] + option, ranged(row, points), change, *last


def tree(document, labels):
    """A line for every node; then a line for every group with the nodes that stand highest."""
    for row in rows_of(document, "tree", group_by=""):
        weight = tenths(row["weight"]) if row["level"] else "–"
        numbers = weight, tenths(row["share"]), ranged(row, points), points(row["contribution"]), str(row["n"])
        yield "–" * row["level"] + labels.of[row["node"]] + labels.turned.get(row["node"], ""), *numbers
    rows = rows_of(document, "tree", group_by="region")
    for group in dict.fromkeys(row["group"] for row in rows):
        own = [row for row in rows if row["group"] == group]
        name = small(labels.options["region", group], own[0]["n"], labels)
        yield name, str(own[0]["n"]), *(ranged(row, points) for row in own if row["level"] < 2)


def adjusted(document, labels):
    for raw in rows_of(document, "adjusted", method="raw"):
        (after,) = rows_of(document, "adjusted", method="adjusted", unit=raw["unit"])
        name = small(labels.options["region", raw["unit"]], raw["n"], labels)
        yield name, str(raw["n"]), ranged(raw, points), ranged(after, points), points(after["shift"])
    for row in rows_of(document, "case_mix"):
        name = labels.of["ctype"] + labels.colon + labels.options["ctype", row["term"][6:-1]]
        yield name, ranged(row, two), tested(row["p_value"]), str(row["n"])


def answers(document, labels):
    """Shares of cases and of answers, shares of cases by group, numbers, ratios."""
    cases = rows_of(document, "answers", statistic="share_cases")
    for row in cases:
        if not row["group_by"]:
            name = labels.options[row["question"], row["option"]]
            (given,) = rows_of(document, "answers", statistic="share_answers", option=row["option"])
            yield name, ranged(row, tenths), ranged(given, tenths), str(row["n"])
            yield name, *(ranged(r, tenths) for r in cases if r["group_by"] and r["option"] == row["option"])
    number = {row["statistic"]: row for row in rows_of(document, "answers", question="spend")}
    ends = (large(number[f"quantile{end}"]["estimate"], number["median"]["estimate"]) for end in (25, 75))
    middle, *means = (wide(number[name]) for name in ("median", "mean", "trimmed_mean"))
    yield labels.of["spend"], middle, "–".join(ends), *means, str(number["mean"]["n"])
    (ratio,) = rows_of(document, "answers", statistic="ratio")
    yield ratio["question"], wide(ratio), str(ratio["n"])


def wide(row):
    """A number of any size with its interval, to the digits of the number."""
    low, high = (large(row[key], row["estimate"]) for key in ("conf_low", "conf_high"))
    return f"{large(row['estimate'])}[{low},{high}]"
