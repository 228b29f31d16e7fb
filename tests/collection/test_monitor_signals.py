"""Signals of careless and forged responses: one planted at a time, and what is told when nothing can be told."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from satmeter.collection.monitor_answers import ratings
from satmeter.collection.monitor_records import Record
from satmeter.collection.monitor_signals import LEAST_N, MOST_NAMED, plausible_alpha, signals
from satmeter.collection.monitor_view import page_context
from satmeter.collection.monitor_words import LANGUAGES
from satmeter.questionnaire.read import parse_questionnaire

TEXT = """\
satmeter: 1
id: signs
version: "1"
title: Signs
languages: [en]
scales: {agree: {points: {1: A, 2: B, 3: C, 4: D, 5: E}}}
constructs:
  one: {role: driver, label: One, scale: agree, items: {a1: A1, a2: A2, a3: A3, a4: A4, a5: A5, a6: A6}}
  two:
    role: satisfaction
    label: Two
    scale: agree
    items: {b1: B1, b2: B2, b3: B3, b4: B4, b5: B5, b6: {text: B6, reverse: true}}
pages: [{grid: [one], shuffle: items}, [b1, b2, b3], [b4, b5, b6]]
"""
KEYS = (
    "near_duplicates",
    "straight_lines",
    "same_times",
    "bursts",
    "even_arrivals",
    "speeders",
    "clean_reliability",
    "no_order_effects",
)


@pytest.fixture(scope="module")
def signs():
    return parse_questionnaire(TEXT, name="signs.yaml")


@pytest.fixture
def people(signs):
    """120 honest respondents: two correlated constructs, times that scatter, arrivals by chance."""
    rng = np.random.default_rng(7)
    n, items = 120, list(signs.items)
    factor = rng.standard_normal((n, 2)) @ np.array([[1.0, 0.5], [0.0, 0.87]])
    latent = 0.6 * np.repeat(factor, 6, axis=1) + 0.8 * rng.standard_normal((n, 12))
    codes = 1 + (latent[:, :, None] > np.array([-1.5, -0.7, 0.1, 0.9])).sum(axis=2)
    codes[:, 11] = 6 - codes[:, 11]
    opened = np.sort(1.79e9 + 20 * 3600 * rng.random(n))
    found = []
    for i in range(n):
        seconds = (np.exp(0.3 * rng.standard_normal() + 0.3 * rng.standard_normal(3)) * [60, 30, 30]).tolist()
        order = (*rng.permutation(items[:6]).tolist(), *items[6:])
        values = dict(zip(items, codes[i].tolist(), strict=True))
        found.append(
            Record(
                f"r{i}",
                float(opened[i]),
                float(opened[i]) + sum(seconds),
                mode="web",
                order=order,
                submitted=float(opened[i]) + sum(seconds),
                page=3,
                seconds=dict(enumerate(seconds, 1)),
                values=values,
            )
        )
    return found


def look(questionnaire, records):
    return {s.key: s for s in signals(questionnaire, records, ratings(questionnaire, records), records)}


def raised(found):
    return {key for key, signal in found.items() if signal.state == "raised"}


def test_honest_people_raise_nothing(signs, people):
    found = look(signs, people)
    assert tuple(found) == KEYS
    assert raised(found) == set()
    assert found["clean_reliability"].more["items"] == 6


def test_the_same_responses_give_the_same_figures(signs, people):
    assert look(signs, people) == look(signs, people)


def test_a_copy_with_one_change_is_found_and_named(signs, people):
    changed = dict(people[3].values)
    changed["a2"] = changed["a2"] % 5 + 1
    people[90] = replace(people[90], values=dict(people[3].values))
    people[91] = replace(people[91], values=changed)
    found = look(signs, people)["near_duplicates"]
    assert found.state == "raised"
    assert found.figure == 1.0
    assert {"r3", "r90"} <= set(found.responses)


def test_two_delighted_customers_are_no_copies(signs, people):
    for i in (5, 6):
        people[i] = replace(people[i], values=dict.fromkeys(people[i].values, 5))
    found = look(signs, people)["near_duplicates"]
    assert "r5" not in found.responses
    assert found.n < len(people)


def test_straight_lines_are_counted(signs, people):
    for i in range(30):
        people[i] = replace(people[i], values=dict.fromkeys(people[i].values, 4))
    found = look(signs, people)["straight_lines"]
    assert found.state == "raised"
    assert found.figure >= 0.25 > found.limit
    assert {f"r{i}" for i in range(30)} <= set(found.responses)


def test_equal_times_are_found(signs, people):
    for i in (10, 50):
        people[i] = replace(people[i], seconds={1: 41.0, 2: 20.5, 3: 19.25})
    found = look(signs, people)["same_times"]
    assert found.state == "raised"
    assert (found.figure, found.responses) == (0.0, ("r10", "r50"))


def test_another_way_through_the_pages_is_not_compared(signs, people):
    people[10] = replace(people[10], seconds={1: 41.0, 2: 20.5})
    assert look(signs, people)["same_times"].n == len(people) - 1


def test_a_batch_is_a_burst(signs, people):
    start = people[20].opened
    for i in range(20, 40):
        people[i] = replace(people[i], opened=start + i)
    found = look(signs, people)["bursts"]
    assert found.state == "raised"
    assert found.more["count"] >= 20
    assert found.more["at"] == pytest.approx(start + 20)


def test_clockwork_is_too_even(signs, people):
    start = people[20].opened
    for i in range(20, 60):
        people[i] = replace(people[i], opened=start + 60 * i)
    assert raised(look(signs, people)) == {"even_arrivals"}


def test_interviewers_and_tablets_are_not_held_to_chance(signs, people):
    people = [replace(r, opened=people[0].opened + 60 * i, mode="kiosk") for i, r in enumerate(people)]
    found = look(signs, people)
    assert (found["even_arrivals"].state, found["bursts"].state) == ("too_few", "too_few")
    assert found["bursts"].n == 0


def test_speeders_are_counted(signs, people):
    for i in range(12):
        people[i] = replace(people[i], seconds={page: s / 8 for page, s in people[i].seconds.items()})
    found = look(signs, people)["speeders"]
    assert found.state == "raised"
    assert found.figure == pytest.approx(0.1)
    assert set(found.responses) == {f"r{i}" for i in range(12)}


def test_answers_from_one_number_are_too_clean(signs, people):
    for i, record in enumerate(people):
        number = 1 + i % 5
        values = {name: 6 - number if name == "b6" else number for name in record.values if name[0] == "b"}
        people[i] = replace(record, values=record.values | values)
    found = look(signs, people)["clean_reliability"]
    assert found.state == "raised"
    assert found.more["construct"] == "two"
    assert found.figure > found.limit == pytest.approx(plausible_alpha(6))


def test_order_is_told_only_when_known_well_enough(signs, people):
    found = look(signs, people)["no_order_effects"]
    assert found.state == "too_few"
    assert found.more["reach"] > found.limit
    many = [replace(r, response=f"{r.response}-{k}") for k in range(12) for r in people]
    rng = np.random.default_rng(1)
    items = list(signs.items)
    many = [replace(r, order=(*rng.permutation(items[:6]).tolist(), *items[6:])) for r in many]
    unread = look(signs, many)["no_order_effects"]
    assert unread.more["high"] < unread.limit
    assert unread.state == "raised"
    told = [replace(r, order=()) for r in people]
    assert look(signs, told)["no_order_effects"].n == 0


def test_a_short_questionnaire_cannot_tell_copies(signs, people):
    """Where honest people agree in everything, a copy is nothing to see."""
    alike = [
        replace(r, values={name: 1 + (k + i) % 2 for k, name in enumerate(r.values)}) for i, r in enumerate(people)
    ]
    found = look(signs, alike)["near_duplicates"]
    assert (found.state, found.limit) == ("too_few", 1.0)


@pytest.mark.parametrize("n", [0, 1, 2, LEAST_N - 1])
def test_too_few_to_tell(signs, people, n):
    found = look(signs, people[:n])
    assert {signal.state for signal in found.values()} == {"too_few"}


def test_a_questionnaire_without_ratings():
    plain = parse_questionnaire(
        'satmeter: 1\nid: plain\nversion: "1"\ntitle: Plain\nlanguages: [en]\nconstructs: {}\nscales: {}\n'
        "questions: {q: {type: choice, text: Q, options: {a: A, b: B}}}\npages: [[q]]\n",
        name="plain.yaml",
    )
    records = [
        Record(f"r{i}", 60.0 * i, 60.0 * i, submitted=60.0 * i + 9, mode="web", seconds={1: 9.0}) for i in range(99)
    ]
    states = {key: signal.state for key, signal in look(plain, records).items()}
    assert {key for key, state in states.items() if state == "not_possible"} == {
        "near_duplicates",
        "straight_lines",
        "same_times",
        "clean_reliability",
        "no_order_effects",
    }


@given(
    st.integers(0, 130),
    st.integers(0, 2**31),
    st.sampled_from([0.0, 0.2, 0.9, 1.0]),
    st.integers(1, 5),
    st.sampled_from([0, 1, 1000, 10**6]),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_data_break_a_signal(signs, n, seed, blank, points, spread):
    """Whatever is answered, or not, at whatever times."""
    rng = np.random.default_rng(seed)
    items = list(signs.items)
    records = []
    for i in range(n):
        values = {name: int(rng.integers(1, points + 1)) for name in items if rng.random() >= blank}
        seconds = {page: float(rng.integers(0, 4)) for page in (1, 2, 3) if rng.random() < 0.8}
        opened = 1.79e9 + float(rng.integers(0, spread + 1))
        order = tuple(rng.permutation(items).tolist()) if rng.random() < 0.9 else ()
        records.append(
            Record(f"r{i}", opened, opened, mode="web", order=order, submitted=opened, seconds=seconds, values=values)
        )
    found = look(signs, records)
    assert tuple(found) == KEYS
    assert [s for s in found.values() if s.figure is not None and not np.isfinite(s.figure)] == []


def test_constant_answers_break_nothing(signs, people):
    same = [replace(r, values=dict.fromkeys(r.values, 3), seconds={1: 5.0, 2: 5.0, 3: 5.0}) for r in people]
    found = look(signs, same)
    assert found["straight_lines"].figure == 1.0
    assert found["same_times"].state == "not_possible"
    assert len(found["straight_lines"].responses) == MOST_NAMED


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_signal_is_told_in_words(signs, people, language):
    """With its n, its figure, its limit and its rate of false alarm; no field of a sentence is left open."""
    from satmeter.collection.monitor_figures import make_figures

    people[90] = replace(people[90], values=dict(people[3].values))
    codes = ratings(signs, people)
    figures = make_figures(signs, people, codes, plan={}, quotas={}, now=1.79e9 + 90000)
    for records in (people, people[:3]):
        found = signals(signs, records, {name: column[: len(records)] for name, column in codes.items()}, records)
        told = page_context(signs, figures, found, language, 30)
        for signal in told["signals"]:
            text = " ".join(str(signal[key]) for key in ("title", "badge", "found", "what", "rate", "n"))
            assert "{" not in text
            assert len(signal["found"]) > 15
            assert str(next(s.n for s in found if s.key == signal["key"])) in signal["n"]
    assert told["banner"]["state"] == ""
