"""How the numbers came about: disclosure, method, sample, data quality, provenance."""

from __future__ import annotations

from collections import Counter

from satmeter.report.context import Column, Part, Section, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import count, decimal, percent
from satmeter.report.sentences import flagged_sentence, kept_sentence

DISCLOSED = ("sponsor", "conductor", "population", "frame", "mode", "dates")


def disclosed(edition: Edition) -> tuple[str, ...]:
    """Return what the researcher disclosed, one phrase each, in a fixed order."""
    typed = edition.results.study.get("disclosure") or {}
    return tuple(edition.words.fill(f"disclosure.{key}", {"text": typed[key]}) for key in DISCLOSED if typed.get(key))


def disclosure_line(edition: Edition) -> str:
    """Return the one line under the title: bases first, then what was disclosed."""
    study = edition.results.study
    fields = {"n": count(study.get("n")), "read": count(study.get("n_read"))}
    return edition.words["list.dot"].join([edition.words.fill("disclosure.base", fields), *disclosed(edition)])


def method_section(edition: Edition) -> Section:
    """Return who was asked, how scores are formed, and what the intervals mean."""
    words, study = edition.words, edition.results.study
    fields = {"n": count(study.get("n")), "read": count(study.get("n_read")), "source": study.get("source") or "–"}
    who = [words.plural("method.n", study.get("n") or 0, fields)]
    if study.get("weighted"):
        cost = {"n_eff": count(study.get("n_eff")), "deff": decimal(study.get("deff"), 2)}
        who.append(words.fill("method.weighted", cost))
    else:
        who.append(words["method.unweighted"])
    who += [words.fill("method.disclosure", {"text": _capital(text)}) for text in disclosed(edition)]
    score = [words["method.score"]]
    if study.get("missing_rule") == "complete":
        score.append(words["method.complete"])
    elif study.get("min_answered") is not None:
        score.append(words.fill("method.person_mean", {"share": percent(study["min_answered"])}))
    if study.get("index_construct"):
        construct = edition.results.label(study["index_construct"])
        score.append(words.fill("method.index", {"construct": construct}))
    return Section((words.paragraph(who), words.paragraph(score), _interval_words(edition)))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _interval_words(edition: Edition) -> str:
    provenance = edition.results.provenance
    fields = {
        "level": edition.level,
        "replicates": count(provenance.get("replicates")),
        "seed": str(provenance.get("seed", "–")),
    }
    words = edition.words
    return words.paragraph([words.fill("method.interval", fields), words["method.probability"]])


def sample_section(edition: Edition) -> Section:
    """Return the make-up of the sample, one table a profile question."""
    words, rows = edition.words, edition.results.rows("sample")
    weighted = bool(edition.results.study.get("weighted"))
    columns = [
        Column(words["column.option"]),
        Column(words["column.n"], "right"),
        Column(words["column.share"], "right"),
    ]
    if weighted:
        columns.append(Column(words["column.weighted_share"], "right"))
    parts = []
    for question in dict.fromkeys(str(row["question"]) for row in rows):
        cells = [
            (
                edition.results.option(question, str(row["option"])),
                count(row.get("n")),
                percent(row.get("share"), 1),
                percent(row.get("weighted_share"), 1),
            )[: len(columns)]
            for row in rows
            if row["question"] == question
        ]
        caption = edition.caption("sample", "question", edition.results.label(question))
        parts.append(Part(tables=(Table(caption, tuple(columns), tuple(cells)),)))
    empty = () if parts else (words["sentence.no_sample"],)
    return Section(empty, tuple(parts), edition.results.notes("sample"))


def rule_counts(edition: Edition) -> dict[str, tuple[int, int]]:
    """Return how many respondents each quality rule found, and how many of them were left out."""
    rows = edition.results.rows("quality")
    found = Counter(rule for rule, _ in {(str(r["rule"]), r["respondent"]) for r in rows})
    dropped = Counter(rule for rule, _ in {(str(r["rule"]), r["respondent"]) for r in rows if r.get("excluded")})
    return {rule: (found[rule], dropped[rule]) for rule in sorted(found)}


def quality_section(edition: Edition) -> Section:
    """Return how responses became respondents, and what the quality rules found."""
    words, results = edition.words, edition.results
    study, counts = results.study, rule_counts(edition)
    tables = []
    if steps := results.rows("disposition"):
        cells = tuple((words.name("step", str(row["step"])), count(row.get("n"))) for row in steps)
        columns = (Column(words["column.step"]), Column(words["column.n"], "right"))
        tables.append(Table(edition.caption("disposition"), columns, cells))
    if counts:
        tables.append(_rule_table(edition, counts))
    kept = kept_sentence(words, int(study.get("n") or 0), int(study.get("n_read") or 0), study.get("rows_read"))
    paragraph = words.paragraph([kept, flagged_sentence(words, counts)])
    notes = (*results.notes("disposition"), *results.notes("quality"))
    return Section((paragraph,), (Part(tables=tuple(tables)),), notes)


def _rule_table(edition: Edition, counts: dict[str, tuple[int, int]]) -> Table:
    words = edition.words
    heads = (Column(words["column.found"], "right"), Column(words["column.excluded"], "right"))
    cells = tuple((_capital(words.name("rule", rule)), count(n), count(out)) for rule, (n, out) in counts.items())
    return Table(edition.caption("rules"), (Column(words["column.rule"]), *heads), cells)


def provenance_section(edition: Edition) -> Section:
    """Return digests, versions and seed: what a stranger needs to get the same numbers."""
    words, results = edition.words, edition.results
    provenance, study = results.provenance, results.study
    instrument = results.document.get("questionnaire") or {}
    libraries = provenance.get("libraries") or {}
    values = {
        "satmeter": provenance.get("satmeter"),
        "python": provenance.get("python"),
        "libraries": ", ".join(f"{name} {version}" for name, version in sorted(libraries.items())),
        "study": " ".join(str(study[key]) for key in ("id", "version") if study.get(key)),
        "questionnaire_digest": provenance.get("questionnaire_digest"),
        "data_digest": provenance.get("data_digest"),
        "plan_digest": provenance.get("plan_digest"),
        "seed": provenance.get("seed"),
        "replicates": provenance.get("replicates"),
        "conf_level": edition.level,
        "source": instrument.get("source"),
        "licence": instrument.get("licence"),
    }
    rows = tuple((words[f"provenance.{key}"], str(value)) for key, value in values.items() if value not in (None, ""))
    columns = (Column(words["column.what"]), Column(words["column.value"]))
    table = Table(edition.caption("provenance"), columns, rows)
    return Section((words["provenance.sentence"],), (Part(tables=(table,)),))
