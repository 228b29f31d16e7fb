"""Ids and codes of results.json in the language of a workbook."""

from __future__ import annotations

import re

from satmeter.report.edition import Edition
from satmeter.report.results import Row
from satmeter.report.sections.driver_names import term_label

NAMES = (
    "question",
    "option",
    "construct",
    "item",
    "other",
    "measure",
    "group_by",
    "group",
    "best",
    "outcome",
    "driver",
    "term",
    "moderator",
    "mediator",
    "source",
    "target",
    "via",
    "code",
    "freed",
    "margin",
    "category",
    "unit",
    "within",
    "stratum",
    "theme",
    "root",
    "node",
    "parent",
    "adjuster",
)
"""Columns that name something of the questionnaire."""

CODES = {
    "statistic": ("statistic.{code}", "coefficient.{code}", "form_test.{code}", "xlsx_code.{code}"),
    "coefficient": ("coefficient.{code}",),
    "method": ("importance_method.{code}", "xlsx_code.{code}"),
    "model": ("loading_model.{code}", "xlsx_code.{code}"),
    "std_error_type": ("xlsx_code.{code}",),
    "effect": ("effect.{code}", "xlsx_code.{code}"),
    "step": ("step.{code}", "level.{code}"),
    "rule": ("rule.{code}",),
    "kind": ("dif_kind.{code}", "said.{code}", "asymmetry.{code}", "tree_kind.{code}"),
    "verdict": ("invariance_verdict.{code}", "xlsx_code.{code}"),
    "finding": ("xlsx_finding.{code}",),
    "quadrant": ("quadrant.{code}",),
    "at": ("place.{code}", "xlsx_code.{code}"),
    "stage": ("xlsx_code.{code}",),
    "ceiling": ("xlsx_code.{code}",),
    "type": ("xlsx_code.{code}",),
    "role": ("xlsx_code.{code}",),
    "mode": ("xlsx_code.{code}",),
    "reason": ("reason.{code}", "trend.reason.{code}"),
    "disposition": ("contact.{code}",),
    "key": ("told.{code}",),
}
"""Columns of codes, and the words that name them, in the order in which they are looked for."""

_CODES_THERE = (
    ("marginal_effects", "measure"),
    *(("disclosure", key) for key in ("item", "source", "standard")),
)
"""Columns that hold codes in one section, and names of the questionnaire in others."""

_BOUNDARY = re.compile(r"(?:(.+) )?\((\d[^()]*\|[^()]*)\)")
_KNOWN_GROUPS = re.compile(r"(\w+)\[(.+)\]>\[(.+)\]")
_ROUTE = " → "


def is_code(section: str, key: str) -> bool:
    """Tell whether a column holds codes of satmeter, and not names of the questionnaire or numbers."""
    return key in CODES or (section, key) in _CODES_THERE


def code_label(edition: Edition, section: str, key: str, code: str) -> str:
    """Return the word for a code; a code that nobody knows is shown as it is."""
    words = edition.words
    keys = CODES.get(key, ("xlsx_code.{code}",))
    if (section, key) == ("path_groups", "statistic"):
        keys = ("xlsx_difference.{code}",)
    found = (name.format(code=code) for name in keys)
    return next((words[name] for name in found if name in words), code)


def name_label(edition: Edition, section: str, key: str, row: Row) -> str:
    """Return what a name of the questionnaire stands for: label of a construct, wording of an item, text of an answer.

    A name that stands for nothing is shown as it is; an empty one by what it means in its section, or not at all.
    """
    name = str(row[key])
    if not name:
        return _empty(edition, section, key)
    results = edition.results
    if key == "unit" and not row.get("group_by"):
        return results.label(name)
    if key in ("group", "best", "unit") or (section in ("path_groups", "comparisons") and key == "other"):
        return results.option(str(row.get("group_by") or ""), name)
    if key == "stratum":
        return results.option(str(row["within"]), name)
    if key in ("option", "category"):
        return results.option(str(row.get("question") or row.get("margin") or ""), name)
    if key == "theme":
        return results.theme(str(row.get("question") or ""), name)
    if key == "code":
        return _point(edition, row)
    if key == "via":
        return _ROUTE.join(results.label(part) for part in name.split(_ROUTE))
    if key == "other" and (match := _KNOWN_GROUPS.fullmatch(name)):
        higher, lower = (results.option(match[1], code) for code in (match[2], match[3]))
        return edition.words.tagged(results.label(match[1]), f"{higher} > {lower}")
    return _term(edition, row, name)


def _term(edition: Edition, row: Row, name: str) -> str:
    results, words = edition.results, edition.words
    if match := _BOUNDARY.fullmatch(name):
        boundary = words.fill("xlsx.threshold", {"text": match[2]})
        return words.tagged(term_label(edition, match[1]), boundary) if match[1] else boundary
    driver, bar, option = name.partition("|")
    if bar:
        return words.tagged(term_label(edition, driver), results.option(str(row.get("outcome") or ""), option))
    if pair := _difference(edition, name):
        return " − ".join(results.label(part) for part in pair)
    return term_label(edition, name)


def _difference(edition: Edition, name: str) -> tuple[str, str] | None:
    """Return the two constructs of a difference ``a-b``."""
    constructs = {str(construct["id"]) for construct in edition.results.constructs}
    pairs = ((first, name.removeprefix(f"{first}-")) for first in sorted(constructs) if name.startswith(f"{first}-"))
    return next((pair for pair in pairs if pair[1] in constructs), None)


def _point(edition: Edition, row: Row) -> str:
    """Return the label of a point of an item's scale; its number where it has none."""
    results = edition.results
    scale = results.scales.get(str((results.items.get(str(row.get("item"))) or {}).get("scale"))) or {}
    labels = {str(point["code"]): results.text(point.get("label")) for point in scale.get("points") or ()}
    return labels.get(str(row["code"])) or str(row["code"])


def _empty(edition: Edition, section: str, key: str) -> str:
    words = edition.words
    if key == "group" and section in ("scores", "waves", "tree", "answers", "verbatims"):
        return words["xlsx.everybody"]
    if (section, key) == ("segments", "group"):
        return words["xlsx.difference_test"]
    if (section, key) == ("reliability", "construct"):
        return words["xlsx.all_items"]
    return ""
