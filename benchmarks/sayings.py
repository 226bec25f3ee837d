"""Words to make names, titles and summaries of, so that invented records are as long and as varied as real ones."""

from __future__ import annotations

from random import Random


def _each(words: str) -> tuple[str, ...]:
    return tuple(words.split())


GIVEN = _each(
    "Ana María Rosa Luz Elena Carmen Teresa Juana Marta Lucía Gloria Nelly Olga Irma Delia Juan José Luis Carlos "
    "Jorge Pedro Manuel Víctor Héctor Raúl Hugo Mario Óscar Sergio Rubén Alberto Ramón Julio Arturo Iván Elías "
    "Nadia Yolanda"
)
FAMILY = _each(
    "González Muñoz Rojas Díaz Pérez Soto Contreras Silva Martínez Sepúlveda Morales Rodríguez López Fuentes "
    "Hernández Torres Araya Flores Espinoza Valenzuela Castillo Tapia Reyes Gutiérrez Castro Pizarro Álvarez "
    "Vásquez Sánchez "
    "Fernández Ramírez Carrasco Gómez Cortés Herrera Núñez Jara Vergara Rivera Figueroa Riquelme García Miranda "
    "Bravo Vera Molina Vega Campos Sandoval Orellana Cárdenas Olivares Alarcón Gallardo Ortiz Garrido Salazar Guzmán "
    "Henríquez Saavedra Navarro Aguilera Parra Romero Aravena Vargas Cáceres Yáñez Leiva Escobar Ruiz Quispe Mamani "
    "Huenchumil Catrileo Lincopán Cuetio Chocué Secue Tunubalá"
)
_FIRST = _each("Al Cor Mon Val Que San Tol Pue Río Cha Lla Gua Pal Tem Mar Cal Bue Per Ñu Ar Li Cu Pi Tu")
_LAST = _each(
    "mar billa te divia bra ta ima rto seco co nos ras mito uco ga ca naven quén ble auco nares rico trufquén"
)
_SORTS = (
    "Asamblea de",
    "Cooperativa Campesina de",
    "Junta de Acción Comunal de",
    "Comité de Defensa del Agua de",
    "Sindicato de Trabajadoras de",
    "Asociación de Familiares de",
    "Guardia Indígena de",
    "Red de Mujeres de",
    "Colectivo Juvenil de",
    "Radio Comunitaria de",
)
_DEEDS = {
    "killing": "Asesinato de {who} en {where}",
    "disappearance": "Desaparición de {who} en {where}",
    "arbitrary_arrest": "Detención arbitraria de {who} en {where}",
    "death_threat": "Amenaza de muerte a {who}, {where}",
    "surveillance": "Seguimiento a {who} en {where}",
    "physical_attack": "Agresión a {who} en {where}",
    "forced_displacement": "Desplazamiento de {who} desde {where}",
    "torture": "Torturas a {who} en {where}",
}
ACTS = tuple(_DEEDS)
_CLAUSES = (
    "Según quienes estaban presentes, llegaron en dos vehículos sin placas.",
    "La comunidad había denunciado seguimientos en las semanas anteriores.",
    "La familia presentó una denuncia; hasta hoy no hay respuesta.",
    "El hecho ocurrió después de una asamblea en defensa del río.",
    "Días antes circuló un panfleto con los nombres de varias organizaciones.",
    "Las autoridades locales fueron avisadas y no acudieron.",
    "La guardia acompañó a la familia hasta el centro de salud.",
)


def person(rng: Random) -> str:
    """Return the name of somebody."""
    return f"{rng.choice(GIVEN)} {rng.choice(GIVEN)} {rng.choice(FAMILY)} {rng.choice(FAMILY)}"


def place(rng: Random) -> str:
    """Return the name of a place."""
    return f"{rng.choice(_FIRST)}{rng.choice(_LAST)} {rng.choice(FAMILY)}"


def collective(rng: Random, where: str) -> str:
    """Return the name of a collective of a place."""
    return f"{rng.choice(_SORTS)} {where}"


def deed(kind: str, who: str, where: str) -> str:
    """Return the title of an incident."""
    return _DEEDS[kind].format(who=who, where=where)


def story(rng: Random) -> str:
    """Return a summary of two to five sentences."""
    return " ".join(rng.sample(_CLAUSES, rng.randint(2, 5)))
