"""The parts of a plan that make scores of scores: indicator trees, and units adjusted for case mix."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

MissingLeaf = Literal["rescale", "stop"]
TreeKind = Literal["index", "journey"]


@dataclass(frozen=True, slots=True)
class Tree:
    """A node made of others by stated weights.

    Attributes
    ----------
    of
        Constructs, items or other trees, each with its weight; the weights sum to 1.
    weights_from
        Where the weights come from: a text, or one in every language.
    missing
        What happens where nobody answered a leaf: `rescale` shares its weight out over the others, `stop` leaves the
        node without a value.
    kind
        A `journey` is read station by station, its children being touchpoints.
    """

    id: str
    of: dict[str, float]
    weights_from: str | dict[str, str] = ""
    label: dict[str, str] = field(default_factory=dict)
    missing: MissingLeaf = "rescale"
    kind: TreeKind = "index"
    line: int = 0


@dataclass(frozen=True, slots=True)
class CaseMix:
    """Units whose scores are adjusted, what for, and which constructs (default the index)."""

    units: tuple[str, ...]
    adjusters: tuple[str, ...]
    measures: tuple[str, ...] = ()
