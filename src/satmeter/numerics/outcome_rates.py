"""Outcome rates of a sample by the AAPOR Standard Definitions: response, cooperation, refusal and contact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

STATISTICS = (
    *(f"rr{k}" for k in range(1, 7)),
    *(f"coop{k}" for k in range(1, 5)),
    *(f"ref{k}" for k in range(1, 4)),
    *(f"con{k}" for k in range(1, 4)),
)
ESTIMATED = ("rr3", "rr4", "ref2", "con2")
"""Rates in which the cases of unknown eligibility count with the part e."""

_KNOWN = ("I", "P", "R", "NC", "O")


@dataclass(frozen=True, slots=True)
class Rate:
    """A part of a whole; `estimate` is None where nobody belongs to the whole."""

    numerator: float
    denominator: float

    @property
    def estimate(self) -> float | None:
        """Numerator over denominator, 0 to 1."""
        return self.numerator / self.denominator if self.denominator > 0 else None


def eligible_share(counts: Mapping[str, float]) -> Rate:
    """Return the part of the cases of known eligibility that is eligible, as an estimate of e.

    Parameters
    ----------
    counts
        As for `outcome_rates`, with ``NE``, the cases that are known not to be eligible.

    Notes
    -----
    (I + P + R + NC + O) / (I + P + R + NC + O + NE): the proportional allocation that AAPOR's calculator (version 4.0
    and later) does by itself. It holds where cases of unknown eligibility are like the known ones.

    Examples
    --------
    >>> eligible_share({"I": 4, "P": 2, "R": 1, "NC": 1, "O": 1, "NE": 1}).estimate
    0.9
    """
    known = sum(counts.get(group, 0.0) for group in _KNOWN)
    return Rate(known, known + counts.get("NE", 0.0))


def outcome_rates(counts: Mapping[str, float], *, e: float | None = None) -> dict[str, Rate]:
    """Compute outcome rates.

    Parameters
    ----------
    counts
        Cases by group, or sums of their design weights: ``I`` complete, ``P`` partial, ``R`` refusal and break-off,
        ``NC`` non-contact, ``O`` other, ``UH`` and ``UO`` of unknown eligibility. A group that is absent counts 0;
        others are not looked at.
    e
        Part of the cases of unknown eligibility that is eligible, 0 to 1. Without it the rates of `ESTIMATED` are left
        out where there are such cases; where there are none it does not matter.

    Returns
    -------
    dict
        Statistic of `STATISTICS` to rate.

    Notes
    -----
    AAPOR (2023), Standard Definitions: Final Dispositions of Case Codes and Outcome Rates for Surveys, 10th edition:
    with K = (I + P) + (R + NC + O) and U = UH + UO, response rates 1, 3, 5 are I over K + U, K + eU, K, and 2, 4, 6 the
    same with I + P; COOP1 and 3 are I over (I + P) + R + O and over (I + P) + R, COOP2 and 4 the same with I + P; REF1
    to 3 are R, and CON1 to 3 (I + P) + R + O, over K + U, K + eU, K.

    Examples
    --------
    >>> rates = outcome_rates({"I": 4, "P": 2, "R": 1, "NC": 1, "O": 1, "UH": 1, "UO": 1}, e=0.9)
    >>> {name: round(rates[name].estimate, 3) for name in ("rr1", "rr4", "coop3", "ref2", "con1")}
    {'rr1': 0.364, 'rr4': 0.556, 'coop3': 0.571, 'ref2': 0.093, 'con1': 0.727}
    """
    i, p, r, nc, o = (float(counts.get(group, 0.0)) for group in _KNOWN)
    unknown = float(counts.get("UH", 0.0)) + float(counts.get("UO", 0.0))
    known = i + p + r + nc + o
    share = 0.0 if unknown == 0 else e
    wholes = (known + unknown, None if share is None else known + share * unknown, known)
    spoken = i + p + r + o
    tops = {"rr": (i, i + p), "ref": (r,), "con": (spoken,)}
    rates = {
        f"{name}{len(own) * place + k}": Rate(top, whole)
        for name, own in tops.items()
        for place, whole in enumerate(wholes)
        for k, top in enumerate(own, start=1)
        if whole is not None
    }
    rates |= {"coop1": Rate(i, spoken), "coop2": Rate(i + p, spoken)}
    rates |= {"coop3": Rate(i, i + p + r), "coop4": Rate(i + p, i + p + r)}
    return {name: rates[name] for name in STATISTICS if name in rates}
