"""The key ``publication`` of a study file: what is disclosed with the results, and how they may be published."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from satmeter.questionnaire.model import Questionnaire
from satmeter.questionnaire.spec import Collector, Field, Fields, listed, nearest, read_fields, wrong_kind
from satmeter.questionnaire.yaml_text import Node, quoted
from satmeter.study.plan import Plan, Sampling
from satmeter.study.policy import Policy
from satmeter.study.policy_keys import POLICY_KEYS, read_policy
from satmeter.study.release_keys import RELEASE_KEYS, check_microdata, read_release_keys

ABOUT = ("key", "publication")
DISCLOSED = (
    "sponsor",
    "funder",
    "conductor",
    "population",
    "frame",
    "recruitment",
    "mode",
    "dates",
    "instrument",
    "weighting",
    "processing",
    "limitations",
    "contact",
)
"""What a researcher types: a text, or a map of languages."""

SAMPLING = ("probability", "nonprobability")
_KEYS = (
    {key: Field("any") for key in DISCLOSED}
    | {"sampling": Field("string", choices=SAMPLING)}
    | POLICY_KEYS
    | RELEASE_KEYS
)


@dataclass(frozen=True, slots=True)
class PublicationKeys:
    """What the key says.

    Attributes
    ----------
    disclosure
        What the researcher typed, item to text or to a map of languages.
    sampling
        Whether the sample was drawn with known probabilities; empty where the study does not say.
    policy
        How many respondents a published figure needs.
    """

    disclosure: dict[str, str | dict[str, str]] = field(default_factory=dict)
    sampling: Sampling = ""
    policy: Policy | None = None


def read_publication(node: Node | None, collector: Collector) -> PublicationKeys:
    """Read the key; problems go to the collector."""
    fields = read_fields(node, _KEYS, collector, about=ABOUT) if node else Fields(0)
    typed = {key: _typed(key, fields.node(key), collector) for key in DISCLOSED}
    sampling = cast(Sampling, fields.string("sampling"))
    policy = read_policy(fields, collector)
    read_release_keys(node, collector)  # publish reads them again; here they are checked
    return PublicationKeys({key: text for key, text in typed.items() if text}, sampling, policy)


def _typed(key: str, node: Node | None, collector: Collector) -> str | dict[str, str]:
    """Return a text as it was typed, or by language."""
    if node is None:
        return ""
    if node.kind == "scalar":
        return node.text.strip()
    if node.kind == "list":
        wrong_kind(node, "scalar", collector, about=ABOUT, key=key)
        return ""
    texts = {}
    for entry in node.entries:
        if entry.value.kind == "scalar":
            texts[entry.key] = "" if entry.value.is_null else entry.value.text.strip()
        else:
            wrong_kind(entry.value, "scalar", collector, about=("key", f"publication.{key}"), key=entry.key)
    return {language: text for language, text in texts.items() if text}


def check_publication(plan: Plan, questionnaire: Questionnaire, root: Node, collector: Collector) -> None:
    """Record every text in a language that the questionnaire does not have (Q035), and microdata that cannot be."""
    node = root.get("publication")
    for own in node.entries if node is not None else ():
        texts = plan.disclosure.get(own.key, "")
        for entry in own.value.entries if isinstance(texts, dict) else ():
            if entry.key not in questionnaire.languages:
                collector.error(
                    "Q035",
                    entry.line,
                    about=("key", f"publication.{own.key}"),
                    got=quoted(entry.key),
                    suggestion=nearest(entry.key, questionnaire.languages),
                    params={"choices": listed(questionnaire.languages)},
                )
    check_microdata(read_release_keys(node, Collector(collector.file)), questionnaire, collector)
