"""What a construct of the path model is for, those that are made of others among them."""

from __future__ import annotations

from satmeter.study.model import Study


def role_of(study: Study, construct: str) -> str:
    """Return the role of a construct of the path model.

    Parameters
    ----------
    study
        Its questionnaire and `plan.paths.higher_order` are used.
    construct
        Of the questionnaire or of higher order.

    Returns
    -------
    str
        Of a higher-order construct the role of its parts, where they have the same; else `other`.

    Examples
    --------
    >>> role_of(study, "value")  # doctest: +SKIP
    'driver'
    """
    constructs, parts = study.questionnaire.constructs, study.plan.paths.higher_order
    roles = {str(constructs[part].role) for part in parts.get(construct, (construct,))}
    return roles.pop() if len(roles) == 1 else "other"
