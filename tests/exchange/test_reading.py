"""Every file that cannot be read says so in one sentence; a bad row never stops the rest."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from tejido.domain.errors import BadInput
from tejido.exchange.opening import Source
from tejido.exchange.reading import LONGEST_CELL, BadRow, FileForm, GoodRow, Table
from tests.exchange.lists import csv_bytes, xlsx_bytes, zip_bytes

WANTED = ("name", "town")
COLUMNS = ["name", "town", "año"]
ROWS = [["Ana Ñandú", "Ribera", "2020"], ["Beto", "Loma", ""]]


def _table(content: bytes, form: FileForm | None = None, name: str = "list.csv") -> Table:
    return Table(Source.of_bytes(content, name), form or FileForm(), WANTED)


def _good(table: Table) -> list[GoodRow]:
    return [row for row in table.rows() if isinstance(row, GoodRow)]


def _bad(table: Table) -> list[tuple[int, str]]:
    return [(row.number, row.reason.sentence()) for row in table.rows() if isinstance(row, BadRow)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1", "utf-16-le"])
def test_a_list_is_read_in_the_encoding_it_is_written_in(encoding: str) -> None:
    rows = [["Ana Ñandú", "Ribera del Río", "2020"], ["José Peña", "Cañón", "2021"]] * 30
    table = _table(csv_bytes(rows, COLUMNS, encoding=encoding))
    assert table.columns == COLUMNS
    assert _good(table)[0].cells == {"name": "Ana Ñandú", "town": "Ribera del Río", "año": "2020"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_under_which_the_columns_of_the_mapping_are_found(delimiter: str) -> None:
    assert _table(csv_bytes(ROWS, COLUMNS, delimiter=delimiter)).columns == COLUMNS


def test_a_wrong_delimiter_in_the_mapping_is_told_with_the_columns_that_were_found() -> None:
    with pytest.raises(BadInput, match=r"no column called “name”, “town”.*delimiter ;.*name,town,año"):
        _table(csv_bytes(ROWS, COLUMNS), FileForm(delimiter=";"))


def test_a_delimiter_of_two_signs_is_refused() -> None:
    with pytest.raises(BadInput, match="cannot be a delimiter"):
        _table(csv_bytes(ROWS, COLUMNS), FileForm(delimiter=";;"))


def test_a_missing_column_is_named() -> None:
    with pytest.raises(BadInput, match="no column called “town”"):
        _table(csv_bytes([["x"]], ["name"]))


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(BadInput, match="Two columns of the file are called “town”"):
        _table(csv_bytes([["a", "b", "c"]], ["name", "town", "town"]))


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"   "])
def test_an_empty_file_says_so(content: bytes) -> None:
    with pytest.raises(BadInput, match="The file is empty"):
        _table(content)


def test_a_header_without_rows_says_so() -> None:
    with pytest.raises(BadInput, match="a header but no rows"):
        list(_table(csv_bytes([], COLUMNS)).rows())


def test_an_encoding_that_does_not_fit_is_told_with_the_byte() -> None:
    with pytest.raises(BadInput, match=r"not written in utf-8, as the mapping says: byte 1[0-9]"):
        _table(csv_bytes(ROWS, COLUMNS, encoding="cp1252"), FileForm(encoding="utf-8"))


def test_an_unknown_encoding_is_told() -> None:
    with pytest.raises(BadInput, match="no encoding called “klingon”"):
        _table(csv_bytes(ROWS, COLUMNS), FileForm(encoding="klingon"))


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"0" * 20, "a picture"),
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"\xff\xd8\xff\xe0 ...", "a picture"),
        (b"\x1f\x8b\x08 ...", "a compressed file"),
        (b"{\\rtf1 hello", "a text document"),
        (b"SQLite format 3\0 ...", "a database"),
        (b"<!DOCTYPE html><html>", "a web page"),
    ],
)
def test_a_file_of_another_kind_is_named_for_what_it_is(head: bytes, what: str) -> None:
    with pytest.raises(BadInput, match=f"This is {what}, not a table"):
        _table(head)


def test_an_old_excel_file_asks_for_a_new_one() -> None:
    with pytest.raises(BadInput, match=r"old Excel file \(.xls\)"):
        _table(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, name="list.xls")


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"nothing.csv is not there"):
        Source.of_path(tmp_path / "nothing.csv")
    with pytest.raises(BadInput, match="is a folder"):
        Source.of_path(tmp_path)


def test_ragged_rows_are_refused_by_number_and_the_rest_is_read() -> None:
    content = b"name,town\nAna,Ribera\nBeto\nCaro,Loma,extra\nDora,Loma,\n\nElsa,Ribera\n"
    assert [row.number for row in _good(_table(content))] == [2, 5, 7]
    assert [number for number, _reason in _bad(_table(content))] == [3, 4]
    assert "1 cells, the header 2" in _bad(_table(content))[0][1]


def test_a_cell_of_ten_megabytes_is_refused_with_its_row_and_the_rest_is_read() -> None:
    content = b"name,town\nAna,Ribera\nBeto," + b"x" * (10 * 1024 * 1024) + b"\nCaro,Loma\n"
    table = _table(content)
    assert [row.number for row in _good(table)] == [2, 4]
    assert _bad(table) == [(3, f"A cell in column “town” is longer than {LONGEST_CELL} characters.")]


def test_a_nul_sign_is_refused_with_its_row() -> None:
    assert "NUL" in _bad(_table(b"name,town\nAna,Rib\0era\nBeto,Loma\n"))[0][1]


def test_a_quotation_mark_never_closed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tejido.exchange.reading._UNCLOSED", 1000)
    content = b'name,town\nAna,Ribera\nBeto,"Loma\n' + b"Caro,Loma\n" * 200
    with pytest.raises(BadInput, match="opens in or before row 3 is never closed"):
        list(_table(content).rows())


def test_missing_markers_and_blanks_are_nothing() -> None:
    content = csv_bytes([["NA", " Ribera\xa0", ""]], COLUMNS)
    assert _good(_table(content, FileForm(missing=frozenset({"", "NA"}))))[0].cells == {
        "name": None,
        "town": "Ribera",
        "año": None,
    }


def test_a_workbook_is_read_like_a_csv_file_with_short_rows_filled() -> None:
    table = _table(xlsx_bytes([["Ana", "Ribera", 2020.0], ["Beto"]], COLUMNS), name="list.xlsx")
    assert [row.cells for row in _good(table)] == [
        {"name": "Ana", "town": "Ribera", "año": "2020"},
        {"name": "Beto", "town": None, "año": None},
    ]


def test_a_formula_is_refused_with_its_row_and_cell() -> None:
    table = _table(xlsx_bytes([["Ana", "=1+1", ""], ["Beto", "Loma", ""]], COLUMNS), name="list.xlsx")
    assert _bad(table)[0][0] == 2
    assert "Cell B2 holds a formula" in _bad(table)[0][1]
    assert [row.number for row in _good(table)] == [3]


def test_a_formula_in_a_csv_file_is_only_a_text() -> None:
    assert _good(_table(b"name,town\n=1+1,Ribera\n"))[0].cells["name"] == "=1+1"


def test_a_sheet_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(BadInput, match=r"no sheet called “Otra”.*Sheet"):
        _table(xlsx_bytes(), FileForm(sheet="Otra"), "list.xlsx")


def test_an_archive_that_is_no_workbook_says_so() -> None:
    with pytest.raises(BadInput, match="not an XLSX workbook"):
        _table(zip_bytes({"word/document.xml": b"<a/>"}), name="list.docx")


def test_a_workbook_that_unpacks_to_something_enormous_is_not_opened() -> None:
    bomb = zip_bytes({"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": b"0" * (40 * 1024 * 1024)})
    with pytest.raises(BadInput, match="unpacks to more than it may"):
        _table(bomb, name="list.xlsx")


def test_a_workbook_that_declares_entities_is_not_opened() -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes())) as good:
        members = {name: good.read(name) for name in good.namelist()}
    members["xl/worksheets/sheet1.xml"] = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>'
    with pytest.raises(BadInput, match="declarations that a sheet never needs"):
        _table(zip_bytes(members), name="list.xlsx")


def test_a_workbook_cut_short_says_so() -> None:
    with pytest.raises(BadInput, match="damaged or cut short"):
        _table(xlsx_bytes()[:-200], name="list.xlsx")


def test_a_file_can_be_read_from_a_stream_that_cannot_go_back() -> None:
    class OneWay(io.BytesIO):
        """Cannot go back, as a sealed file cannot."""

        def seekable(self) -> bool:
            return False

        def seek(self, offset: int, whence: int = 0, /) -> int:
            raise io.UnsupportedOperation

    def opener(content: bytes) -> Callable[[], BinaryIO]:
        return lambda: OneWay(content)

    for content in (csv_bytes(ROWS, COLUMNS), xlsx_bytes(ROWS, COLUMNS)):
        source = Source("list", opener(content), len(content))
        assert len(_good(Table(source, FileForm(), WANTED))) == 2
