"""The monitor's figures: counts, drop-out, times, and a live index with the numbers of the study room."""

import datetime

import numpy as np
import pytest

from satmeter.collection.monitor_answers import construct_scores, ratings
from satmeter.collection.monitor_figures import ACTIVE_SECONDS, make_figures, scores
from satmeter.collection.monitor_records import LONGEST_LOOK, Record, Records
from satmeter.journal.model import Event, Stored
from satmeter.measurement import measure
from satmeter.moments import make_resampling
from satmeter.questionnaire import read_questionnaire
from satmeter.questionnaire.read import parse_questionnaire
from satmeter.responses import read_responses, simulate
from satmeter.study import make_study, read_study

NOW = 1.79e9
PARTS = """\
satmeter: 1
id: small
version: "1"
title: Small
languages: [en]
scales:
  agree: {points: {1: No, 2: Rather no, 3: Rather yes, 4: Yes}, missing: {9: {label: Cannot say, reason: dont_know}}}
constructs:
  other: {role: driver, label: Other, scale: agree, items: {o1: One, o2: {text: Two, reverse: true}}}
  happy: {role: satisfaction, label: Happy, scale: agree, items: {h1: {text: Happy, show_if: "kind == 'a'"}, h2: Glad}}
questions:
  kind: {type: choice, text: Kind, options: {a: A, b: B}}
  name: {type: text, text: Name, pii: "yes"}
  seen: {type: choice, text: Seen, show_if: answered(name), options: {y: Yes, n: No}}
pages: [[kind, name], [o1, o2], [happy, seen]]
"""


@pytest.fixture(scope="module")
def small():
    return parse_questionnaire(PARTS, name="small.yaml")


class Journal:
    """Events in memory, as a store gives them."""

    def __init__(self):
        self.stored = []

    def add(self, at, kind, response, payload):
        moment = datetime.datetime.fromtimestamp(at, datetime.UTC).isoformat(timespec="microseconds")
        self.stored.append(Stored(len(self.stored) + 1, moment, kind, response, "d", payload, b""))

    def events(self, response=None, after=0):
        return iter(self.stored[after:])


def answered(page, seconds=None, **values):
    return {"page": page, "values": values, "passed": True} | ({} if seconds is None else {"seconds": seconds})


def figures(questionnaire, records, **more):
    done = [record for record in records if record.submitted is not None]
    given = {"plan": {}, "quotas": {}, "now": NOW} | more
    return make_figures(questionnaire, records, ratings(questionnaire, done), **given)


def test_events_are_read_once_and_folded(small):
    journal = Journal()
    journal.add(NOW, "opened", "r1", {"language": "en", "mode": "web", "order": ["kind", "o2", "o1"]})
    records = Records(journal, small)
    (one,) = records.now()
    assert (one.opened, one.mode, one.order, one.page) == (NOW, "web", ("kind", "o2", "o1"), 0)
    journal.add(NOW + 10, "answered", "r1", answered(1, kind="a"))
    journal.add(NOW + 12, "answered", "r1", {"page": 2, "values": {"o1": 3}})
    (two,) = records.now()
    assert (two.page, two.values, two.seconds) == (1, {"kind": "a", "o1": 3}, {1: 10.0, 2: 2.0})
    assert one.values == {}
    journal.add(NOW + 15, "page", "r1", {"page": 2, "shown": ["o1", "o2"]})
    journal.add(NOW + 20, "changed", "r1", {"page": 2, "values": {"o1": None}})
    journal.add(NOW + 30, "submitted", "r1", {})
    (three,) = records.now()
    assert (three.page, three.submitted, three.values["o1"]) == (2, NOW + 30, None)


def test_what_the_browser_measures_counts_up_to_what_passed(small):
    journal = Journal()
    journal.add(NOW, "opened", "r1", {})
    journal.add(NOW + 100, "answered", "r1", answered(1, seconds=40))
    journal.add(NOW + 110, "answered", "r1", answered(2, seconds=10**9))
    journal.add(NOW + 110 + LONGEST_LOOK, "answered", "r1", answered(3))
    (one,) = Records(journal, small).now()
    assert one.seconds == {1: 40.0, 2: 10.0}


def test_withdrawn_and_erased_responses_count_nowhere(small):
    journal = Journal()
    for name in ("r1", "r2", "r3"):
        journal.add(NOW, "opened", name, {})
        journal.add(NOW + 1, "answered", name, answered(1, kind="a"))
    journal.add(NOW + 2, "withdrawn", "r1", {"reason": "quota_full"})
    journal.stored = [
        e if e.response != "r2" else Stored(e.seq, e.at, e.kind, "r2", "d", None, b"") for e in journal.stored
    ]
    journal.add(NOW + 3, "erased", "r2", {})
    records = Records(journal, small)
    assert [record.response for record in records.now()] == ["r3"]
    journal.add(NOW + 4, "reopened", "r1", {"by": "respondent"})
    assert [record.response for record in records.now()] == ["r1", "r3"]


def test_answers_that_identify_are_not_kept(small):
    journal = Journal()
    journal.add(NOW, "opened", "r1", {})
    journal.add(NOW + 1, "answered", "r1", answered(1, name="Zhang San"))
    journal.add(NOW + 2, "answered", "r1", answered(3, seen="y"))
    records = Records(journal, small)
    assert "Zhang" not in repr(records.now()) + repr(vars(records)["_records"])
    assert records.now()[0].values.keys() == {"name", "seen"}


def person(name="r", *, page=3, submitted=True, opened=NOW - 7200, last=NOW - 7000, **values):
    seconds = {p: 10.0 * p for p in range(1, page + 1)}
    return Record(
        name,
        opened,
        last,
        page=page,
        submitted=opened + 120 if submitted else None,
        seconds=seconds,
        values=values,
    )


def test_who_left_where(small):
    records = [
        person(),
        person(page=0, submitted=False),
        person(page=1, submitted=False),
        person(page=1, submitted=False, last=NOW - ACTIVE_SECONDS + 1),
        person(page=3, submitted=False),
    ]
    found = figures(small, records)
    assert (found.opened, found.submitted, found.active, found.dropped) == (5, 1, 1, 3)
    assert [(p.came, p.left, p.there) for p in found.pages] == [(5, 1, 0), (4, 1, 1), (2, 1, 0)]
    assert [p.median_seconds for p in found.pages] == [10.0, 20.0, 30.0]
    assert found.median_seconds == 120.0


def test_plan_and_quotas_against_what_is_submitted(small):
    records = [person(kind="a"), person(kind="a"), person(kind="b"), person(kind="b", submitted=False), person(kind=7)]
    found = figures(small, records, plan={"kind": {"a": 3, "b": 5}}, quotas={"kind": {"a": 2}})
    assert [(s.option, s.n, s.plan, s.quota) for s in found.strata] == [("a", 2, 3, 2), ("b", 1, 5, None)]
    assert found.wanted == 8


def test_days_without_responses_are_there(small):
    day = 86400
    records = [person(opened=NOW - 5 * day), person(opened=NOW - 5 * day), person(opened=NOW - 60, submitted=False)]
    found = figures(small, records).moments
    assert [(m.opened, m.submitted, m.total) for m in found] == [(2, 2, 2), *[(0, 0, 2)] * 4, (1, 0, 2)]
    assert len({m.label for m in found}) == 6


def test_young_fieldwork_is_shown_by_the_hour(small):
    found = figures(small, [person(opened=NOW - 3 * 3600)]).moments
    assert [m.submitted for m in found] == [1, 0, 0, 0]
    assert found[0].label.endswith(":00")


def test_nothing_yet(small):
    found = figures(small, [])
    assert (found.opened, found.median_seconds, found.moments) == (0, None, ())
    assert all(score.estimate is None for score in found.scores)


def test_only_answers_on_the_scale_of_asked_items_are_rated(small):
    records = [
        person(kind="a", o1=9, h1=4),
        person(kind="b", o1=1, h1=4),
        person(kind="a", o1="2", h1=None),
        person(kind="a", o1=7, h1=True),
        person(kind="a", o1=[1], h1=2),
    ]
    found = ratings(small, records)
    nan = np.nan
    np.testing.assert_array_equal(found["o1"], [nan, 1, nan, nan, nan])
    np.testing.assert_array_equal(found["h1"], [4, nan, nan, nan, 2])


def test_a_reversed_item_is_reversed_once(small):
    found = construct_scores(small, ratings(small, [person(kind="a", o1=4, o2=1), person(kind="a", o2=4)]))
    np.testing.assert_allclose(found["other"], [100.0, 0.0])


@pytest.mark.parametrize(("n", "shown"), [(29, False), (30, True)])
def test_the_minimum_cell(small, n, shown):
    rng = np.random.default_rng(1)
    records = [person(kind="a", h1=int(rng.integers(1, 5)), h2=int(rng.integers(1, 5))) for _ in range(n)]
    index, other = figures(small, records).scores
    assert (index.construct, index.is_index, index.n) == ("happy", True, n)
    assert (index.estimate is not None, index.conf_low is not None) == (shown, shown)
    assert (other.n, other.estimate) == (0, None)


def test_equal_answers_have_no_interval_but_a_mean(small):
    index = figures(small, [person(kind="a", h1=4, h2=4)] * 40).scores[0]
    assert (index.estimate, index.conf_low, index.conf_high) == (100.0, None, None)


STUDY = """\
satmeter: 1
questionnaire: power-utility
responses: answers.csv
missing: {items: person_mean, min_answered: 0.5}
quality: {duplicates: off, straightlining: off, attention: off, too_many_missing: off}
uncertainty: {method: jackknife, seed: 1}
"""


def cell_of(questionnaire, name, text):
    if questionnaire.scale_of(name) is not None:
        return int(text)
    question = questionnaire.questions[name]
    if question.type == "multiple":
        return text.split(";")
    return float(text) if question.type == "number" else text


def test_the_live_index_has_the_numbers_of_a_study(tmp_path):
    """Estimates, standard errors (by their intervals) and n: `satmeter run`, unweighted, with the jackknife."""
    questionnaire = read_questionnaire("power-utility")
    frame = simulate(questionnaire, 120, seed=5, careless=0.1, missing=0.1).frame
    frame = frame[frame["submitted"] != ""]
    frame.to_csv(tmp_path / "answers.csv", index=False)
    (tmp_path / "study.yaml").write_text(STUDY, "utf-8")
    plan = read_study(tmp_path / "study.yaml")
    study = make_study(plan, read_responses(plan.responses, questionnaire))
    rows = {
        row.measure: row
        for row in measure(study, make_resampling(study)).scores
        if row.statistic == "mean_score" and not row.group_by
    }
    records = [
        Record(
            "r",
            NOW,
            NOW,
            submitted=NOW,
            values={
                v: cell_of(questionnaire, v, row[v]) for v in frame.columns if v in questionnaire.variables and row[v]
            },
        )
        for _, row in frame.iterrows()
    ]
    found = scores(questionnaire, construct_scores(questionnaire, ratings(questionnaire, records)), 30)
    assert len(found) == len(rows) > 5
    assert sum(score.estimate is None for score in found) == sum(row.n < 30 for row in rows.values()) < 2
    for score in found:
        row = rows[score.construct]
        assert score.n == row.n
        if score.estimate is None:
            continue
        # The jackknife leaves one of all out, the linearised error knows how many answered: equal where all did.
        factor = (study.n - 1) / study.n * row.n / (row.n - 1)
        half = (row.conf_high - row.conf_low) / 2 / factor
        expected = (row.estimate, row.estimate - half, row.estimate + half)
        np.testing.assert_allclose((score.estimate, score.conf_low, score.conf_high), expected, rtol=1e-9)
    assert any(row.n == study.n for row in rows.values())


def test_a_real_store_is_followed(store, questionnaire):
    records = Records(store, questionnaire)
    digest = questionnaire.digest
    store.append([Event("opened", "r1", {"language": "en", "mode": "web", "order": []})], definition=digest)
    store.append([Event("answered", "r1", answered(1, ctype="res"), key="k1")], definition=digest)
    assert [(r.page, r.values) for r in records.now()] == [(1, {"ctype": "res"})]
    store.erase("r1")
    assert records.now() == ()
