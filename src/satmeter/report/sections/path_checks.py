"""Whether the path model can be trusted: its constructs, other methods, prediction out of sample."""

from __future__ import annotations

from satmeter.report.context import Part, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import count, decimal
from satmeter.report.results import Row, matching
from satmeter.report.sections.cells import columns, estimated, excludes_zero, item_label, p_text, ranged
from satmeter.report.sections.path_diagram import arrow_label

ENOUGH_RELIABILITY = 0.7
ENOUGH_VARIANCE = 0.5
QUALITY = ("r2", "rho_a", "rho_c", "ave")
METHODS = ("pls", "plsc", "sem")


def quality_part(edition: Edition) -> Part:
    """Return explained variance, reliability and AVE of the model's constructs; an empty part without rows."""
    words, label = edition.words, edition.results.label
    rows = [r for r in matching(edition.results.rows("path_quality"), {"model": "pls"}) if r["statistic"] in QUALITY]
    if not rows:
        return Part()
    cells, weak = [], []
    for name in dict.fromkeys(str(row["construct"]) for row in rows):
        own = {str(row["statistic"]): row for row in rows if row["construct"] == name}
        cells.append(
            (label(name), *(estimated(own.get(key, {})) for key in QUALITY), count(next(iter(own.values()))["n"]))
        )
        low = _below(own, "rho_a", ENOUGH_RELIABILITY) or _below(own, "ave", ENOUGH_VARIANCE)
        weak += [label(name)] if low else []
    key = "path_quality_weak" if weak else "path_quality_good"
    sentence = words.fill(f"sentence.{key}", {"constructs": words.join(weak)})
    heads = ("r2", "rho_a", "rho_c", "ave", "n")
    table = Table(edition.caption("path_quality"), columns(edition, ("construct",), heads), tuple(cells))
    return Part(words["heading.path_quality"], (sentence,), tables=(table,))


def _below(rows: dict[str, Row], statistic: str, limit: float) -> bool:
    value = rows.get(statistic, {}).get("estimate")
    return value is not None and value < limit


def model_part(edition: Edition) -> Part:
    """Return the same paths by several methods, and what is to be noted about them; nothing for one method."""
    words, results = edition.words, edition.results
    rows = [row for row in results.rows("path_models") if row["model"] in METHODS]
    used = tuple(method for method in METHODS if any(row["model"] == method for row in rows))
    notes = results.notes("path_models")
    if len(used) < 2:
        return Part(words["heading.path_models"], notes) if notes else Part()
    found: dict[tuple[str, str], dict[str, Row]] = {}
    for row in rows:
        found.setdefault((str(row["source"]), str(row["target"])), {})[str(row["model"])] = row
    cells = []
    for own in found.values():
        first = next(iter(own.values()))
        numbers = (estimated(own.get(method, {})) for method in used)
        cells.append((arrow_label(edition, first), *numbers, count(first["n"])))
    told = words.paragraph([_agreement_sentence(edition, found), _structural_sentence(edition)])
    table = Table(edition.caption("path_models"), columns(edition, ("path",), (*used, "n")), tuple(cells))
    return Part(words["heading.path_models"], (told, *notes), tables=(table,))


def _agreement_sentence(edition: Edition, found: dict[tuple[str, str], dict[str, Row]]) -> str:
    """Return for which paths the methods disagree on whether, and to which side, zero is left out."""
    words = edition.words
    differing = []
    for own in found.values():
        sides = {(row["estimate"] > 0) if excludes_zero(row) else None for row in own.values()}
        if len(sides) > 1:
            differing.append(arrow_label(edition, next(iter(own.values()))))
    if not differing:
        return words["sentence.models_agree"]
    return words.fill("sentence.models_differ", {"paths": words["list.semicolon"].join(differing)})


def _structural_sentence(edition: Edition) -> str:
    """Return the fit of the covariance-based model, where it was fitted."""
    rows = matching(edition.results.rows("path_quality"), {"model": "sem"})
    by_name = {str(row["statistic"]): row for row in rows if not row["construct"]}
    needed = ("chi2_scaled", "df", "cfi_robust", "rmsea_robust", "srmr")
    known = all(by_name.get(name, {}).get("estimate") is not None for name in needed)
    if not known or by_name["chi2_scaled"].get("p_value") is None:
        return ""
    rmsea = by_name["rmsea_robust"]
    fields = {
        "chi2": decimal(by_name["chi2_scaled"]["estimate"], 1),
        "df": decimal(by_name["df"]["estimate"], 0),
        "p": p_text(by_name["chi2_scaled"]["p_value"]),
        "cfi": decimal(by_name["cfi_robust"]["estimate"], 3),
        "rmsea": ranged(rmsea["estimate"], rmsea.get("conf_low"), rmsea.get("conf_high"), 3),
        "srmr": decimal(by_name["srmr"]["estimate"], 3),
    }
    return edition.words.fill("sentence.structural_fit", fields)


def prediction_part(edition: Edition) -> Part:
    """Return how well items of outcomes are predicted for respondents left out; an empty part without rows."""
    words = edition.words
    rows = [row for row in edition.results.rows("prediction") if row.get("q2") is not None]
    if not rows:
        return Part()
    better = sum(row["q2"] > 0 for row in rows)
    compared = [row for row in rows if row.get("linear_rmse") is not None]
    ahead = sum(row["rmse"] < row["linear_rmse"] for row in compared)
    fields = {"better": str(better), "all": str(len(rows)), "folds": str(rows[0]["folds"])}
    sentences = [words.fill("sentence.predicted", fields)]
    if compared:
        fields = {"ahead": str(ahead), "all": str(len(compared))}
        key = "predicted_ahead" if 2 * ahead > len(compared) else "predicted_behind"
        sentences.append(words.fill(f"sentence.{key}", fields))
    cells = tuple(
        (
            item_label(edition, str(row["item"])),
            decimal(row["q2"], 2),
            decimal(row.get("linear_q2"), 2),
            *(decimal(row.get(key), 1) for key in ("rmse", "linear_rmse", "mae", "linear_mae")),
            count(row["n"]),
        )
        for row in rows
    )
    heads = ("q2", "linear_q2", "rmse", "linear_rmse", "mae", "linear_mae", "n")
    table = Table(edition.caption("prediction"), columns(edition, ("item_wording",), heads), cells)
    return Part(words["heading.prediction"], (words.paragraph(sentences),), tables=(table,))
