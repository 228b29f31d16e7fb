"""How drivers and the path model are analysed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

DriverDepth = Literal["core", "full"]  # full: also ordinal and logistic models, dominance, paths, mediation, asymmetry
PathScheme = Literal["path", "factorial", "centroid"]
Cut = Literal["mean", "median"] | float


@dataclass(frozen=True, slots=True)
class DriverOptions:
    """How drivers are analysed beyond regression and importance.

    Attributes
    ----------
    depth
        `core`: regression, correlation, LMG, priorities; `full`: everything.
    items
        Outcome to the item that the ordinal and the logistic regression explain; default its first item.
    segments
        Choice questions by whose options effects are compared; default those of `groups`.
    moderations
        Outcome to pairs (driver, moderator) whose product is entered.
    stated
        Driver to the number question or item in which respondents say how important it is to them.
    multinomial
        Choice question to the constructs and questions that its options are explained by.
    cut
        Lines of the importance–performance map: `mean`, `median`, or a target for performance in points.
    """

    depth: DriverDepth = "core"
    items: dict[str, str] = field(default_factory=dict)
    segments: tuple[str, ...] = ()
    moderations: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    stated: dict[str, str] = field(default_factory=dict)
    cut: Cut = "mean"
    multinomial: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PathOptions:
    """How the path model is estimated; it runs with `drivers.depth: full`.

    Attributes
    ----------
    scheme
        Inner weighting.
    consistent
        Correct for measurement error (consistent partial least squares) beside the ordinary estimates.
    higher_order
        A new construct to the constructs that it is made of, estimated in two stages.
    labels
        Of higher-order constructs, by language; `und` where the study file does not say which.
    model
        Outcome to predecessors; default the study's model, as far as it consists of constructs. May use the names of
        `higher_order`.
    groups
        Choice questions by whose options the paths are compared.
    folds
        Parts of the sample in out-of-sample prediction.
    moderations
        Target to pairs of constructs (source, moderator) whose product is entered.
    """

    scheme: PathScheme = "path"
    consistent: bool = False
    higher_order: dict[str, tuple[str, ...]] = field(default_factory=dict)
    model: dict[str, tuple[str, ...]] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    folds: int = 10
    moderations: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    labels: dict[str, dict[str, str]] = field(default_factory=dict)
