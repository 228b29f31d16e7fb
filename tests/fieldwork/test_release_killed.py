"""Publishing killed at every step, and verification of what never ends: processes that come to an end from outside."""

import json
import os
import signal
import subprocess
import sys
import textwrap

import pytest

pytestmark = [
    pytest.mark.fieldwork,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that can be killed at a step"),
]

KILLED_AT_EVERY_STEP = textwrap.dedent("""
    import json, os, shutil, signal, sys
    from pathlib import Path
    from satmeter.publication import folder

    def files(word):
        manifest = json.dumps({"kind": "satmeter.release", "word": word}).encode()
        return {"manifest.json": manifest, "tables/scores.csv": word.encode() * 100}

    def state(place):
        found = {p.relative_to(place).as_posix(): p.read_bytes() for p in sorted(place.rglob("*")) if p.is_file()}
        return next((word for word in ("old", "new") if found == files(word)), f"broken {sorted(found)}")

    def attempt(place, step):
        count = [0]
        def killed(event, _):
            count[0] += 1
            if count[0] == step:
                os.kill(os.getpid(), signal.SIGKILL)
        child = os.fork()
        if child == 0:
            sys.addaudithook(killed)
            folder.write_release(place, files("new"), replace=True)
            os._exit(0)
        return os.waitpid(child, 0)[1] == 0

    if sys.argv[2] == "two steps":
        folder.exchange = lambda one, other: False
    states, step, done = [], 0, False
    while not done:
        step += 1
        place = Path(sys.argv[1]) / str(step) / "release"
        folder.write_release(place, files("old"), replace=False)
        done = attempt(place, step)
        there = state(place) if place.exists() else "away"
        folder.check_place(place, replace=True)
        states.append([there, state(place)])
    print(json.dumps(states))
""")


def killed_at_every_step(tmp_path, how):
    made = [sys.executable, "-c", KILLED_AT_EVERY_STEP, str(tmp_path), how]
    run = subprocess.run(made, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a system that exchanges folders")
def test_one_of_both_stands_there_at_every_step(tmp_path):
    states = killed_at_every_step(tmp_path, "one step")
    assert len(states) > 20
    there = [before for before, _ in states]
    assert set(there) == {"old", "new"}
    assert there == sorted(there, reverse=True)  # old until the exchange, new from then on
    assert [after for _, after in states] == there


def test_where_it_takes_two_steps_the_old_one_is_put_back(tmp_path):
    states = killed_at_every_step(tmp_path, "two steps")
    assert {before for before, _ in states} == {"old", "away", "new"}
    assert {after for _, after in states} == {"old", "new"}
    assert [after for before, after in states if before == "away"] == ["old"]


DEAF = """
import signal, sys
from satmeter.publication import time_limit
time_limit.GRACE = 0.2
with time_limit.limited({minutes}):
    {work}
"""


def ended(work, minutes=0.005):
    code = DEAF.format(work=work, minutes=minutes)
    environment = {**os.environ, "SATMETER_LANG": "en"}
    made = [sys.executable, "-c", code]
    return subprocess.run(made, capture_output=True, text=True, timeout=20, env=environment, check=False)


def test_work_that_does_not_listen_is_ended_with_the_process():
    found = ended("signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])\n    while True: pass")
    assert found.returncode == -signal.SIGKILL
    assert found.stderr.startswith("P034: the verification took longer than allowed")


def test_a_process_that_the_system_ends_says_so():
    found = ended("import os; os.kill(os.getpid(), signal.SIGKILL)", minutes=1)
    assert found.returncode == -signal.SIGKILL
    assert found.stderr.startswith("P036: the verification was ended by the system")
