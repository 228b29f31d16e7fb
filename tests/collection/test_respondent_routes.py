"""The walk of a respondent: pages, back, resume, repeats, two windows, late answers, a store that fails."""

from __future__ import annotations


def kinds(store):
    return [event.kind for event in store.events() if event.kind != "page"]


def test_a_whole_walk_is_in_the_store_before_the_respondent_is_thanked(web, store, pages):
    link = web.begin()
    end = web.walk(link, pages)
    assert end.headers["location"] == f"{link}/thanks"
    thanks = web.get(f"{link}/thanks")
    assert thanks.status_code == 200
    assert "Thanks for the 9." in thanks.text
    assert kinds(store) == ["opened", "answered", "answered", "answered", "answered", "submitted"]
    (response,) = {event.response for event in store.events()}
    state = store.latest(response)
    assert dict(state.values) == {
        "ctype": "res", "p1": 1, "p2": 2, "p3": "98", "used": ["a", "b"], "age": 42, "since": "2020-02-29",
        "ly": 9, "ly2": 8,
    }  # fmt: skip
    assert (state.submitted, state.page, state.language, state.mode) == (True, 4, "en", "web")
    assert sorted(state.order) == sorted(
        ["ctype", "firm", "p1", "p2", "p3", "used", "age", "since", "ly", "ly2", "why"]
    )
