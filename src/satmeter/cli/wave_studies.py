"""The waves of a tracking study: where their answers lie, and each of them made into a study of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from satmeter.errors import Note, Problem, SatmeterError, StudyError
from satmeter.measurement.wave_pairs import WaveStudy
from satmeter.measurement.wave_rows import Waves
from satmeter.measurement.waves import follow_waves
from satmeter.moments import Resampling, make_resampling
from satmeter.questionnaire import read_questionnaire
from satmeter.questionnaire.model import Questionnaire
from satmeter.responses import Responses, read_responses
from satmeter.responses.read import decode_table, read_table
from satmeter.study import Plan, Study, make_study, read_study
from satmeter.study.driver_plan import DriverOptions, PathOptions
from satmeter.study.fieldwork_model import SampledCases
from satmeter.study.plan import Quality, ValidityPlan
from satmeter.study.wave_labels import labelled_sources, wave_order
from satmeter.study.wave_plan import WavePlan

Progress = Callable[[float], None]
Cases = Callable[[Plan, Responses], SampledCases | None]


@dataclass(frozen=True, eq=False)
class ReadWave:
    """The answers of a wave, and the rules that it is read under."""

    label: str
    plan: Plan
    responses: Responses


@dataclass(frozen=True, eq=False)
class WaveAnswers:
    """The answers of all waves: those of the newest, which is the study, and those before it, oldest first."""

    label: str
    responses: Responses
    earlier: tuple[ReadWave, ...]
    notes: tuple[Note, ...]


def read_wave_answers(plan: Plan, questionnaire: Questionnaire, *, progress: Progress | None = None) -> WaveAnswers:
    """Read the answers of every wave.

    Parameters
    ----------
    plan
        With `waves`: a column that tells the wave of a row, or study files of earlier waves.
    questionnaire
        The study's.
    progress
        Called with the share of the study's own files that is read.

    Raises
    ------
    SatmeterError
        What is wrong with the answers of any wave, under the file of that wave; S047, S069 and S093 of the labels, S094
        when two waves have the same answers.
    """
    waves = plan.waves or WavePlan()
    if not waves.earlier:
        return _labelled(plan, waves, questionnaire, progress)
    found: dict[str, ReadWave] = {}
    problems: list[Problem] = []
    for label in waves.order:
        try:
            found[label] = _own_study(label, plan, questionnaire, progress)
        except SatmeterError as error:
            problems += error.problems
    if problems:
        raise StudyError(problems)
    *earlier, newest = found.values()
    responses = newest.responses
    seen = {_identity(responses): waves.order[-1]}
    for wave in earlier:
        other = seen.setdefault(_identity(wave.responses), wave.label)
        if other != wave.label:
            got = f"'{other}', '{wave.label}'"
            raise StudyError(Problem("S094", plan.file, waves.line, ("key", "waves.earlier"), got))
    rules = ((wave.label, _other_rules(wave.plan.quality, plan.quality)) for wave in earlier)
    notes = tuple(Note("S126", label, {"rules": ", ".join(names)}) for label, names in rules if names)
    return WaveAnswers(newest.label, responses, tuple(earlier), notes)


def follow(study: Study, resampling: Resampling, answers: WaveAnswers, cases: Cases) -> Waves:
    """Make a study of every earlier wave and follow all figures.

    Parameters
    ----------
    study, resampling
        The newest wave and its replicates.
    answers
        From `read_wave_answers`.
    cases
        Reads the sample file of a study that names one.
    """
    series = []
    for number, wave in enumerate(answers.earlier):
        plan = _as_wave(wave.plan, study.plan, wave.responses.questionnaire, number)
        made = make_study(plan, wave.responses, cases=cases(plan, wave.responses))
        series.append(WaveStudy(wave.label, made, make_resampling(made)))
    found = follow_waves((*series, WaveStudy(answers.label, study, resampling)))
    return replace(found, notes=(*answers.notes, *found.notes))


def _labelled(plan: Plan, waves: WavePlan, questionnaire: Questionnaire, progress: Progress | None) -> WaveAnswers:
    """Read all waves from the rows of one source, each under the questionnaire that was used then."""
    rows = labelled_sources(plan, waves, read_table(plan.responses, questionnaire, plan.columns, progress=progress))
    order, notes = wave_order(plan, waves, rows)
    parts: dict[str, Responses] = {}
    problems: list[Problem] = []
    for label in order:
        name = waves.questionnaires.get(label)
        asked = read_questionnaire(name) if name else questionnaire
        try:
            parts[label] = decode_table(rows.part(label), asked, plan.columns)
        except SatmeterError as error:
            problems += error.problems
    if problems:
        raise StudyError(problems)
    alone = replace(plan, fieldwork=None, nonresponse=None)
    earlier = (ReadWave(label, replace(alone, file=f"{plan.file} [{label}]"), parts[label]) for label in order[:-1])
    return WaveAnswers(order[-1], parts[order[-1]], tuple(earlier), notes)


def _own_study(label: str, plan: Plan, questionnaire: Questionnaire, progress: Progress | None) -> ReadWave:
    """Read the answers of a study under its own rules; of an earlier one with waves of its own, the newest."""
    path = plan.waves.earlier.get(label) if plan.waves else None
    if path is None:
        found = read_responses(plan.responses, questionnaire, columns=plan.columns, progress=progress)
        return ReadWave(label, plan, found)
    own = read_study(path)
    asked = read_questionnaire(own.questionnaire)
    if own.waves is not None and own.waves.variable:
        return ReadWave(label, own, _labelled(own, own.waves, asked, None).responses)
    return ReadWave(label, own, read_responses(own.responses, asked, columns=own.columns))


def _other_rules(own: Quality, newest: Quality) -> list[str]:
    """Return the quality rules that leave out other respondents in one study than in the other."""
    limits = {
        "duplicates": (),
        "attention": (),
        "speeders": ("min_seconds",),
        "straightlining": ("straightlining_share", "straightlining_variance"),
        "too_many_missing": ("max_missing",),
    }

    def excludes(quality: Quality, rule: str) -> tuple[float | None, ...] | None:
        return tuple(getattr(quality, key) for key in limits[rule]) if getattr(quality, rule) == "exclude" else None

    return [rule for rule in limits if excludes(own, rule) != excludes(newest, rule)]


def _identity(responses: Responses) -> tuple[str, str]:
    return responses.digest, responses.source if "[" in responses.source else ""


def _as_wave(own: Plan, newest: Plan, questionnaire: Questionnaire, number: int) -> Plan:
    """Return the plan of an earlier wave: its own rules for who counts, the newest wave's figures and groups."""
    choices = [q.id for q in questionnaire.questions.values() if q.type == "choice"]
    uncertainty = replace(
        own.uncertainty, conf_level=newest.uncertainty.conf_level, seed=own.uncertainty.seed + number + 1
    )
    return replace(
        own,
        groups=tuple(question for question in newest.groups if question in choices),
        scores=newest.scores,
        policy=newest.policy,
        uncertainty=uncertainty,
        comparisons=None,
        ranks=None,
        trees=(),
        case_mix=None,
        verbatims=(),
        answers=None,
        model={},
        outcomes=(),
        controls=(),
        measurement="core",
        validity=ValidityPlan(),
        retest=None,
        differences=(),
        drivers=DriverOptions(),
        paths=PathOptions(),
        waves=None,
    )
