"""Lists to import: invented ones of any length, with the mapping that reads them."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from random import Random

from benchmarks import sayings

COLUMNS = (
    "row", "case", "date", "names", "surnames", "occupation", "organisation", "municipality", "region", "violence",
    "method", "alleged", "where", "latitude", "longitude", "source", "reference", "remarks",
)  # fmt: skip

MAPPING = """
tejido: 1
list: invented
language: es
values:
  acts:
    Asesinato: killing
    Desaparición: disappearance
    Amenaza: death_threat
    Tortura: torture
  means: {Arma: firearm, Panfleto: pamphlet, Golpes: beating}
territories:
  region: {key: "r/{region}", name: "{region}", kind: region}
  town: {key: "m/{region}/{municipality}", name: "{municipality}", kind: municipality, parent: region}
actors:
  who:
    key: "p/{row}"
    kind: person
    name: "{names} {surnames}"
    details: {Ocupación: "{occupation}"}
    ties:
      - {to: group, kind: member_of, certainty: likely, source: "{source}"}
  group: {key: "g/{organisation}", kind: organisation, name: "{organisation}"}
  alleged: {key: "a/{alleged}", kind: armed_group, name: "{alleged}"}
presences:
  - {actor: who, territory: town, kind: lives}
incident:
  key: "{case}"
  title: {one: "{acts}: {victim}, {where}", several: "{acts}: {victims} personas, {where}"}
  when: "{date}"
  summary: "{remarks}"
  territory: town
  places:
    - {words: "{where}", kind: public, point: {latitude: "{latitude}", longitude: "{longitude}"}, precision: near}
  acts:
    - kind: "{violence|acts}"
      means: "{method|means}"
      victims: [who]
      perpetrators: [{actor: alleged, involvement: suspected, certainty: possible}]
  sources:
    - {kind: list, name: "{source}", reference: "{reference}", reliability: likely_reliable}
"""


def write_list(path: Path, rows: int, seed: int = 1973) -> None:
    """Write a list of ``rows`` victims, three in four of them alone in their case, as CSV."""
    rng = Random(seed)
    regions = [sayings.place(rng) for _ in range(16)]
    towns = [(sayings.place(rng), rng.choice(regions)) for _ in range(340)]
    groups = [sayings.collective(rng, rng.choice(towns)[0]) for _ in range(max(3, rows // 50))]
    alleged = [f"Bloque {rng.choice(towns)[0]}" for _ in range(max(2, rows // 2000))]
    case = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in range(1, rows + 1):
            case += rng.random() < 0.75 or row == 1
            (town, region), own = rng.choice(towns), Random(case)
            day = date(1973, 1, 1) + timedelta(days=own.randrange(19000))
            writer.writerow(
                [
                    row, case, day.isoformat(), f"{rng.choice(sayings.GIVEN)} {rng.choice(sayings.GIVEN)}",
                    f"{rng.choice(sayings.FAMILY)} {rng.choice(sayings.FAMILY)}",
                    rng.choice(("docente", "agricultora", "estudiante", "obrero")),
                    groups[int(len(groups) * rng.random() ** 2)] if rng.random() < 0.6 else "", town, region,
                    own.choice(("Asesinato", "Desaparición", "Amenaza", "Tortura")),
                    own.choice(("Arma", "Panfleto", "Golpes")), alleged[int(len(alleged) * own.random() ** 2)],
                    f"camino a {town}", round(-35 + rng.uniform(-8, 8), 5), round(-71 + rng.uniform(-2, 2), 5),
                    rng.choice(("Vicaría", "Comisión", "Prensa")), f"p. {rng.randint(1, 2000)}", sayings.story(rng),
                ]
            )  # fmt: skip


def chilean_list() -> tuple[Path, Path]:
    """Return the Chilean list that ships with the product, and its mapping."""
    import tejido.demo

    folder = Path(tejido.demo.__file__).parent / "data"
    (mapping,) = sorted(folder.glob("chile*/*.yml"))
    (rows,) = sorted(mapping.parent.glob("*.csv"))
    return rows, mapping
