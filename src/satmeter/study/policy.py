"""Policies of publication as data: which figures may be shown, tested and ranked, and how small a base may be."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

SUPPRESSED, LOW = "[c]", "[u]"
"""Symbols of the Government Statistical Service for confidential figures and for figures of low reliability."""

LEAST_COUNT = 10
"""Counts of respondents below this are hidden by default under a policy that hides at all."""

RULES = ("min_n", "test_n", "flag_n", "min_count", "min_response", "use_effective_n")


@dataclass(frozen=True, slots=True)
class Policy:
    """What a publisher shows, flags and hides.

    Attributes
    ----------
    name
        Of a built-in policy; `custom` for one of the study's own.
    min_n
        Figures on fewer respondents are hidden; 0 hides none.
    test_n
        Groups of fewer respondents are neither tested nor ranked; None: `min_n`.
    flag_n
        Figures on fewer respondents are marked; 0 marks none.
    min_count
        Counts of respondents from 1 to one less than this are hidden; None: `min_n`, but at most ten.
    min_response
        Response rate (0–1) below which nothing is published; None: not looked at.
    use_effective_n
        Hold the effective n, which weights make smaller, against the limits as well as n.
    symbols
        `suppressed` and `low`: what stands in place of, or beside, such figures.

    Examples
    --------
    >>> policy = Policy(min_n=30, flag_n=100)
    >>> policy.least_tested, policy.least_count
    (30, 10)
    >>> policy.hides(29), policy.hides(30), policy.hides(40, 25.0), policy.flags(99)
    (True, False, False, True)
    """

    name: str = "custom"
    min_n: int = 0
    flag_n: int = 0
    min_response: float | None = None
    use_effective_n: bool = False
    symbols: dict[str, str] = field(default_factory=lambda: {"suppressed": SUPPRESSED, "low": LOW})
    test_n: int | None = None
    min_count: int | None = None

    @property
    def least_tested(self) -> int:
        """Respondents that a group needs to be tested and ranked."""
        return self.min_n if self.test_n is None else self.test_n

    @property
    def least_count(self) -> int:
        """The smallest count of respondents that is shown."""
        return min(self.min_n, LEAST_COUNT) if self.min_count is None else self.min_count

    def hides(self, n: float | None, n_eff: float | None = None) -> bool:
        """Tell whether a figure on `n` respondents stays hidden; without a base it does not."""
        return self._below(self.min_n, n, n_eff)

    def flags(self, n: float | None, n_eff: float | None = None) -> bool:
        """Tell whether a figure on `n` respondents is marked."""
        return self._below(self.flag_n, n, n_eff)

    def tests(self, n: float | None, n_eff: float | None = None) -> bool:
        """Tell whether a group of `n` respondents may be tested and ranked."""
        return not self._below(self.least_tested, n, n_eff)

    def _below(self, limit: int, n: float | None, n_eff: float | None) -> bool:
        bases = [n, n_eff if self.use_effective_n else None]
        return any(base is not None and base < limit for base in bases)


@cache
def _facts() -> dict[str, Any]:
    return tomllib.loads(files("satmeter.study").joinpath("policies.toml").read_text("utf-8"))


def policy_names() -> tuple[str, ...]:
    """Return the names of the built-in policies.

    Examples
    --------
    >>> policy_names()
    ('nss', 'hcahps', 'epsi', 'unicom')
    """
    return tuple(_facts()["policies"])


def built_in_policy(name: str) -> Policy:
    """Return a built-in policy.

    Parameters
    ----------
    name
        One of `policy_names`.

    Examples
    --------
    >>> nss = built_in_policy("nss")
    >>> nss.min_n, nss.min_response
    (10, 0.5)
    """
    facts = _facts()["policies"][name]
    return Policy(name=name, **{key: facts[key] for key in RULES if key in facts})


def describe_policy(policy: Policy) -> dict[str, Any]:
    """Return a policy for results.json: its limits, and its rules and source in words of every language.

    Examples
    --------
    >>> told = describe_policy(built_in_policy("nss"))
    >>> told["min_n"], told["title"]["en"], told["rules"]["en"][0]
    (10, 'National Student Survey', 'Figures on fewer than 10 respondents are not shown.')
    """
    facts = _facts()["policies"].get(policy.name, {})
    return {
        "name": policy.name,
        "title": dict(facts.get("title", {})),
        "min_n": policy.min_n,
        "test_n": policy.least_tested,
        "flag_n": policy.flag_n,
        "min_count": policy.least_count,
        "min_response": policy.min_response,
        "use_effective_n": policy.use_effective_n,
        "symbols": dict(policy.symbols),
        "rules": {language: list(_rules(policy, language)) for language in ("en", "zh-CN")},
        "source": facts.get("source", ""),
        "date": facts.get("date", ""),
    }


def _rules(policy: Policy, language: str) -> tuple[str, ...]:
    """Return every rule of a policy that is in force, a sentence each."""
    words = _facts()["rules"]
    fields = {
        "min_n": policy.min_n,
        "test_n": policy.least_tested if policy.least_tested > policy.min_n else 0,
        "flag_n": policy.flag_n,
        "min_count": policy.least_count if policy.least_count > 1 else 0,
        "min_response": policy.min_response or 0,
        "use_effective_n": int(policy.use_effective_n),
    }
    shown = {"n": 0, "percent": "", "suppressed": policy.symbols["suppressed"], "low": policy.symbols["low"]}
    return tuple(
        words[key][language].format_map(shown | {"n": limit, "percent": f"{100 * limit:g}%"})
        for key, limit in fields.items()
        if limit
    )
