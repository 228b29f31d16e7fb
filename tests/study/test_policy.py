"""Policies of publication: built-in ones, one's own, and what cannot be."""

import pytest

from satmeter.errors import StudyError
from satmeter.study.policy import Policy, built_in_policy, describe_policy, policy_names


@pytest.mark.parametrize(
    ("name", "limits"),
    [  # min_n, test_n, flag_n, response rate, effective n: as the sources of policies.toml have them
        ("nss", (10, 10, 0, 0.5, False)),
        ("hcahps", (0, 100, 100, None, False)),
        ("epsi", (250, 250, 0, None, False)),
        ("unicom", (0, 30, 100, None, True)),
    ],
)
def test_a_built_in_policy_reaches_the_plan_by_name(plan_of, name, limits):
    policy = plan_of(f"publication: {{policy: {name}}}\n").policy
    assert policy == built_in_policy(name)
    found = policy.min_n, policy.least_tested, policy.flag_n, policy.min_response, policy.use_effective_n
    assert found == limits


def test_a_policy_of_ones_own(plan_of):
    whole = plan_of(
        "publication:\n"
        "  policy: {min_n: 20, test_n: 40, flag_n: 80, min_count: 5, min_response: 0.3, use_effective_n: yes,\n"
        '    symbols: {suppressed: "**", low: "*"}}\n'
    ).policy
    symbols = {"suppressed": "**", "low": "*"}
    assert whole == Policy("custom", 20, 80, 0.3, True, symbols, test_n=40, min_count=5)
    beside = plan_of("publication: {min_n: 30, flag_n: 100}\n").policy
    assert beside == plan_of("publication: {policy: {min_n: 30, flag_n: 100}}\n").policy
    changed = plan_of("publication: {policy: nss, flag_n: 50}\n").policy
    assert (changed.name, changed.min_n, changed.flag_n, changed.min_response) == ("custom", 10, 50, 0.5)
    assert plan_of("publication: {sponsor: us}\n").policy is None


def test_a_policy_changes_the_digest_and_its_absence_does_not(plan_of):
    plain = plan_of("publication: {sponsor: us}\n").digest
    assert plan_of("publication: {sponsor: us, policy: nss}\n").digest != plain
    assert plan_of("publication: {sponsor: us, policy: }\n").digest == plain


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("publication: {policy: nsss}\n", "S098", 4),
        ("publication: {policy: [nss]}\n", "S098", 4),
        ("publication:\n  sponsor: us\n  policy: {min_n: 30, flag_n: 20}\n", "S099", 6),
        ("publication: {policy: {min_n: 30, test_n: 20}}\n", "S099", 4),
        ("publication: {policy: nss, flag_n: 5}\n", "S099", 4),
        ("publication:\n  policy: {min_n: 30}\n  min_n: 20\n", "S099", 6),
        ('publication: {policy: {symbols: {suppressed: "*", low: "*"}}}\n', "S099", 4),
        ('publication: {policy: {symbols: {suppressed: ""}}}\n', "S099", 4),
        ("publication: {policy: {min_n: many}}\n", "Q025", 4),
        ("publication: {policy: {min_response: 50}}\n", "Q029", 4),
        ("publication: {flag_n: 2.5}\n", "Q025", 4),
        ("publication: {min_n: -1}\n", "Q029", 4),
        ("publication: {policy: {minimum: 3}}\n", "Q016", 4),
    ],
)
def test_what_cannot_be_is_named_with_its_line(plan_of, text, code, line):
    with pytest.raises(StudyError) as error:
        plan_of(text)
    assert [(p.code, p.line) for p in error.value.problems] == [(code, line)]
    assert error.value.text("en") != error.value.text("zh-CN")


def test_a_mistyped_policy_is_told_what_was_meant(plan_of):
    with pytest.raises(StudyError) as error:
        plan_of("publication: {policy: unicorn}\n")
    (problem,) = error.value.problems
    assert (problem.suggestion, problem.params["choices"]) == ("unicom", ", ".join(policy_names()))
    assert "nss, hcahps, epsi, unicom" in problem.text("en")
    assert "没有这样的公布规则" in problem.text("zh-CN")


def test_every_policy_names_its_source_and_says_its_rules_in_both_languages():
    for name in policy_names():
        told = describe_policy(built_in_policy(name))
        assert told["source"]
        assert told["date"]
        assert set(told["title"]) == {"en", "zh-CN"}
        assert len(told["rules"]["en"]) == len(told["rules"]["zh-CN"]) >= 2


def test_the_effective_n_counts_where_the_policy_says_so():
    plain, weighted = Policy(min_n=30, flag_n=100), Policy(min_n=30, flag_n=100, use_effective_n=True)
    assert (plain.hides(40, 20.0), weighted.hides(40, 20.0)) == (False, True)
    assert (plain.flags(120, 90.0), weighted.flags(120, 90.0)) == (False, True)
    assert (plain.tests(40, 20.0), weighted.tests(40, 20.0)) == (True, False)
    assert not weighted.hides(None)
    assert not Policy().hides(0)
