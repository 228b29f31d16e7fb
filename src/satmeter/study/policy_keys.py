"""The keys ``policy``, ``min_n`` and ``flag_n`` under ``publication`` of a study file."""

from __future__ import annotations

from dataclasses import replace

from satmeter.questionnaire.spec import Collector, Field, Fields, nearest, read_fields
from satmeter.questionnaire.yaml_text import Node, quoted
from satmeter.study.policy import RULES, Policy, built_in_policy, policy_names

ABOUT = ("key", "publication")
LONGEST_SYMBOL = 8
MOST = 1_000_000

_LIMIT = Field("integer", low=0, high=MOST)
POLICY_KEYS = {"policy": Field("any"), "min_n": _LIMIT, "flag_n": _LIMIT}
"""What stands directly under `publication`."""

_OWN = {
    "min_n": _LIMIT,
    "test_n": _LIMIT,
    "flag_n": _LIMIT,
    "min_count": _LIMIT,
    "min_response": Field("number", low=0, high=1),
    "use_effective_n": Field("boolean"),
    "symbols": Field("map"),
}
_SYMBOLS = {"suppressed": Field("string"), "low": Field("string")}


def read_policy(publication: Fields, collector: Collector) -> Policy | None:
    """Read the policy of publication.

    Parameters
    ----------
    publication
        The fields under `publication`, read by a table that holds `POLICY_KEYS`.
    collector
        Takes S098 (no such policy), S099 (limits that contradict each other) and what `read_fields` finds.

    Returns
    -------
    Policy or None
        None where no rule is given. A built-in policy with a limit changed beside it is `custom`.
    """
    node = publication.node("policy")
    policy, given = _named(node, collector)
    beside = {key: number for key in ("min_n", "flag_n") if (number := publication.integer(key)) is not None}
    for key in beside:
        if key in given:
            _contradiction(f"{key}: {beside[key]}", publication.line_of(key), collector)
    if beside:
        base = policy or Policy()
        limits = beside.get("min_n", base.min_n), beside.get("flag_n", base.flag_n)
        policy = replace(base, name="custom", min_n=limits[0], flag_n=limits[1])
    elif policy is None:
        return None
    _check(policy, publication.line_of("policy" if node else next(iter(beside))), collector)
    return policy


def _named(node: Node | None, collector: Collector) -> tuple[Policy | None, tuple[str, ...]]:
    """Return the policy of the key `policy`, and the rules that it gives itself."""
    if node is None:
        return None, ()
    if node.kind == "map":
        return _own(node, collector)
    name = node.text.strip() if node.kind == "scalar" else ""
    if name not in policy_names():
        choices = ", ".join(policy_names())
        shown = quoted(name) if name else node.shown()
        near = nearest(name, policy_names()) if name else ""
        collector.error("S098", node.line, about=ABOUT, got=shown, suggestion=near, params={"choices": choices})
        return None, ()
    return built_in_policy(name), ()


def _own(node: Node, collector: Collector) -> tuple[Policy, tuple[str, ...]]:
    fields = read_fields(node, _OWN, collector, about=ABOUT)
    default = Policy()
    marks = fields.node("symbols")
    symbols = default.symbols
    if marks is not None:
        told = read_fields(marks, _SYMBOLS, collector, about=ABOUT)
        symbols = {key: told.string(key, symbols[key]) for key in _SYMBOLS}
    policy = Policy(
        min_n=fields.integer("min_n") or 0,
        test_n=fields.integer("test_n"),
        flag_n=fields.integer("flag_n") or 0,
        min_count=fields.integer("min_count"),
        min_response=fields.number("min_response"),
        use_effective_n=bool(fields.boolean("use_effective_n")),
        symbols=symbols,
    )
    return policy, tuple(key for key in RULES if fields.node(key))


def _check(policy: Policy, line: int, collector: Collector) -> None:
    """Record limits that could never be reached, and symbols that cannot be told apart."""
    if policy.flag_n and policy.flag_n < policy.min_n:
        _contradiction(f"flag_n {policy.flag_n} < min_n {policy.min_n}", line, collector)
    if policy.least_tested < policy.min_n:
        _contradiction(f"test_n {policy.least_tested} < min_n {policy.min_n}", line, collector)
    marks = tuple(mark.strip() for mark in policy.symbols.values())
    if len(set(marks)) < len(marks) or not all(0 < len(mark) <= LONGEST_SYMBOL for mark in marks):
        _contradiction(f"symbols {', '.join(marks)}", line, collector)


def _contradiction(what: str, line: int, collector: Collector) -> None:
    collector.error("S099", line, about=ABOUT, params={"what": what})
