"""The worked example on the Colombian list: collectives instead of nameless persons, ten lists as sources."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tejido.exchange.actions import preview_import, run_import
from tejido.fabric.models import Actor, Territory
from tejido.incidents.models import Incident, Source, Victim

ROOT = Path(__file__).resolve().parents[2]
MAPPING = ROOT / "examples" / "colombia" / "mapping.yml"
LIST = ROOT.parent / "shared" / "data" / "colombia_social_leaders" / "lideres_listas_sin_nombres.csv"

HEADER = "caso,fecha,municipio,departamento,genero,tipo_de_lider," + ",".join(
    f"in_{name}"
    for name in (
        "Prensa", "Pacifista", "Indepaz", "Somos Defensores", "CODHES", "Col. Abogados JAR", "ONU", "Defensoría",
        "Cinep Noche y Niebla", "Unidad de Víctimas",
    )
)  # fmt: skip
SMALL = f"""{HEADER}
1,2020-01-02,Río Blanco,Norte,Femenino,Líder comunal - JAC,1,0,1,0,0,0,0,0,0,0
2,2020-01-03,Rio blanco,Norte,Masculino,"Líder comunal - JAC,Líder indígena",0,0,1,0,0,0,1,0,0,1
3,2020-01-04,Lejos,Sur,Masculino,Líder ambiental,0,0,0,0,0,0,1,0,0,0
"""
MAP = (
    b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"municipality":"RIO BLANCO",'
    b'"department":"Norte"},"geometry":{"type":"Point","coordinates":[-75.5,6.2]}}]}'
)


def _bring(by: Any) -> Any:
    import io

    return run_import(
        by=by,
        stream=io.BytesIO(SMALL.encode()),
        file_name="lista.csv",
        mapping_text=MAPPING.read_text(encoding="utf-8"),
        files=lambda _name: MAP,
    )


def test_leaders_without_names_stand_for_their_collectives_and_are_counted_once(at_work: Any) -> None:
    _bring(at_work)
    assert not Actor.objects.filter(kind="person").exists()
    assert sum(int(victim.persons or 0) for victim in Victim.objects.all()) == 3
    assert Victim.objects.count() == 4


def test_each_list_that_tells_of_a_killing_is_a_source_of_it(at_work: Any) -> None:
    _bring(at_work)
    second = next(one for one in Incident.objects.all() if "indígena" in one.title)
    assert sorted(source.name for source in second.sources.all()) == ["Indepaz", "ONU", "Unidad de Víctimas"]


def test_municipalities_take_their_shape_by_name_and_those_without_are_told(at_work: Any) -> None:
    report = _bring(at_work)
    shapes = {one.name: bool(one.geometry) for one in Territory.objects.filter(kind="municipality")}
    assert shapes["Lejos"] is False
    assert sum(shapes.values()) >= 1
    assert any("Lejos (Sur)" in note.text() for note in report.notes)


@pytest.mark.shared
def test_the_real_list_comes_in_whole(at_work: Any) -> None:
    preview = preview_import(
        by=at_work, path=LIST, file_name=LIST.name, mapping_text=MAPPING.read_text(encoding="utf-8"), window=(0, 10)
    )
    report = run_import(by=at_work, path=LIST, file_name=LIST.name, mapping_text=MAPPING.read_text(encoding="utf-8"))
    assert preview.by_kind() == report.by_kind()
    assert report.unmapped == []
    assert report.refused == []
    assert Incident.objects.count() == 420
    assert sum(int(victim.persons or 0) for victim in Victim.objects.all()) == 420
    assert Source.objects.filter(kind="press").count() == 364
    assert Source.objects.count() == 364 + 199 + 173 + 99 + 54 + 30 + 29 + 18 + 4 + 1
    assert any("without their shape" in note.text() for note in report.notes)
    matched = sum(1 for one in Territory.objects.filter(kind="municipality") if one.geometry)
    assert matched == 177
