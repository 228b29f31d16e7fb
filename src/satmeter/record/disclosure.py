"""What must be told with published results: AAPOR's eleven items and the ESOMAR minimum."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping
from typing import Any

from satmeter.record.disclosure_words import LANGUAGES, Texts, joined, listed, say

Row = dict[str, Any]
Document = Mapping[str, Any]

AAPOR = (
    ("strategy", ("strategy",), ()),
    ("sponsor_conductor", ("sponsor", "conductor"), ("funder", "contact")),
    ("instrument", ("questionnaire",), ("instrument",)),
    ("population", ("population",), ()),
    ("sample", ("sampling", "frame", "recruitment"), ()),
    ("mode", ("mode",), ("languages",)),
    ("dates", ("dates",), ()),
    ("size_precision", ("n", "precision"), ("response",)),
    ("weighting", ("weights",), ("weighting",)),
    ("processing", ("quality", "software"), ("processing",)),
    ("limitations", ("limitations",), ()),
)
"""Items of the AAPOR Code of Ethics III.A (2021) in its order, with what each needs and what may stand beside it."""

ESOMAR = (
    ("company", ("conductor",), ()),
    ("sponsor", ("sponsor",), ()),
    ("universe", ("population",), ()),
    ("sample_size", ("n",), ()),
    ("method", ("mode",), ()),
    ("dates", ("dates",), ()),
)
"""What the ESOMAR/WAPOR guideline wants beside every published result."""

_BASE_NEEDS = "weighting"  # weights that came with the data are explained by whoever made them


def disclosure_rows(document: Document) -> list[Row]:
    """Return the items of disclosure, each from what the researcher typed or from what the data know.

    Parameters
    ----------
    document
        A results document; read are its parts `study`, `questionnaire`, `provenance`, `scores`, `disposition`,
        `quality`, `margins`, `contacts`, `response` and `nonresponse`.

    Returns
    -------
    list of dict
        Keys `number` (from 1, within the standard), `item`, `key`, `text` (language to words; ``und`` where the study
        file does not say in which), `source` (``typed``, ``data`` or empty), `complete`, `standard`. What has to be
        told and is not stands there with an empty text and `complete` false.

    Notes
    -----
    AAPOR (2021), Code of Professional Ethics and Practices, III.A; ESOMAR/WAPOR (2014), Guideline on Opinion Polls and
    Published Surveys. The sentence on nonprobability samples follows AAPOR (2016), Guidance on Reporting Precision for
    Nonprobability Samples.
    """
    told = _told(document)
    rows = []
    base = "base" in (document["study"].get("weighting_steps") or ())
    for standard, items in (("aapor", AAPOR), ("esomar", ESOMAR)):
        for number, (item, needed, beside) in enumerate(items, start=1):
            keys = [*needed, *(key for key in beside if key in told or (key == _BASE_NEEDS and base))]
            for key in keys:
                text, source = told.get(key, ({}, ""))
                own = {"number": number, "item": item, "key": key, "text": text, "source": source}
                rows.append(own | {"complete": bool(text), "standard": standard})
    return rows


def _told(document: Document) -> dict[str, tuple[Texts, str]]:
    """Return what is known under every key, and whether it was typed."""
    found: dict[str, tuple[Texts, str]] = {
        key: (texts, "data") for key, texts in _known(document).items() if any(texts.values())
    }
    for key, value in (document["study"].get("disclosure") or {}).items():
        texts = {"und": value} if isinstance(value, str) else dict(value)
        if any(texts.values()):
            found[key] = (texts, "typed")
    return found


def _known(document: Document) -> dict[str, Texts]:
    study, asked = document["study"], document.get("questionnaire") or {}
    items = sum(len(construct.get("items") or ()) for construct in asked.get("constructs") or ())
    known = {
        "strategy": say("strategy", items=items, questions=len(asked.get("questions") or ())),
        "questionnaire": _questionnaire(document),
        "languages": say("languages", languages=listed([dict.fromkeys(LANGUAGES, tag) for tag in study["languages"]])),
        "n": _size(study),
        "weights": _weights(document),
        "quality": _quality(document),
        "software": _software(document),
    }
    if study.get("sampling"):
        known["sampling"] = say(study["sampling"])
        known["precision"] = _precision(document)
    if dates := study.get("dates"):
        key = "day" if dates[0] == dates[-1] else "dates"
        known["dates"] = say(key, first=dates[0], last=dates[-1])
    if response := _response(document):
        known["response"] = response
    return known


def _rows(document: Document, section: str) -> list[Mapping[str, Any]]:
    return list((document.get(section) or {}).get("rows") or ())


def _count(value: float) -> str:
    return f"{value:,.0f}"


def _percent(value: float) -> str:
    return f"{100 * value:.1f}%"


def _level(document: Document) -> str:
    return f"{100 * float((document.get('provenance') or {}).get('conf_level') or 0.95):g}%"


def _questionnaire(document: Document) -> Texts:
    study, asked = document["study"], document.get("questionnaire") or {}
    origin = str(asked.get("source") or "").strip().rstrip(".。")
    source = say("source", source=origin) if origin else dict.fromkeys(LANGUAGES, "")
    digest = str((document.get("provenance") or {}).get("questionnaire_digest") or "–")[:19]
    return say("questionnaire", id=study["id"], version=study["version"], source=source, digest=digest)


def _size(study: Mapping[str, Any]) -> Texts:
    fields = {"n": _count(study["n"]), "read": _count(study["n_read"])}
    if study.get("weighted") and study.get("n_eff"):
        return say("n", **fields, n_eff=_count(study["n_eff"]))
    return say("n_equal", **fields)


def _response(document: Document) -> Texts | None:
    """Return RR3, or RR1 where no part of the cases of unknown eligibility is stated."""
    rates = {(row["statistic"], row["weighted"]): row["estimate"] for row in _rows(document, "response")}
    name = next((name for name in ("rr3", "rr1") if rates.get((name, False)) is not None), None)
    if name is None:
        return None
    cases = _count(sum(row["n"] for row in _rows(document, "contacts")))
    fields = {"cases": cases, "name": name.upper(), "rate": _percent(rates[name, False])}
    weighted = rates.get((name, True))
    return (
        say("response", **fields)
        if weighted is None
        else say("response_weighted", **fields, weighted=_percent(weighted))
    )


def _precision(document: Document) -> Texts:
    study, level = document["study"], _level(document)
    if study["sampling"] == "nonprobability":
        return say("no_margin")
    index = next(
        (row for row in _rows(document, "scores") if row["statistic"] == "index" and not row["group_by"]), None
    )
    parts = [say(f"part.{part}") for part in study.get("design") or () if part != "frequency"]
    effect = (index or study).get("deff")
    design = say("no_design")
    if parts and effect is not None:
        design = say("design_effect", parts=listed(parts), deff=f"{effect:.2f}")
    told = [say("precision", level=level, design=design)]
    if index is not None and None not in (index.get("conf_low"), index.get("conf_high")):
        margin = (index["conf_high"] - index["conf_low"]) / 2
        told.insert(0, say("margin", margin=f"{margin:.1f}", level=level))
    return joined(told)


def _weights(document: Document) -> Texts:
    study = document["study"]
    steps = study.get("weighting_steps") or ()
    if not study.get("weighted"):
        return say("unweighted")
    told = [say("base")] if "base" in steps else []
    if "nonresponse" in steps:
        told.append(say("nonresponse", classes=len(_rows(document, "nonresponse"))))
    if margins := dict.fromkeys(str(row["margin"]) for row in _rows(document, "margins")):
        told.append(say("calibration", margins=listed([_margin(document, margin) for margin in margins])))
    cost = {"deff": f"{study['deff']:.2f}", "n": _count(study["n"]), "n_eff": _count(study["n_eff"])}
    return joined([*told, say("cost", **cost)])


def _margin(document: Document, margin: str) -> Texts:
    """Return the questions of a margin by their wording."""
    questions = {q["id"]: q["text"] for q in (document.get("questionnaire") or {}).get("questions") or ()}
    parts = [questions.get(part, {}) for part in margin.split("*")]
    names = margin.split("*")
    return {
        language: " × ".join(
            str(texts.get(language) or next((t for t in texts.values() if t), name))
            for texts, name in zip(parts, names, strict=True)
        )
        for language in LANGUAGES
    }


def _quality(document: Document) -> Texts:
    steps = _rows(document, "disposition")
    left_out = {b["step"]: int(a["n"]) - int(b["n"]) for a, b in itertools.pairwise(steps) if int(a["n"]) > int(b["n"])}
    read = _count(document["study"]["n_read"])
    if left_out:
        rules = listed([say(f"rule.{rule}", n=_count(n)) for rule, n in left_out.items()])
        told = [say("left_out", n=_count(sum(left_out.values())), read=read, rules=rules)]
    else:
        told = [say("none_left_out", read=read)]
    marked = Counter(str(row["rule"]) for row in _rows(document, "quality") if not row["excluded"])
    if marked:
        told.append(say("marked", rules=listed([say(f"rule.{rule}", n=_count(n)) for rule, n in marked.items()])))
    return joined(told)


def _software(document: Document) -> Texts:
    made = document.get("provenance") or {}
    return say(
        "software",
        version=made.get("satmeter") or "–",
        replicates=_count(made.get("replicates") or 0),
        seed=made.get("seed", "–"),
        digest=str(made.get("data_digest") or "–")[:19],
    )
