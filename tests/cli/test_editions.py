"""Reports written by processes side by side are those written one after the other, byte by byte and in order."""

import importlib.util
import os
from pathlib import Path

import pytest

from satmeter.cli.editions import processes, render, render_all
from satmeter.errors import ReportError
from satmeter.study.plan import ReportWish


@pytest.fixture
def document():
    path = Path(__file__).parents[1] / "report" / "synthetic.py"
    spec = importlib.util.spec_from_file_location("synthetic", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.document()


def test_the_same_bytes_in_the_same_order(document, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    wish = ReportWish("management", formats=("docx", "xlsx", "md"))
    wishes = [(wish, "en"), (wish, "zh-CN")]
    assert processes(wishes, 2) == 2
    together = list(render_all(document, wishes, figures=True))
    assert together == [render(document, wish, language=tag, figures=True) for _, tag in wishes]
    assert [next(iter(files)) for files in together] == ["management.en.docx", "management.zh-CN.docx"]
    assert any(name.startswith("figures/") for name in together[0])


def test_what_a_process_raises_arrives(document, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    document["questionnaire"]["constructs"][0]["label"]["en"] = "Product \U0001fbc5"
    wishes = [(ReportWish(formats=("docx", "pptx")), tag) for tag in ("en", "zh-CN")]
    with pytest.raises(ReportError) as caught:
        list(render_all(document, wishes, figures=True))
    assert [problem.code for problem in caught.value.problems] == ["T004"]
