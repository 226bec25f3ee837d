"""Small lists and mappings for the tests of the exchange; everybody in them is invented."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook

MAPPING = """
tejido: 1
list: ribera
language: en
file: {missing: [NA]}
values:
  act: {Killed: killing, Threat: death_threat, "": not_stated}
territories:
  town: {key: "{town}", name: "{town}", kind: municipality}
known:
  union: {kind: organisation, name: River Union, names: [{text: RU, kind: acronym}]}
actors:
  victim: {key: "{id}", kind: person, name: "{name}", details: {Age: "{age}"}}
  group:
    read: group
    rules:
      - {find: "near the river union", actor: union, tie: {kind: contact_of, strength: weak}}
      - {find: "river union", actor: union}
  aggressor: {key: "by {by}", kind: unknown, name: "{by}"}
ties:
  - {from: victim, to: group, kind: member_of, certainty: likely}
presences:
  - {actor: victim, territory: town, kind: lives}
incident:
  key: "{case}"
  title: {one: "{acts}: {victim}", several: "{acts}: {victims} people"}
  when: {from: {day: "{day}", month: "{month}"}}
  territory: town
  places: [{words: "{town}", kind: public}]
  acts: [{kind: "{act|act}", victims: [victim], perpetrators: [{actor: aggressor, involvement: suspected}]}]
  sources: [{kind: press, name: "{paper}"}]
not_imported: {note: "said in confidence"}
"""
COLUMNS = ["id", "case", "name", "age", "town", "group", "by", "act", "day", "month", "paper", "note"]
ROWS: list[list[str]] = [
    ["1", "a", "Ana Ruiz", "31", "Ribera", "River Union", "Guards", "Killed", "2020-05-01", "NA", "El Río", ""],
    ["2", "b", "Beto Paz", "40", "Loma", "near the river union", "NA", "Threat", "NA", "2020-06", "El Río", ""],
    ["3", "a", "Caro Sol", "NA", "Ribera", "NA", "Guards", "Killed", "2020-05-01", "NA", "El Río", "x"],
]


def csv_bytes(
    rows: Iterable[Sequence[str]] = ROWS,
    columns: Sequence[str] = COLUMNS,
    *,
    encoding: str = "utf-8",
    delimiter: str = ",",
) -> bytes:
    """Return a list as a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_bytes(rows: Iterable[Sequence[Any]] = ROWS, columns: Sequence[str] = COLUMNS) -> bytes:
    """Return a list as an XLSX workbook."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(columns))
    for row in rows:
        sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def zip_bytes(members: Mapping[str, bytes]) -> bytes:
    """Return an archive with these members."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return content.getvalue()


def changed(rows: Sequence[Sequence[str]], place: int, **values: str) -> list[list[str]]:
    """Return the rows with some cells of one row changed."""
    found = [list(row) for row in rows]
    for column, value in values.items():
        found[place][COLUMNS.index(column)] = value
    return found
