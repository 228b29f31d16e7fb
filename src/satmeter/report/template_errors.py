"""What went wrong in a template, with its file and line."""

from __future__ import annotations

import traceback

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

from satmeter.errors import Problem

_ROOT = "<template>"


def template_problem(error: TemplateError, root: str) -> Problem:
    """Return the problem behind an error of Jinja.

    Parameters
    ----------
    error
        As it was raised while a template was read or filled in.
    root
        File of the template that was filled in; parts that it extends or includes have names of their own.
    """
    name, line = _ROOT, 0
    if isinstance(error, TemplateSyntaxError):
        name, line = error.name or _ROOT, error.lineno
    else:
        frames = traceback.extract_tb(error.__traceback__)
        places = [(f.filename, f.lineno or 0) for f in frames if f.filename == _ROOT or f.filename.endswith(".j2")]
        name, line = places[-1] if places else (name, line)
    detail = f"{error.name}: not found" if isinstance(error, TemplateNotFound) else str(error.message or error)
    file = root if name in (_ROOT, None) else name
    return Problem("T035", file=file, line=line, params={"detail": detail[:200]})
