"""The preview in a browser: a saved questionnaire is on the screen without a hand on the browser."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from satmeter.collection.preview import Preview
from satmeter.collection.server import address_of, listen, server_of

TEXT = """\
satmeter: 1
id: shop
version: "1"
title: {en: Shop survey}
languages: [en]
scales: {agree: {points: {1: {en: No}, 2: {en: Yes}}}}
constructs:
  product: {role: satisfaction, label: {en: Product}, scale: agree, items: {p1: {en: Reliable}, p2: {en: Durable}}}
"""


def save(path: Path, text: str) -> None:
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text, "utf-8")
    os.utime(path, ns=(before + 10**9, before + 10**9))


@pytest.fixture
def previewed(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Address of a preview and the file that it shows."""
    path = tmp_path / "shop.yaml"
    save(path, TEXT)
    taken = listen("127.0.0.1", 0)
    server = server_of(Preview(str(path)))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
    thread.start()
    yield address_of(taken), path
    server.should_exit = True
    thread.join(20)


def test_what_is_saved_is_shown_with_the_answers_given(
    previewed: tuple[str, Path], device: Callable[..., BrowserContext]
) -> None:
    address, path = previewed
    page = device().new_page()
    page.goto(address)
    expect(page.get_by_text("Preview: nothing is stored")).to_be_visible()
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("radiogroup", name="Reliable").get_by_label("Yes").check()
    page.wait_for_timeout(800)
    save(path, TEXT.replace("Durable", "Long-lived"))
    expect(page.get_by_text("Long-lived")).to_be_visible(timeout=10_000)
    expect(page.get_by_role("radiogroup", name="Reliable").get_by_label("Yes")).to_be_checked()
    save(path, TEXT.replace("scale: agree", "scale: agre"))
    expect(page.get_by_text("Q004")).to_be_visible(timeout=10_000)
    save(path, TEXT)
    expect(page.get_by_text("Durable")).to_be_visible(timeout=10_000)
