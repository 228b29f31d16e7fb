"""Sessions of the monitor, tokens of its forms, and the wait after wrong passwords."""

import pytest

from satmeter.collection.monitor_sessions import (
    FORGIVEN_AFTER,
    IDLE_SECONDS,
    LONGEST_DELAY,
    LONGEST_SECONDS,
    MOST_FAMILIAR,
    MOST_SESSIONS,
    MOST_WAITING,
    Familiar,
    Patience,
    Sessions,
)


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_a_session_ends_when_nobody_uses_it(clock):
    sessions = Sessions(clock)
    one = sessions.begin()
    clock.now += IDLE_SECONDS
    assert sessions.is_live(one)
    clock.now += IDLE_SECONDS + 1
    assert not sessions.is_live(one)


def test_a_page_that_renews_itself_keeps_no_session_alive(clock):
    sessions = Sessions(clock)
    one = sessions.begin()
    for _ in range(40):
        clock.now += 60
        alive = sessions.is_live(one, touch=False)
    assert not alive


def test_a_session_ends_however_much_it_is_used(clock):
    sessions = Sessions(clock)
    one = sessions.begin()
    for _ in range(int(LONGEST_SECONDS / 600)):
        clock.now += 600
        assert sessions.is_live(one)
    clock.now += 1
    assert not sessions.is_live(one)


def test_logging_out_ends_one_session_only(clock):
    sessions = Sessions(clock)
    one, two = sessions.begin(), sessions.begin()
    sessions.end(one)
    sessions.end("unknown")
    assert not sessions.is_live(one)
    assert sessions.is_live(two)


def test_ids_are_random_and_kept_as_hashes_only(clock):
    sessions = Sessions(clock)
    ids = {sessions.begin() for _ in range(20)}
    assert len(ids) == 20
    assert all(len(one) == 22 for one in ids)
    assert not any(one in repr(vars(sessions)) for one in ids)


def test_the_oldest_session_gives_way(clock):
    sessions = Sessions(clock)
    ids = []
    for _ in range(MOST_SESSIONS + 1):
        clock.now += 1
        ids.append(sessions.begin())
    assert [sessions.is_live(one) for one in ids] == [False] + [True] * MOST_SESSIONS


def test_a_token_belongs_to_one_session_and_one_purpose(clock):
    sessions = Sessions(clock)
    one, two = sessions.begin(), sessions.begin()
    token = sessions.token(one, "act")
    assert sessions.token_fits(one, "act", token)
    assert not sessions.token_fits(two, "act", token)
    assert not sessions.token_fits(one, "login", token)
    assert not sessions.token_fits(one, "act", "")
    assert not sessions.token_fits(one, "act", "电" * 64)
    assert not sessions.token_fits("", "act", sessions.token("", "act"))
    assert not Sessions(clock).token_fits(one, "act", token)


def wrong(patience, clock):
    seconds = patience.enter()
    clock.now += seconds
    patience.leave(right=False)
    return seconds


def test_wrong_passwords_wait_longer_and_longer_but_never_for_ever(clock):
    patience = Patience(clock)
    waits = [wrong(patience, clock) for _ in range(12)]
    assert waits[:4] == [0.0, 0.5, 1.0, 2.0]
    assert waits == sorted(waits)
    assert max(waits) == LONGEST_DELAY


def test_the_right_password_forgives(clock):
    patience = Patience(clock)
    for _ in range(8):
        wrong(patience, clock)
    clock.now += patience.enter()
    patience.leave(right=True)
    assert patience.enter() == 0.0


def test_a_quarter_of_an_hour_forgives(clock):
    patience = Patience(clock)
    for _ in range(8):
        wrong(patience, clock)
    clock.now += FORGIVEN_AFTER + 1
    assert patience.enter() == 0.0


def test_attempts_at_the_same_time_stand_in_a_row(clock):
    patience = Patience(clock)
    for _ in range(3):
        wrong(patience, clock)
    waits = [patience.enter() for _ in range(MOST_WAITING)]
    assert waits == [2.0, 4.0, 6.0, 8.0]
    assert patience.enter() is None
    clock.now += waits[0]
    patience.leave(right=False)
    assert patience.enter() is not None


def test_who_was_let_in_before_does_not_wait_for_strangers(clock):
    familiar, stranger = Familiar(clock), Patience(clock)
    browser = familiar.greet()
    for _ in range(9):
        wrong(stranger, clock)
    own = familiar.patience_with(browser)
    assert own is familiar.patience_with(browser)
    assert (own.enter(), own.delay) == (0.0, 0.0)
    own.leave(right=False)
    assert own.delay > 0
    assert familiar.patience_with("x" * 22) is None
    assert familiar.patience_with("") is None
    for _ in range(MOST_FAMILIAR):
        familiar.greet()
    assert familiar.patience_with(browser) is None
