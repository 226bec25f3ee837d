"""A whole process of protection, from the first meeting to the changed plan: on a small phone, in Spanish."""

from __future__ import annotations

import pytest

from tests.journeys import arriving, bringing, protecting
from tests.journeys.protecting import Group
from tests.journeys.serving import Site
from tests.journeys.visiting import Visitor

REMOTE = Group(
    name="Comunidad del Alto Sereno",
    threat="Nos siguen en el camino del río",
    practice="Caminar en compañía",
    measure="Tres contactos que contestan de noche",
    promise="Luz en el puente",
    promiser="la alcaldía",
)


@pytest.mark.parametrize("visitor", [("es", 360)], indirect=True, ids=["es-360"])
def test_a_remote_community_walks_from_its_first_meeting_to_a_changed_plan(visitor: Visitor, empty_site: Site) -> None:
    arriving.set_up(visitor, empty_site)
    protecting.weave(visitor, REMOTE)
    protecting.walk(visitor, REMOTE)


#: The published list names this cooperative through its president, who was killed.
COOPERATIVES = Group(
    name="Cooperativa Campo Lindo",
    threat="Quitarnos la tierra y a quienes la trabajan",
    practice="Asambleas de socias y socios",
    measure="Nadie va a la comisaría sin compañía",
    promise="Devolver las herramientas",
    promiser="el juzgado",
)


@pytest.mark.parametrize("visitor", [("es", 360)], indirect=True, ids=["es-360"])
def test_an_agricultural_cooperative_of_the_published_list_walks_the_same_way(
    visitor: Visitor, empty_site: Site
) -> None:
    arriving.set_up(visitor, empty_site)
    bringing.bring_in_the_list(visitor)
    protecting.find(visitor, COOPERATIVES)
    protecting.walk(visitor, COOPERATIVES)
