"""What `satmeter serve` says; libraries that are missing."""

from __future__ import annotations

import builtins

import pytest

from satmeter.cli import serve
from satmeter.cli.main import run
from satmeter.cli.web_library import web_library
from satmeter.errors import CollectionError


def test_a_missing_library_is_a_coded_error():
    with pytest.raises(CollectionError) as caught, web_library():
        raise ModuleNotFoundError("No module named 'uvicorn.config'", name="uvicorn.config")
    (problem,) = caught.value.problems
    assert (problem.code, problem.params["library"]) == ("C011", "uvicorn")
    assert "pip install 'satmeter[web]'" in problem.text("zh-CN")
    with pytest.raises(ModuleNotFoundError), web_library():
        raise ModuleNotFoundError("No module named 'satmeter.nothing'", name="satmeter.nothing")


@pytest.mark.parametrize("verb", ["serve", "preview"])
def test_a_bare_installation_says_what_to_install(verb, monkeypatch, capsys):
    plain = builtins.__import__

    def bare(name, *rest, **more):
        if name.startswith("satmeter.collection"):
            raise ModuleNotFoundError("No module named 'starlette'", name="starlette")
        return plain(name, *rest, **more)

    monkeypatch.setenv("SATMETER_LANG", "en")
    monkeypatch.setattr(builtins, "__import__", bare)
    assert run([verb, "power-utility"]) == 1
    assert capsys.readouterr().err.startswith("C011: ")


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                "C010 (warning): answers can be read and changed on their way",
                "Power customer satisfaction survey: http://0.0.0.0:",
                "Answers go to a.db: questionnaire power-utility, version 1; 0 responses are there, 0 of them",
                "they are opened by a.key only",
                "a.key was made just now.",
                "Ctrl+C ends the server.",
                "Ended in good order: 0 responses in a.db, 0 of them complete.",
            ],
        ),
        (
            "zh-CN",
            [
                "C010 (警告): 答卷在传输途中可被他人读取和改动",
                "：http://0.0.0.0:",
                "答卷写入 a.db：问卷 power-utility，版本 1；已有 0 份，其中 0 份已提交。",
                "只有 a.key 能够解开",
                "已生成 a.key。",
                "按 Ctrl+C 结束。",
                "已正常结束：a.db 中有 0 份答卷，其中 0 份已提交。",
            ],
        ),
    ],
)
def test_the_server_says_where_it_is_and_what_is_stored_where(language, lines, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SATMETER_LANG", language)
    monkeypatch.setattr("satmeter.collection.server.serve", lambda application, taken: None)
    words = ["serve", "power-utility", "--store", "sqlite:///a.db", "--port", "0", "--host", "0.0.0.0"]
    assert run([*words, "--pii-key", "a.key"]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    places = [told.err.find(line) for line in lines]
    assert -1 not in places
    assert places == sorted(places)
    assert serve.command.name == "serve"
