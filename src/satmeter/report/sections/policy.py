"""By which rules figures are published: the policy of the study, its rules and its source."""

from __future__ import annotations

from satmeter.report.edition import Edition


def policy_paragraph(edition: Edition) -> str:
    """Return the name of the policy and each of its rules; empty where the study has none."""
    policy = edition.results.study.get("policy") or {}
    if not policy:
        return ""
    words, title = edition.words, edition.results.text(policy.get("title"))
    named = words.fill("suppressed.policy", {"title": title}) if title else words["suppressed.own_policy"]
    return words.paragraph([named, *(policy.get("rules") or {}).get(edition.results.language, ())])
