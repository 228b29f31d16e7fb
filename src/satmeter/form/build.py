"""The door of the room: a questionnaire in, a form out."""

from __future__ import annotations

import difflib
from typing import cast

from satmeter.errors import FormError, Problem
from satmeter.form.model import KINDS, Form, FormKind
from satmeter.form.paper import paper_html
from satmeter.form.screen import screen_html
from satmeter.questionnaire.model import Questionnaire


def build_form(
    questionnaire: Questionnaire,
    *,
    language: str | None = None,
    to: FormKind = "html",
    link: str = "",
    picture: str = "",
) -> Form:
    """Make a form out of a questionnaire.

    Parameters
    ----------
    questionnaire
        From `satmeter.questionnaire.read_questionnaire`.
    language
        ``html``: the language shown first (the page holds them all and can be switched); ``paper``: the only one.
        Default: the questionnaire's first language.
    to
        ``html``, one self-contained web page; ``paper``, one self-contained sheet to be printed.
    link, picture
        ``paper``: address of the same questionnaire on the web, and its QR code as an SVG element, printed at the top.

    Returns
    -------
    Form
        The same questionnaire gives the same bytes.

    Raises
    ------
    FormError
        F001, the questionnaire does not have this language; F002, there is no such kind of form; F003, the
        questionnaire asks nothing. All that apply come together.

    Examples
    --------
    >>> from satmeter.questionnaire import read_questionnaire
    >>> form = build_form(read_questionnaire("power-utility"), language="en")
    >>> form.language, form.languages, form.html.startswith("<!doctype html>")
    ('en', ('zh-CN', 'en'), True)
    """
    chosen = questionnaire.language if language is None else language
    problems = _problems(questionnaire, chosen, to)
    if problems:
        raise FormError(problems)
    if to == "html":
        html, languages = screen_html(questionnaire, chosen), questionnaire.languages
    else:
        html, languages = paper_html(questionnaire, chosen, link=link, picture=picture), (chosen,)
    return Form(html, chosen, to, languages, questionnaire.id, questionnaire.digest)


def _problems(questionnaire: Questionnaire, language: str, to: str) -> list[Problem]:
    problems = []
    if language not in questionnaire.languages:
        problems.append(_unknown("F001", questionnaire, language, questionnaire.languages))
    if to not in KINDS:
        problems.append(_unknown("F002", questionnaire, to, cast(tuple[str, ...], KINDS)))
    if not questionnaire.variables:
        problems.append(Problem("F003", questionnaire.file))
    return problems


def _unknown(code: str, questionnaire: Questionnaire, got: str, choices: tuple[str, ...]) -> Problem:
    by_lower = {choice.lower(): choice for choice in choices}
    near = difflib.get_close_matches(got.lower(), by_lower, n=1, cutoff=0.4)
    return Problem(
        code,
        questionnaire.file,
        got=repr(got),
        suggestion=by_lower[near[0]] if near else "",
        params={"choices": ", ".join(choices)},
    )
