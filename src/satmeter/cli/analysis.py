"""One study from answers to files: the pipeline behind ``run`` and ``demo``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from satmeter.cli.editions import render_all
from satmeter.cli.progress import Steps
from satmeter.drivers import fit_drivers
from satmeter.errors import message_language
from satmeter.measurement import measure
from satmeter.measurement.case_mix_rows import CaseMixResult
from satmeter.measurement.tree_rows import Trees
from satmeter.moments import Resampling, make_resampling
from satmeter.questionnaire import read_questionnaire
from satmeter.questionnaire.model import Questionnaire
from satmeter.record import make_provenance, results_document, results_file, table_files
from satmeter.responses import Responses, read_responses
from satmeter.study import Plan, Study, make_study
from satmeter.study.fieldwork_model import SampledCases
from satmeter.study.sampling_plan import Design
from satmeter.writing import write_results_folder

if TYPE_CHECKING:
    from satmeter.cli.wave_studies import WaveAnswers

STEPS = (
    "read",
    "quality",
    "resample",
    "measure",
    "reliability",
    "validity",
    "waves",
    "drivers",
    "depth",
    "report",
    "write",
)


def analyse(
    plan: Plan,
    steps: Steps,
    *,
    arrange: Callable[[Study], tuple[Responses, Responses]] | None = None,
    draw: Callable[[Study], Resampling] = make_resampling,
    seen: Callable[[Study, Resampling], None] | None = None,
) -> dict[str, Any]:
    """Read the answers of a study and return its results document.

    Parameters
    ----------
    plan, steps
        The study file, and who is told of the progress.
    arrange
        Gives the answers as they are analysed, and those that the quality rules look at, in the same order.
    draw
        Draws the replicates.
    seen
        Is shown the study and its replicates.
    """
    with steps.step("read") as progress:
        questionnaire = read_questionnaire(plan.questionnaire)
        responses, earlier = _answers(plan, questionnaire, progress)
    with steps.step("quality"):
        study = make_study(plan, responses, cases=sampled_cases(plan, responses))
        if arrange is not None:
            responses, judged = arrange(study)
            study = make_study(plan, responses, cases=sampled_cases(plan, responses), judged=judged)
    with steps.step("resample"):
        resampling = draw(study)
        if seen is not None:
            seen(study, resampling)
    with steps.step("measure") as progress:
        measurement = measure(study, resampling, progress=progress)
        trees, adjusted = _trees(study, resampling), _adjusted(study, resampling)
    validity, explored, again = None, None, None
    if plan.measurement == "full":
        from satmeter.measurement.dimensionality import dimensionality  # factor models: half a second to import
        from satmeter.measurement.full_reliability import add_full_reliability
        from satmeter.measurement.validity import validate

        with steps.step("reliability") as progress:
            again = retest_study(plan, questionnaire)
            measurement = add_full_reliability(study, resampling, measurement, retest=again, progress=progress)

        with steps.step("validity") as progress:
            validity = validate(study, resampling, progress=progress)
            explored = dimensionality(study, resampling)
    waves = None
    if earlier is not None:
        from satmeter.cli.wave_studies import follow

        with steps.step("waves"):
            waves = follow(study, resampling, earlier, sampled_cases)
    answers = None
    if plan.answers is not None:
        from satmeter.measurement.answers import answer_figures  # quantiles, ratios: not for an ordinary run

        answers = answer_figures(study, resampling)
    with steps.step("drivers") as progress:
        drivers = fit_drivers(study, resampling, progress=progress)
    deep = None
    if plan.drivers.depth == "full":
        from satmeter.drivers.deepen import deepen_drivers  # dominance, path models: not for an ordinary run

        with steps.step("depth") as progress:
            deep = deepen_drivers(study, resampling, progress=progress)
    return results_document(
        study,
        measurement,
        drivers,
        validity=validity,
        dimensionality=explored,
        deep=deep,
        trees=trees,
        case_mix=adjusted,
        answers=answers,
        waves=waves,
        provenance=make_provenance(study, retest=again, waves=waves.records[:-1] if waves else ()),
    )


def _answers(
    plan: Plan, questionnaire: Questionnaire, progress: Callable[[float], None]
) -> tuple[Responses, WaveAnswers | None]:
    """Read the answers of the study and, in a tracking study, those of its earlier waves."""
    if plan.waves is None:
        return read_responses(plan.responses, questionnaire, columns=plan.columns, progress=progress), None
    from satmeter.cli.wave_studies import read_wave_answers  # figures followed back: not for an ordinary run

    found = read_wave_answers(plan, questionnaire, progress=progress)
    return found.responses, found


def sampled_cases(plan: Plan, responses: Responses) -> SampledCases | None:
    """Read the sample file that a plan names, if it names one."""
    if plan.fieldwork is None:
        return None
    from satmeter.study.fieldwork import read_cases  # response propensities: not for an ordinary run

    return read_cases(plan, responses)


def _trees(study: Study, resampling: Resampling) -> Trees | None:
    if not study.plan.trees:
        return None
    from satmeter.measurement.trees import tree_rows

    return tree_rows(study, resampling)


def _adjusted(study: Study, resampling: Resampling) -> CaseMixResult | None:
    if study.plan.case_mix is None:
        return None
    from satmeter.measurement.case_mix import adjust_for_case_mix

    return adjust_for_case_mix(study, resampling)


def retest_study(plan: Plan, questionnaire: Questionnaire) -> Study | None:
    """Read the second measurement that a plan names, under the same rules; its scores alone are used.

    Columns are named as in the first file unless `retest` names its own. Weights and design are those of the first.
    """
    if plan.retest is None:
        return None
    columns = plan.retest.columns or plan.columns
    later = replace(plan, responses=plan.retest.responses, columns=columns, design=Design(), weighting=None, groups=())
    later = replace(later, fieldwork=None, nonresponse=None)
    return make_study(later, read_responses(later.responses, questionnaire, columns=columns))


def write_study(document: dict[str, Any], plan: Plan, folder: Path, steps: Steps, *, figures: bool) -> list[Path]:
    """Write reports, figures, tables and results.json, all or none; return the paths of the reports."""
    files: dict[str, str | bytes] = {}
    reports = []
    with steps.step("report") as progress:
        wishes = [(wish, language) for wish in plan.reports for language in wish.languages or _languages(document)]
        for number, made in enumerate(render_all(document, wishes, figures=figures)):
            wish, _ = wishes[number]
            files |= made
            reports += [folder / name for name in list(made)[: len(wish.formats)]]
            progress((number + 1) / len(wishes))
    with steps.step("write"):
        files |= {f"tables/{name}": content for name, content in table_files(document).items()}
        files["results.json"] = results_file(document)
        write_results_folder(folder, files)
    return reports


def _languages(document: dict[str, Any]) -> list[str]:
    languages: list[str] = document["study"]["languages"]
    return languages


def data_notes(document: dict[str, Any]) -> list[str]:
    """Return what the reader of the answers must know before anything else, in the user's language."""
    language = message_language()
    return [f"{note['code']}: {note[language]}" for note in document["study"]["notes"]]
