"""How the numbers came about: disclosure, method, data quality, provenance."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping

from satmeter.report.context import Column, Part, Section, Table
from satmeter.report.edition import Edition
from satmeter.report.number_text import count, decimal, percent
from satmeter.report.sections.losses import funnel_parts, missing_parts
from satmeter.report.sections.policy import policy_paragraph
from satmeter.report.sections.weights import weight_parts
from satmeter.report.sentences import RuleCount, flagged_sentence, kept_sentence

READ_FIRST = ("R103", "R104", "R107", "S101", "S103", "S108", "S113", "S114", "P119")
MOST_NOTES = 5
DISCLOSED = ("sponsor", "conductor", "population", "frame", "mode", "dates")


def disclosed(edition: Edition) -> tuple[str, ...]:
    """Return what the researcher disclosed, one phrase each, in a fixed order."""
    typed = {key: edition.results.typed(key) for key in DISCLOSED}
    return tuple(edition.words.fill(f"disclosure.{key}", {"text": text}) for key, text in typed.items() if text)


def disclosure_line(edition: Edition) -> str:
    """Return the one line under the title: bases first, then what was disclosed."""
    study = edition.results.study
    fields = {"n": count(study.get("n")), "read": count(study.get("n_read"))}
    told = [edition.words.fill("disclosure.base", fields), *disclosed(edition)]
    return edition.words["list.dot"].join([text for text in (banner(edition), *told) if text])


def banner(edition: Edition) -> str:
    """Return that the answers were simulated, where the record says so; else nothing."""
    return edition.words["page.simulated"] if edition.results.study.get("simulated") else ""


def read_first(edition: Edition) -> tuple[str, ...]:
    """Return the notes that a reader must know before any number: columns, cells and digests that do not fit."""
    told = edition.results.notes("study", concerns=_about_the_data)
    more = len(told) - MOST_NOTES
    if more <= 0:
        return told
    return (*told[:MOST_NOTES], edition.words.fill("sentence.more_notes", {"n": count(more)}))


def _about_the_data(code: str) -> bool:
    """Tell whether a note is about data that are missing, unreadable or of another questionnaire."""
    return code in READ_FIRST or (code.startswith("R1") and code >= "R109")


def method_section(edition: Edition) -> Section:
    """Return who was asked, how scores are formed, and what the intervals mean."""
    words, study = edition.words, edition.results.study
    fields = {"n": count(study.get("n")), "read": count(study.get("n_read")), "source": study.get("source") or "–"}
    who = [words.plural("method.n", study.get("n") or 0, fields)]
    if (study.get("rows_read") or 0) < (study.get("n_read") or 0) and study.get("rows_read") is not None:
        table = {"rows": count(study["rows_read"]), "read": count(study["n_read"])}
        who.append(words.fill("method.frequency", table))
    who.append(weights_sentence(edition))
    who += [words.fill("method.disclosure", {"text": _capital(text)}) for text in disclosed(edition)]
    score = [words["method.score"]]
    if study.get("missing_rule") == "complete":
        score.append(words["method.complete"])
    elif study.get("min_answered") is not None:
        rule = "method.em" if study.get("missing_rule") == "em" else "method.person_mean"
        score.append(words.fill(rule, {"share": percent(study["min_answered"])}))
    if study.get("index_construct"):
        construct = edition.results.label(study["index_construct"])
        score.append(words.fill("method.index", {"construct": construct}))
    told = (words.paragraph(who), words.paragraph(score), _interval_words(edition), policy_paragraph(edition))
    return Section(tuple(text for text in told if text), weight_parts(edition))


def weights_sentence(edition: Edition) -> str:
    """Return whether answers are weighted, and what the weights cost."""
    words, study = edition.words, edition.results.study
    if not study.get("weighted"):
        return words["method.unweighted"]
    cost = {"n_eff": count(study.get("n_eff")), "deff": decimal(study.get("deff"), 2)}
    return words.fill("method.weighted", cost)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _interval_words(edition: Edition) -> str:
    if edition.results.without_error:
        return edition.words["suppressed.no_error"]
    provenance = edition.results.provenance
    fields = {
        "level": edition.level,
        "replicates": count(provenance.get("replicates")),
        "seed": str(provenance.get("seed", "–")),
    }
    words, study = edition.words, edition.results.study
    declared = study.get("design", ["weight"] if study.get("weighted") else [])
    design = [words[f"method.design_{part}"] for part in ("weight", "strata", "cluster") if part in declared]
    if "population" in declared:
        design.append(words["replication.population"])
    replication = study.get("replication") or {}
    method = str(replication.get("method") or "bootstrap")
    drawn = study.get("sampling") != "nonprobability"
    meant = words["method.probability" if drawn else "sampling.nonprobability"]
    if method == "bootstrap" and not design:
        return words.paragraph([words.fill("method.interval_simple", fields), meant])
    fields["design"] = words.join(design) or words["replication.simple"]
    fields["given"] = count(replication.get("replicates"))
    if kind := replication.get("type"):
        fields["kind"] = words[f"replicate_type.{kind}"]
    finite = [words["replication.finite"]] if "population" in declared else []
    return words.paragraph([words.fill(f"replication.{method}", fields), *finite, meant])


def rule_counts(edition: Edition) -> dict[str, RuleCount]:
    """Return what each quality rule found and left out, in the order of the steps.

    Left out is the difference that a step makes: who was left out at an earlier step does not count again.
    """
    rows, steps = edition.results.rows("quality"), edition.results.rows("disposition")
    found = Counter(rule for rule, _ in {(str(r["rule"]), r["respondent"]) for r in rows})
    marked = Counter(rule for rule, _ in {(str(r["rule"]), r["respondent"]) for r in rows if not r.get("excluded")})
    left_out = {
        str(step["step"]): int(before.get("n") or 0) - int(step.get("n") or 0)
        for before, step in itertools.pairwise(steps)
    }
    rules = [*(rule for rule in left_out if rule in found or left_out[rule]), *sorted(set(found) - set(left_out))]
    return {rule: RuleCount(found[rule], left_out.get(rule, 0), marked[rule]) for rule in rules}


def kept_and_marked(edition: Edition) -> str:
    """Return how many responses were kept, at which steps the others went, and what was only marked."""
    words, study, counts = edition.words, edition.results.study, rule_counts(edition)
    left_out = {rule: counted.left_out for rule, counted in counts.items()}
    kept = kept_sentence(
        words, int(study.get("n") or 0), int(study.get("n_read") or 0), study.get("rows_read"), left_out
    )
    return words.paragraph([kept, flagged_sentence(words, counts)])


def quality_section(edition: Edition) -> Section:
    """Return how responses became respondents, and what the quality rules found."""
    words, results = edition.words, edition.results
    counts, tables = rule_counts(edition), []
    if steps := results.rows("disposition"):
        cells = tuple((words.name("step", str(row["step"])), count(row.get("n"))) for row in steps)
        columns = (Column(words["column.step"]), Column(words["column.n"], "right"))
        tables.append(Table(edition.caption("disposition"), columns, cells))
    if counts:
        tables.append(_rule_table(edition, counts))
    several = words["sentence.several_rules"] if any(counted.left_out for counted in counts.values()) else ""
    paragraph = words.paragraph([kept_and_marked(edition), several])
    notes = (*results.notes("disposition"), *results.notes("quality"))
    parts = (*funnel_parts(edition), Part(tables=tuple(tables)), *missing_parts(edition))
    return Section((paragraph,), parts, notes)


def _rule_table(edition: Edition, counts: Mapping[str, RuleCount]) -> Table:
    words = edition.words
    heads = (Column(words["column.found"], "right"), Column(words["column.excluded"], "right"))
    cells = tuple(
        (_capital(words.name("rule", rule)), count(counted.found), count(counted.left_out))
        for rule, counted in counts.items()
    )
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
        "retest_source": provenance.get("retest_source"),
        "retest_digest": provenance.get("retest_digest"),
        "sample_source": provenance.get("sample_source"),
        "sample_digest": provenance.get("sample_digest"),
        "seed": provenance.get("seed"),
        "replicates": provenance.get("replicates"),
        "conf_level": edition.level,
        "source": instrument.get("source"),
        "licence": instrument.get("licence"),
    }
    told = [(words[f"provenance.{key}"], str(value)) for key, value in values.items() if value not in (None, "")]
    for wave in provenance.get("waves") or ():
        label = words.fill("provenance.wave", {"wave": str(wave["wave"])})
        told.append((label, f"{wave['source']} {wave['data_digest']}"))
    columns = (Column(words["column.what"]), Column(words["column.value"]))
    table = Table(edition.caption("provenance"), columns, tuple(told))
    return Section((words["provenance.sentence"],), (Part(tables=(table,)),))
