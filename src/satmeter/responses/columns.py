"""Columns of the source matched to the variables of the questionnaire."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from satmeter.errors import Problem, ResponsesError
from satmeter.questionnaire.model import Questionnaire
from satmeter.responses.model import PARADATA
from satmeter.responses.option_columns import OptionHeaders
from satmeter.responses.wording import comparable, header_forms

_PLATFORM = {"序号": "respondent", "所用时间": "seconds", "提交答卷时间": "submitted"}  # headers of wjx.cn


@dataclass(frozen=True, slots=True)
class Matching:
    """Which source column carries what.

    Attributes
    ----------
    variables
        Variable of the questionnaire to source column.
    others
        Name to source column, for all the rest; paradata under their own names.
    options
        `multiple` question to option code to source column, where every option has a column of its own.
    """

    variables: dict[str, str]
    others: dict[str, str]
    options: dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class _Names:
    """The names under which a variable may stand in a header."""

    ids: dict[str, tuple[str, ...]]  # folded id to variables
    texts: dict[str, tuple[str, ...]]  # comparable wording to variables
    options: OptionHeaders


def count_matching(header: Sequence[str], questionnaire: Questionnaire, columns: Mapping[str, str]) -> int:
    """Return how many columns of a header are known, by whatever road; ambiguous ones count."""
    names = _names(questionnaire)
    return sum(
        1
        for name in header
        if name and (name in columns or _option(name, names) or _candidates(name, questionnaire, names))
    )


def variable_finder(questionnaire: Questionnaire, columns: Mapping[str, str]) -> Callable[[str], str | None]:
    """Return the function from the name of a column to the variable that it belongs to; None for any other column."""
    names = _names(questionnaire)

    def find(name: str) -> str | None:
        if name in columns:
            return columns[name] if columns[name] in questionnaire.variables else None
        option = _option(name, names)
        fits = (option[0],) if option else _candidates(name, questionnaire, names)
        return fits[0] if len(fits) == 1 else None

    return find


def match_columns(
    file: str, header: Sequence[str], questionnaire: Questionnaire, columns: Mapping[str, str]
) -> Matching:
    """Match the columns of a source to variables.

    In this order: `columns`; the exact id; the id in another case; one option of a `multiple` question, as
    ``wording（option）``; the wording in any language, also with the numbering and the grid stem of survey platforms
    before it. What is left is paradata under its own name or under the name that wjx.cn gives it, or unknown.

    Parameters
    ----------
    file
        Name, for messages.
    header
        Names of the source's columns, unique.
    columns
        Source column to variable or paradata name.

    Raises
    ------
    ResponsesError
        R013 nothing matches, R014 a column fits several variables, R015 several columns fit one variable,
        R016 `columns` names a column that is not there, R017 `columns` names no variable.
    """
    problems = _check_mapping(file, header, questionnaire, columns)
    names = _names(questionnaire)
    found: dict[str, list[str]] = {}
    others: dict[str, str] = {}
    options: dict[str, dict[str, list[str]]] = {}
    exact = {name for name in header if name in questionnaire.variables and name not in columns}
    mapped = set(columns.values())
    for name in header:
        if name in columns:
            target = columns[name]
            if target in PARADATA and target not in questionnaire.variables:
                others[target] = name
            else:
                found.setdefault(target, []).append(name)
            continue
        option = _option(name, names)
        if option and option[0] not in mapped:
            options.setdefault(option[0], {}).setdefault(option[1], []).append(name)
            continue
        fits = (name,) if name in exact else _candidates(name, questionnaire, names)
        free = tuple(v for v in fits if v not in exact | mapped) if name not in exact else fits
        by_wording = comparable(name) not in {comparable(v) for v in fits}
        if not fits or (not free and by_wording and mapped.issuperset(fits)):
            others.setdefault(_paradata_name(name, header, mapped), name)
        elif len(free) > 1:
            params = {"choices": ", ".join(free)}
            problems.append(Problem("R014", file, about=("column", name), params=params))
        else:
            found.setdefault((free or fits)[0], []).append(name)
    problems += _check_single(file, found, options)
    if not found and not options and not problems:
        params = {"choices": ", ".join(questionnaire.variables[:6]), "questionnaire": questionnaire.id}
        problems.append(Problem("R013", file, params=params))
    if problems:
        raise ResponsesError(problems)
    return Matching(
        {variable: sources[0] for variable, sources in found.items()},
        others,
        {variable: {code: sources[0] for code, sources in by_code.items()} for variable, by_code in options.items()},
    )


def _check_single(
    file: str, found: Mapping[str, list[str]], options: Mapping[str, Mapping[str, list[str]]]
) -> list[Problem]:
    """Return a problem for every variable, and every option, that has several columns."""
    claims = {variable: list(sources) for variable, sources in found.items()}
    for variable, by_code in options.items():
        if variable in claims:
            claims[variable] += [by_code[next(iter(by_code))][0]]
        else:
            claims |= {f"{variable} = {code}": sources for code, sources in by_code.items()}
    problems = []
    for variable, sources in claims.items():
        if len(sources) > 1:
            params = {"columns": ", ".join(sources), "variable": variable}
            problems.append(Problem("R015", file, about=("column", sources[-1]), params=params))
    return problems


def _option(name: str, names: _Names) -> tuple[str, str] | None:
    return None if name.casefold() in names.ids else names.options.find(name)


def _check_mapping(
    file: str, header: Sequence[str], questionnaire: Questionnaire, columns: Mapping[str, str]
) -> list[Problem]:
    problems = []
    targets = (*questionnaire.variables, *PARADATA)
    for source, target in columns.items():
        if source not in header:
            near = difflib.get_close_matches(source, header, 1)
            problems.append(Problem("R016", file, about=("key", "columns"), got=source, suggestion="".join(near)))
        if target not in targets:
            near = difflib.get_close_matches(target, targets, 1)
            params = {"source": source}
            problems.append(
                Problem("R017", file, about=("key", "columns"), got=target, suggestion="".join(near), params=params)
            )
    return problems


def _names(questionnaire: Questionnaire) -> _Names:
    ids: dict[str, tuple[str, ...]] = {}
    texts: dict[str, tuple[str, ...]] = {}
    for variable in questionnaire.variables:
        ids[variable.casefold()] = (*ids.get(variable.casefold(), ()), variable)
        for form in {comparable(text) for _, text in questionnaire.text_of(variable).by_language if text}:
            texts[form] = (*texts.get(form, ()), variable)
    return _Names(ids, texts, OptionHeaders(questionnaire))


def _candidates(name: str, questionnaire: Questionnaire, names: _Names) -> tuple[str, ...]:
    if name in questionnaire.variables:
        return (name,)
    by_id = names.ids.get(name.casefold(), ())
    if by_id:
        return by_id
    return next((names.texts[form] for form in header_forms(name) if form in names.texts), ())


def _paradata_name(name: str, header: Sequence[str], mapped: set[str]) -> str:
    folded = name.casefold()
    if folded in PARADATA and folded not in header:
        return folded
    target = _PLATFORM.get(name, name)
    return name if target in mapped or target in {other.casefold() for other in header} else target
