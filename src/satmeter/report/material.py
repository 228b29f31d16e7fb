"""What every format is written from: context, words, template, Markdown and drawings of one edition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from jinja2 import TemplateError

from satmeter.errors import ReportError
from satmeter.report.context import Figure, ReportContext
from satmeter.report.edition import Edition
from satmeter.report.figures import draw_png, draw_svg
from satmeter.report.logo import Logo
from satmeter.report.markdown import render
from satmeter.report.results import Results
from satmeter.report.template import Template
from satmeter.report.template_errors import template_problem
from satmeter.report.wording import Words

_SHOWN = re.compile(r"\]\(figure:([\w-]+)\)", re.ASCII)


class Images(Mapping[str, bytes]):
    """Images of figures by name; each is drawn at most once, and only if somebody wants it."""

    def __init__(self, figures: Mapping[str, Figure]) -> None:
        self._figures = figures
        self._drawn: dict[str, bytes] = {}

    def __getitem__(self, name: str) -> bytes:
        if name not in self._drawn:
            self._drawn[name] = draw_png(self._figures[name])
        return self._drawn[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._figures)

    def __len__(self) -> int:
        return len(self._figures)


@dataclass(frozen=True, eq=False)
class Material:
    """One report in one language, before it takes the shape of a file. Markdown and drawings are made once, if wanted.

    Attributes
    ----------
    edition
        The results and words of one language.
    report
        What the template may print.
    template
        The folder of the template.
    """

    edition: Edition
    report: ReportContext
    template: Template

    @property
    def results(self) -> Results:
        """The results document, seen in the report's language; numbers in full precision."""
        return self.edition.results

    @property
    def words(self) -> Words:
        """The report's own words."""
        return self.edition.words

    @property
    def version(self) -> str:
        """Version of satmeter that made the results."""
        return str(self.results.provenance.get("satmeter") or "")

    @cached_property
    def markdown(self) -> str:
        """The template, filled in; T035 where it cannot be."""
        template = self.template
        try:
            return render(template.text("report.md.j2"), self.report, self.words, template.own)
        except TemplateError as error:
            raise ReportError(template_problem(error, f"{template.folders[0]}/report.md.j2")) from error

    @property
    def colours(self) -> Mapping[str, str]:
        """Colours that the template sets in place of those of the house: accent, good, bad."""
        return dict(self.template.settings.colours)

    @property
    def logo(self) -> Logo | None:
        """The organisation's sign, where the template has one."""
        return self.template.settings.logo

    @property
    def kicker(self) -> str:
        """What kind of report this is, above its title."""
        return self.words[f"kicker.{self.template.kind}"]

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The figures that the template shows, in the order of the sections."""
        shown = set(_SHOWN.findall(self.markdown))
        return tuple(figure for figure in self.report.figures if figure.name in shown)

    @cached_property
    def svg(self) -> Mapping[str, str]:
        """Name of every figure that is shown to its drawing, with plain colours."""
        return {figure.name: draw_svg(figure) for figure in self.figures}

    @cached_property
    def png(self) -> Mapping[str, bytes]:
        """Name of every figure to its drawing as an image on white, which is made when it is asked for."""
        return Images({figure.name: figure for figure in self.report.figures})
