"""Where the built-in questionnaires and report templates lie."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Shelf = Literal["questionnaires", "reports"]


def builtin(shelf: Shelf) -> Traversable:
    """Return the folder of built-ins: the top-level one in a checkout, the packaged one in a wheel.

    Parameters
    ----------
    shelf
        ``questionnaires`` (one YAML each) or ``reports`` (one folder each).

    Examples
    --------
    >>> "power-utility" in builtin_names("questionnaires")
    True
    """
    checkout = Path(__file__).parents[2]
    if (checkout / "pyproject.toml").is_file() and (checkout / shelf).is_dir():
        return checkout / shelf
    return Path(__file__).parent / "_builtin" / shelf  # importlib.resources would take 10 ms to load


def builtin_names(shelf: Shelf) -> tuple[str, ...]:
    """Return the names of all built-ins of a shelf, sorted."""
    entries = builtin(shelf).iterdir()
    if shelf == "questionnaires":
        return tuple(sorted(e.name.removesuffix(".yaml") for e in entries if e.name.endswith(".yaml")))
    return tuple(sorted(e.name for e in entries if e.is_dir() and (e / "report.md.j2").is_file()))
