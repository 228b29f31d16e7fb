"""Pages, model and labels as a whole."""

from __future__ import annotations

from satmeter.questionnaire.draft import Draft


def check_pages(draft: Draft) -> None:
    """Check that everything declared is asked once."""


def check_model(draft: Draft) -> None:
    """Check the driver model."""


def check_labels(draft: Draft) -> None:
    """Warn of labels that other programs will cut."""
