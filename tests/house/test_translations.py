"""Chinese and English pages say the same: keys, numbers, examples and commands; and no half-width marks in Chinese."""

import re
from io import StringIO
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(path.name for path in (DOCS / "zh-CN").glob("*.md"))
HAN = "\u3400-\u9fff"
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
ONLY_ENGLISH = re.compile(r"^A template is a folder.*", re.DOTALL | re.MULTILINE)  # docs/reports.md: for programmers


def english(page: str) -> str:
    text = (DOCS / page).read_text("utf-8")
    return ONLY_ENGLISH.sub("", text) if page == "reports.md" else text


def chinese(page: str) -> str:
    text = (DOCS / "zh-CN" / page).read_text("utf-8")
    return re.sub(r"^模板是 .*", "", text, flags=re.DOTALL | re.MULTILINE) if page == "reports.md" else text


def prose(text: str) -> str:
    return FENCE.sub("", text)


def spans(text: str) -> set[str]:
    """Code in running text and tables, that with Chinese words in it aside."""
    return {span for _, span in SPAN.findall(text) if not re.search(f"[{HAN}]", span)}


def table_rows(text: str) -> list[str]:
    return [line for line in prose(text).splitlines() if line.startswith("|") and not line.startswith("| ---")]


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:[.,]\d+)*", SPAN.sub("", text)))


def headings(text: str) -> list[int]:
    return [len(found) for found in re.findall(r"^(#+) ", prose(text), re.MULTILINE)]


def shape(value):
    """A YAML document without the wording of its texts."""
    if isinstance(value, dict):
        return {str(key): sorted(item) if key == "publication" else shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value]
    return "text" if isinstance(value, str) and not re.fullmatch(r"[\w.-]+", value, re.ASCII) else value


def examples(text: str, kind: str) -> list[object]:
    blocks = [block for language, block in FENCE.findall(text) if language == kind]
    if kind == "yaml":
        return [shape(YAML(typ="safe").load(StringIO(block))) for block in blocks]
    return [re.sub(r"\s*#.*", "", block) for block in blocks]


def test_the_pages_for_researchers_are_translated():
    assert set(PAGES) >= {"questionnaire.md", "study.md", "forms.md", "reports.md", "wenjuanxing.md"}


@pytest.mark.parametrize("page", PAGES)
def test_each_page_leads_to_the_other_language(page):
    assert f"\n[中文](zh-CN/{page})\n" in (DOCS / page).read_text("utf-8")
    assert f"\n[English](../{page})\n" in (DOCS / "zh-CN" / page).read_text("utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_name_the_same_keys(page):
    assert spans(prose(chinese(page))) == spans(prose(english(page)))


@pytest.mark.parametrize("page", PAGES)
def test_tables_have_the_same_rows_keys_and_numbers(page):
    here, there = table_rows(chinese(page)), table_rows(english(page))
    assert len(here) == len(there)
    for row, original in zip(here, there, strict=True):
        assert spans(row) == spans(original)
        assert numbers(original) <= numbers(row), f"{original}\n{row}"


@pytest.mark.parametrize("page", PAGES)
def test_numbers_of_the_text_stand_in_the_translation(page):
    assert numbers(prose(english(page))) - numbers(prose(chinese(page))) == set()


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_show_the_same_examples(page):
    for kind in ("yaml", "sh", "python", "text"):
        assert examples(chinese(page), kind) == examples(english(page), kind)
    assert headings(chinese(page)) == headings(english(page))


def half_width(text: str) -> list[str]:
    """Lines with a half-width mark beside a Chinese character, code and links aside."""
    found = []
    for line in prose(text).splitlines():
        bare = re.sub(r"\]\([^)]*\)", "]", SPAN.sub("`", line))
        if re.search(rf"[{HAN}，。；：、？！（）“”][`\]*]*\s?[,;:?!()]|[,;:?!()]\s?[`\[*]*[{HAN}]", bare):
            found.append(line)
    return found


def test_half_width_marks_are_found():
    assert half_width("因素(每个数\n键 `a`, 值\n好：`a: b`，`c`。\n```\n甲,乙\n```\n见[文](x.md)；") == [
        "因素(每个数",
        "键 `a`, 值",
    ]


@pytest.mark.parametrize("path", ["README.zh-CN.md", *(f"docs/zh-CN/{page}" for page in PAGES)])
def test_chinese_text_has_full_width_marks(path):
    assert half_width((ROOT / path).read_text("utf-8")) == []


@pytest.mark.parametrize(
    "path", ["README.zh-CN.md", "README.md", *(f"docs/zh-CN/{p}" for p in PAGES), *(f"docs/{p}" for p in PAGES)]
)
def test_links_lead_somewhere(path):
    text = SPAN.sub("", prose((ROOT / path).read_text("utf-8")))
    targets = [target for target in re.findall(r"\]\(([^)]+)\)", text) if "://" not in target]
    assert targets
    for target in targets:
        name, _, anchor = target.partition("#")
        file = (ROOT / path).parent / name
        assert file.exists(), target
        if anchor:
            titles = re.findall(r"^#+ (.*)", prose(file.read_text("utf-8")), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_the_chinese_readme_leads_to_the_chinese_pages():
    text = (ROOT / "README.zh-CN.md").read_text("utf-8")
    assert [page for page in PAGES if f"(docs/zh-CN/{page})" not in text] == []
