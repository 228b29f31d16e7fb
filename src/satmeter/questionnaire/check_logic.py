"""Conditions and piped answers: names known, backwards only, kinds that fit, values that can occur."""

from __future__ import annotations

from satmeter.questionnaire.draft import Draft


def check_conditions(draft: Draft) -> None:
    """Check every `show_if`."""


def check_pipes(draft: Draft) -> None:
    """Check every ``{name}`` in a text."""
