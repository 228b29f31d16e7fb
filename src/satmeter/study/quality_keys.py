"""The `quality` part of the study file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from satmeter.questionnaire.spec import Collector, Field, Fields, nearest, read_fields
from satmeter.questionnaire.yaml_text import Node
from satmeter.study.plan import Quality, QualityAction

_ACTIONS = ("flag", "exclude", "off")
_THEN = Field("string", choices=_ACTIONS)
_RULES: Mapping[str, Mapping[str, Field]] = {
    "duplicates": {"then": _THEN},
    "attention": {"then": _THEN},
    "straightlining": {
        "share": Field("number", low=0.5, high=1),
        "max_variance": Field("number", low=0),
        "then": _THEN,
    },
    "speeders": {"min_seconds": Field("number", low=0), "then": _THEN},
    "too_many_missing": {"max_share": Field("number", low=0, high=1), "then": _THEN},
}


def read_quality(node: Node | None, collector: Collector) -> Quality:
    """Read the quality rules; a rule is an action (``flag``, ``exclude``, ``off``) or a map with ``then``.

    Parameters
    ----------
    node
        The value of ``quality``; None gives the defaults.
    collector
        Takes the problems: those of `read_fields`, and S009 for speeders without ``min_seconds``.
    """
    default = Quality()
    if node is None:
        return default
    read_fields(node, dict.fromkeys(_RULES, Field("any")), collector, about=("key", "quality"))
    rules = {key: _rule(key, node.get(key), collector) for key in _RULES}
    speeders = rules["speeders"]
    speeding = _action(speeders, "flag" if speeders.number("min_seconds") is not None else default.speeders)
    if speeding != "off" and speeders.number("min_seconds") is None:
        collector.error("S009", speeders.line, about=("rule", "speeders"))
    straight, missing = rules["straightlining"], rules["too_many_missing"]
    share, most = straight.number("share"), missing.number("max_share")
    return Quality(
        duplicates=_action(rules["duplicates"], default.duplicates),
        straightlining=_action(straight, default.straightlining),
        straightlining_share=default.straightlining_share if share is None else share,
        straightlining_variance=straight.number("max_variance"),
        speeders=speeding,
        min_seconds=speeders.number("min_seconds"),
        attention=_action(rules["attention"], default.attention),
        too_many_missing=_action(missing, default.too_many_missing),
        max_missing=default.max_missing if most is None else most,
    )


def _rule(key: str, node: Node | None, collector: Collector) -> Fields:
    about = ("rule", key)
    if node is None or node.is_null:
        return Fields(0)
    if node.kind != "scalar":
        return read_fields(node, _RULES[key], collector, about=about)
    text = node.text.strip()
    if text in _ACTIONS:
        return Fields(node.line, {"then": text})
    params = {"choices": ", ".join(_ACTIONS)}
    near = nearest(text, _ACTIONS)
    collector.error("Q028", node.line, about=about, got=f"{key}: {node.shown()}", suggestion=near, params=params)
    return Fields(node.line, {"then": "off"})


def _action(fields: Fields, default: QualityAction) -> QualityAction:
    return cast(QualityAction, fields.string("then", default))
