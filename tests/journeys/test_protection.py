"""A whole process of protection, from the first meeting to the changed plan: on a small phone, in Spanish."""

from __future__ import annotations

import pytest

from tests.journeys import arriving, protecting
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
    group = REMOTE
    protecting.weave(visitor, group)
    protecting.meet(visitor, group)
    protecting.plan(visitor, group)
    protecting.decide(visitor, group)
    protecting.call(visitor, group)
    protecting.break_a_promise(visitor, group)
    protecting.look_again(visitor, group)
