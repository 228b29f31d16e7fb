"""Files that cannot be answers: a coded error each, in both languages, at once, and never a traceback."""

import io
import time
import warnings
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from satmeter.errors import ResponsesError
from satmeter.responses import delimited, files, read_responses, table

pytestmark = pytest.mark.usefixtures("_columns_by_twos_and_threes")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@pytest.fixture
def refused(shop, tmp_path):
    """Write a file, read it, and return the problems of the error that must come."""

    def refused(data, name="a.csv", **options):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        with pytest.raises(ResponsesError) as error:
            read_responses(path, shop, **options)
        for language in ("en", "zh-CN"):
            assert name in error.value.text(language) or error.value.problems[0].code == "R002"
        return error.value.problems

    return refused


def workbook(*rows, sheets=()):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for title, content in sheets:
        sheet = book.create_sheet(title)
        for row in content:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.csv", "R003"),
        (b" \r\n\n", "a.csv", "R003"),
        (b",", "a.csv", "R003"),
        (b"sep=;\n;;\n", "a.csv", "R003"),
        (b"\xef\xbb\xbf", "a.csv", "R003"),
        (b"", "a.xlsx", "R003"),
        (workbook(), "a.xlsx", "R003"),
        (b"p1,p2\n", "a.csv", "R004"),
        (b"p1,p2\n,\n  ,\n", "a.csv", "R004"),
        (workbook(["p1", "p2"]), "a.xlsx", "R004"),
        (PNG, "a.csv", "R005"),
        (b"p1,p2\n1,\x00\n", "a.csv", "R005"),
        (workbook(["p1"], [1]), "a.csv", "R005"),
        (b"%PDF-1.7\np1\n", "a.txt", "R005"),
        (b"p1,p2\n1,2\n", "a.xlsx", "R006"),
        (PNG, "a.xlsx", "R006"),
        (workbook(["p1"], [1])[:900], "a.xlsx", "R006"),
        (b"p1,p2\n1,2\n", "a.ods", "R002"),
        (b"p1,p2\n1,2\n", "a.sav", "R032"),
        (b"p1,p2\n1,2\n", "a.dta", "R032"),
        ("p1,l1\n1,café élan naïf\n".encode("latin-1"), "a.csv", "R010"),
        ("p1,l1\n1,señor garçon\n".encode("latin-1"), "a.csv", "R010"),
        ("p1,同意\n1,很好很好很好\n".encode()[:-3] + b"\xff\n", "a.csv", "R010"),
        ("p1\n同意\n".encode("utf-16")[:-1], "a.csv", "R010"),
        (b'p1,p2\n1,"2\n3,4\n', "a.csv", "R011"),
        (b"x,y\n1,2\n", "a.csv", "R013"),
    ],
)
def test_what_is_no_file_of_answers_is_refused(refused, data, name, code):
    assert [problem.code for problem in refused(data, name)] == [code]


def test_an_empty_archive_is_no_workbook(refused):
    stream = io.BytesIO()
    zipfile.ZipFile(stream, "w").close()
    assert [problem.code for problem in refused(stream.getvalue(), "a.xlsx")] == ["R006"]


def test_a_missing_file_is_named_with_its_neighbour(shop, tmp_path):
    (tmp_path / "answers.csv").write_text("p1\n1\n")
    with pytest.raises(ResponsesError) as error:
        read_responses(tmp_path / "anwers.csv", shop)
    (problem,) = error.value.problems
    assert (problem.code, problem.suggestion) == ("R001", "answers.csv")


def test_a_folder_is_no_file(shop, tmp_path):
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(ResponsesError) as error:
        read_responses(tmp_path / "a.csv", shop)
    assert [problem.code for problem in error.value.problems] == ["R020"]


def test_the_problems_of_all_files_come_at_once(shop, tmp_path):
    (tmp_path / "a.csv").write_bytes(b"")
    (tmp_path / "b.csv").write_bytes(PNG)
    with pytest.raises(ResponsesError) as error:
        read_responses([tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "c.csv"], shop)
    assert [problem.code for problem in error.value.problems] == ["R003", "R005", "R001"]


def test_two_hundred_thousand_columns_are_refused_on_the_header_alone(refused):
    header = ",".join(f"c{i}" for i in range(200_000))
    row = ",".join("1" for _ in range(200_000))
    data = "\n".join([header, *[row] * 20]).encode()
    start = time.perf_counter()
    (problem,) = refused(data)
    assert time.perf_counter() - start < 1
    assert (problem.code, problem.params["n"], problem.params["limit"]) == ("R007", 200_000, 10_000)


def test_a_workbook_with_too_many_columns_is_refused(refused, monkeypatch):
    monkeypatch.setattr(table, "MAX_COLUMNS", 50)
    assert [problem.code for problem in refused(workbook([f"c{i}" for i in range(60)], [1] * 60), "a.xlsx")] == ["R007"]


def test_a_column_named_twice_is_named(refused):
    for data, name in ((b"p1,p2,p1 ,w,p2\n1,2,3,4,5\n", "a.csv"), (workbook(["p1", "p2", "p1", "w", "p2"]), "a.xlsx")):
        problems = refused(data, name)
        assert [(p.code, p.about, p.params["positions"]) for p in problems] == [
            ("R008", ("column", "p1"), "1, 3"),
            ("R008", ("column", "p2"), "2, 5"),
        ]


def test_ragged_rows_are_named_by_line(refused):
    (problem,) = refused(b'p1,p2,p3\n1,2,3\n1,"2\n2",\n1,2\n4,5,6,7\n1,2,3,,\n\n5\n')
    assert (problem.code, problem.line) == ("R009", 5)
    assert (problem.params["rows"], problem.params["n"]) == ("5, 6, 9", 3)


def test_a_file_above_the_limit_is_refused_before_it_is_read(refused, monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    assert [problem.code for problem in refused(b"p1,p2\n1,2\n1,2\n")] == ["R012"]


def test_a_workbook_that_unpacks_to_too_much_is_refused(refused, monkeypatch):
    monkeypatch.setattr("satmeter.responses.workbook.MAX_BYTES", 1000)
    assert [problem.code for problem in refused(workbook(["p1"], [1]), "a.xlsx")] == ["R012"]


def test_formulas_without_a_stored_result_are_not_read_as_blank(refused):
    (problem,) = refused(workbook(["p1", "p2"], [1, "=1+1"], ["=A2", 3]), "a.xlsx")
    assert (problem.code, problem.params["cells"]) == ("R019", "B2, A3")


def test_an_unclosed_quote_names_its_line(refused):
    (problem,) = refused(b'p1,p2\n1,2\n3,"4\n5,6\n')
    assert (problem.code, problem.line) == ("R011", 3)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_encodings_are_found_out_and_told(shop, tmp_path, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes("1、质量可靠,w\n同意,甲\n非常不同意,乙\n".encode(encoding))
    responses = read_responses(path, shop)
    assert responses.frame["p1"].tolist() == [4, 1]
    assert responses.other["w"].tolist() == ["甲", "乙"]
    told = [note.params["encoding"] for note in responses.notes if note.code == "R101"]
    assert told == ([] if encoding.startswith("utf-8") else [encoding.replace("gbk", "gb18030")])


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("p1,p2\n1,2\n", ","),
        ("p1;p2\n1;2\n", ";"),
        ("p1\tp2\n1\t2\n", "\t"),
        ('p1;"a, b, c"\n1;"x, y"\n', ";"),
        ('p1,used\n1,"w;a;c"\n', ","),
        ("p1\n1\n", ","),
        ('p1,"one; two; three; four"\n1,2\n', ","),
    ],
)
def test_delimiters_are_found_out(text, delimiter):
    assert delimited._delimiter(text) == delimiter


def test_the_mark_of_a_spreadsheet_names_the_delimiter(shop, tmp_path):
    (tmp_path / "a.csv").write_bytes(b"sep=;\np1;p2\n1;9\n2;2\n3;3\n")
    responses = read_responses(tmp_path / "a.csv", shop)
    assert responses.frame["p1"].tolist() == [1, 2, 3]
    assert [(u.column, u.row) for u in responses.unknown] == [("p2", 3)]


def test_lines_are_those_of_the_file(shop, tmp_path):
    (tmp_path / "a.csv").write_bytes(b'\n\np1,trouble\r\n1,"two\r\nlines"\r\n\r\n9,\r\n2,\r\n')
    responses = read_responses(tmp_path / "a.csv", shop)
    assert responses.row.tolist() == [4, 7, 8]
    assert responses.frame["trouble"]["r1"] == "two\r\nlines"
    assert responses.unknown[0].row == 7


def test_columns_without_a_name_are_left_out_and_told(shop, tmp_path):
    (tmp_path / "a.csv").write_bytes(b'"","p1",""\n"1",4,\n"2",5,\n')
    responses = read_responses(tmp_path / "a.csv", shop)
    assert responses.other.columns.tolist() == []
    assert [(note.about, note.params["positions"]) for note in responses.notes if note.code == "R106"] == [
        ("a.csv", "1")
    ]


def test_a_workbook_reads_like_the_same_text(shop, tmp_path):
    rows = [
        ["respondent", "p1", "p3", "city", "age", "w"],
        ["a", 4, "同意", "北城", 30.0, 0.5],
        ["b", 5.0, None, "s", 41.5, 1],
    ]
    (tmp_path / "a.xlsx").write_bytes(workbook(*rows, [None] * 6))
    (tmp_path / "a.csv").write_text("respondent,p1,p3,city,age,w\na,4,同意,北城,30,0.5\nb,5,,s,41.5,1\n", "utf-8")
    book = read_responses(tmp_path / "a.xlsx", shop)
    text = read_responses(tmp_path / "a.csv", shop)
    assert book.frame.equals(text.frame)
    assert book.missing.equals(text.missing)
    assert book.other.equals(text.other)


def test_of_several_sheets_the_one_with_the_answers_is_read(shop, tmp_path):
    content = [["p1", "p3"], [1, 2], [3, 4]]
    (tmp_path / "a.xlsx").write_bytes(workbook(["Report"], ["p1"], sheets=[("Answers", content), ("Copy", content)]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        responses = read_responses(tmp_path / "a.xlsx", shop)
    assert responses.frame["p3"].tolist() == [2, 4]
    (note,) = [note for note in responses.notes if note.code == "R102"]
    assert (note.params["sheet"], note.params["n"]) == ("Answers", 3)


@settings(max_examples=150, deadline=None)
@given(
    data=st.one_of(
        st.binary(max_size=200),
        st.text(st.sampled_from('p123,;\t"\n\r 一四同意'), max_size=80).map(lambda text: ("p1,p2" + text).encode()),
        st.text(st.sampled_from('p13,"\n同'), max_size=60).map(lambda text: ("p1,p2\n" + text).encode("gb18030")),
    ),
    name=st.sampled_from(["a.csv", "a.txt", "a.xlsx"]),
)
def test_whatever_the_bytes_are_there_is_an_answer_or_a_coded_error(shop, tmp_path_factory, data, name):
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(data)
    try:
        responses = read_responses(path, shop)
    except ResponsesError as error:
        seen = [problem.code[0] for problem in error.problems] + [bool(error.text(lang)) for lang in ("en", "zh-CN")]
    else:
        seen = ["R", True, True]
        assert len(responses.frame) == responses.n_read > 0
    assert set(seen) == {"R", True}
