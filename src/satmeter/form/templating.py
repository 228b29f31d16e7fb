"""The room's templates: everything is escaped, a name that is not given is an error."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("satmeter.form", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )


def render(template: str, context: Mapping[str, Any]) -> str:
    """Return a template filled in; blank lines at the start are dropped.

    Parameters
    ----------
    template
        File name in ``templates/``.
    context
        The template's names; texts are escaped unless they are `markupsafe.Markup`.
    """
    return _environment().get_template(template).render(context).lstrip()
