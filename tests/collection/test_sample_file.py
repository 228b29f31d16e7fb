"""The sample as a file: every kind of column, every mistake at once, nothing by halves."""

import pytest
from openpyxl import Workbook

from satmeter.collection.sample_file import Unit, read_sample
from satmeter.errors import CollectionError, ResponsesError
from satmeter.questionnaire import read_questionnaire


@pytest.fixture(scope="module")
def utility():
    return read_questionnaire("power-utility")


@pytest.fixture
def read(tmp_path, utility):
    def read(content, name="sample.csv", **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_sample(path, utility, **options)

    return read


def problems_of(read, content, **options):
    with pytest.raises(CollectionError) as error:
        read(content, **options)
    assert error.value.text("en")
    assert error.value.text("zh-CN")
    return [(p.code, p.line, p.about and p.about[1], p.suggestion) for p in error.value.problems]


def test_columns_are_strata_or_contacts_by_their_names_or_as_told(read):
    found = read(
        "id,region,email,branch,wechat\n 7 ,urban, a@b.cn ,North,\n8,rural,,South,x8\n",
        strata=["branch"],
        contacts=["wechat"],
    )
    assert found.units == (
        Unit("7", {"region": "urban", "branch": "North"}, {"email": "a@b.cn"}),
        Unit("8", {"region": "rural", "branch": "South"}, {"wechat": "x8"}),
    )


def test_a_column_of_contacts_may_be_told_to_be_a_stratum(read):
    assert read("id,address\n1,Long Street\n", strata=["address"]).units == (Unit("1", {"address": "Long Street"}, {}),)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_chinese_samples_of_every_usual_encoding(read, encoding):
    found = read("id,姓名,电话\n甲-1,张三,13800000000\n".encode(encoding))
    assert found.units == (Unit("甲-1", {}, {"姓名": "张三", "电话": "13800000000"}),)


def test_a_workbook_is_read_too(tmp_path, utility):
    book = Workbook()
    book.active.append(["id", "phone"])
    book.active.append([17, 13800000000])
    book.save(tmp_path / "sample.xlsx")
    assert read_sample(tmp_path / "sample.xlsx", utility).units == (Unit("17", {}, {"phone": "13800000000"}),)


def test_every_mistake_is_told_at_once_and_no_unit_is_named(read):
    content = "id,secret,email\nA,1,a@x\n,2,b@x\nA,3,c@x\n,4,d@x\n"
    found = problems_of(read, content, strata=["brunch"], contacts=["emial"])
    assert found == [
        ("C055", 0, "secret", ""),
        ("C056", 0, "brunch", ""),
        ("C056", 0, "emial", "email"),
        ("C053", 3, "id", ""),
        ("C054", 4, "id", ""),
    ]
    with pytest.raises(CollectionError) as error:
        read(content)
    assert "a@x" not in error.value.text("en")


def test_a_sample_without_ids(read):
    assert problems_of(read, "ID,email\n1,a@x\n") == [("C055", 0, "ID", ""), ("C052", 0, None, "ID")]


def test_what_is_no_table_is_refused_as_answers_are(read):
    with pytest.raises(ResponsesError) as error:
        read("id,email\n1,a@x,b\n")
    assert [p.code for p in error.value.problems] == ["R009"]
