"""What a verification found, part by part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from satmeter.publication.compare import Comparison, Difference

Status = Literal["agrees", "partly", "differs", "unchecked"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong, or why something cannot be checked: what it is about, a word for it, and more of it."""

    about: str
    word: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a release and what came out of it.

    Attributes
    ----------
    name
        ``files``, ``signature``, ``manifest``, ``study.yaml`` …, the name of a section, or of a report.
    agree, unchecked
        Files or numbers that agree, and that could not be checked.
    wrong
        What is wrong with files.
    differences
        Numbers that differ.
    why
        Why something could not be checked, or by whom the manifest was signed.
    """

    name: str
    agree: int = 0
    unchecked: int = 0
    wrong: tuple[Finding, ...] = ()
    differences: tuple[Difference, ...] = ()
    why: tuple[Finding, ...] = ()

    @property
    def differ(self) -> int:
        """How many files or numbers differ."""
        return len(self.wrong) + len(self.differences)

    @property
    def status(self) -> Status:
        """The part in one word."""
        if self.differ:
            return "differs"
        if self.unchecked:
            return "partly" if self.agree else "unchecked"
        return "agrees"


@dataclass(frozen=True, slots=True)
class Verification:
    """Everything that was found."""

    parts: tuple[Part, ...]

    @property
    def good(self) -> bool:
        """Whether nothing differs."""
        return not any(part.differ for part in self.parts)

    @property
    def agree(self) -> int:
        """Files and numbers that agree."""
        return sum(part.agree for part in self.parts)

    @property
    def differ(self) -> int:
        """Files and numbers that differ."""
        return sum(part.differ for part in self.parts)

    @property
    def unchecked(self) -> int:
        """Files and numbers that could not be checked."""
        return sum(part.unchecked for part in self.parts)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, for JSON."""
        parts = [{"name": p.name, "status": p.status, **_without_name(asdict(p))} for p in self.parts]
        counts = {"agree": self.agree, "differ": self.differ, "unchecked": self.unchecked}
        return {"kind": "satmeter.verification", "good": self.good, **counts, "parts": parts}


def compared_parts(found: Iterable[tuple[str, Comparison]]) -> list[Part]:
    """Return a part for every section that was compared."""
    return [
        Part(name, c.agree, c.unchecked, (), c.differences, (Finding(name, "no_answers"),) if c.unchecked else ())
        for name, c in found
    ]


def _without_name(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key != "name"}
