"""Verification ends: within its limit of time and memory, and with a coded message."""

import os
import signal
import sys
import time

import pytest

from satmeter.cli.main import run
from satmeter.errors import PublicationError
from satmeter.publication import folder as folders
from satmeter.publication import manifest, time_limit
from satmeter.publication.time_limit import limited

POSIX = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs alarms")


def endless():
    with limited(0.005):
        while True:
            try:
                time.sleep(0.01)
            except Exception:  # noqa: BLE001  what a check does with whatever breaks it
                continue


@POSIX
def test_work_that_takes_too_long_is_stopped_even_where_errors_are_findings():
    start = time.monotonic()
    with pytest.raises(PublicationError) as caught:
        endless()
    assert [p.code for p in caught.value.problems] == ["P034"]
    assert "took longer" in caught.value.text(language="en")
    assert "超过所允许的时间" in caught.value.text(language="zh-CN")
    assert time.monotonic() - start < 3


@POSIX
def test_the_alarm_of_others_stays():
    before = signal.getsignal(signal.SIGALRM)
    with limited(1):
        pass
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a limit of memory")
def test_memory_is_limited_and_given_back():
    before = time_limit.resource.getrlimit(time_limit.resource.RLIMIT_DATA)
    with limited(1), pytest.raises(MemoryError):
        bytearray(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    assert time_limit.resource.getrlimit(time_limit.resource.RLIMIT_DATA) == before


def test_folders_larger_than_any_release_are_not_read(release, broken, monkeypatch, capsys):
    place = broken(release, lambda p: (p / "deep").mkdir())
    monkeypatch.setattr(folders, "MOST_FILES", 5)
    assert run(["verify", str(place)]) == 1
    assert capsys.readouterr().err.startswith("P035")


def test_a_file_with_a_hole_of_terabytes_is_not_read(release, broken, capsys):
    def change(place):
        with (place / "hole.bin").open("wb") as file:
            file.truncate(10**12)

    assert run(["verify", str(broken(release, change))]) == 1
    assert capsys.readouterr().err.startswith("P035")


def test_a_manifest_larger_than_any_is_not_read(release, broken, monkeypatch, capsys):
    monkeypatch.setattr(manifest, "MOST_LISTED", 100)
    assert run(["verify", str(release)]) == 1
    assert capsys.readouterr().err.startswith("P035")


def test_folders_in_folders_without_end(release, broken):
    """A path that is deeper than Python's stack."""

    def change(place):
        here = os.getcwd()
        os.chdir(place)
        try:
            for _ in range(300):
                os.mkdir("d" * 10)
                os.chdir("d" * 10)
        finally:
            os.chdir(here)

    assert run(["verify", str(broken(release, change)), "--no-reports"]) == 0
