"""Template → Markdown: a sandbox in which every value is plain text unless the template itself wrote it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from satmeter.report.context import ReportContext
from satmeter.report.template_loader import TemplateLoader
from satmeter.report.wording import Words

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_BLANK = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def one_line(value: object) -> str:
    r"""Return text on one line, without control characters and marks that turn the direction of writing.

    Examples
    --------
    >>> one_line(" a\n\tb\x07 ")
    'a b'
    """
    return _BLANK.sub(" ", _CONTROL.sub("", str(value))).strip()


def escape(value: object) -> str:
    r"""Return text that Markdown shows as it is: every ASCII punctuation mark behind a backslash, on one line.

    Control characters and marks that turn the direction of writing are dropped.

    Examples
    --------
    >>> escape("<img onerror=x>|*a*\n`b`")
    '\\<img onerror\\=x\\>\\|\\*a\\* \\`b\\`'
    """
    return _PUNCTUATION.sub(r"\\\1", one_line(value))


def _finalize(value: object) -> object:
    return value if isinstance(value, Markup) else Markup(escape(value))  # noqa: S704 (escaped for Markdown)


def _attribute(value: object) -> Markup:
    """Return text for an attribute of a fenced div: quotes and backslashes cannot end it."""
    return Markup(one_line(value).replace("\\", "\\\\").replace('"', '\\"'))  # noqa: S704 (escaped for attributes)


def render(template: str, report: ReportContext, words: Words, folders: tuple[Traversable, ...] = ()) -> str:
    """Return the Markdown of a template.

    Parameters
    ----------
    template
        Jinja2 source. It gets `report` (`ReportContext`) and `words` (by key); whatever it prints is escaped.
    report, words
        The context and the words of the same language.
    folders
        Folders of the template, in which its own parts are looked for; built-in templates are found without them.
    """
    return _compiled(template, folders).render(report=report, words=words)


@lru_cache(maxsize=8)
def _compiled(template: str, folders: tuple[Traversable, ...]) -> Template:
    return _environment(folders).from_string(template)


@lru_cache(maxsize=8)
def _environment(folders: tuple[Traversable, ...]) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        comment_start_string="<#--",
        comment_end_string="--#>",
        loader=TemplateLoader(folders),
    )
    filters: dict[str, Any] = environment.filters
    filters["attribute"] = _attribute
    return environment
