from pathlib import Path

from models import Consignment, ConsignmentState
from qianli.stages.unit import reading, writing
from qianli.store import transitions
from qianli.testing import make_world


def test_a_move_is_journalled(place: Path) -> None:
    with writing("user:test") as session:
        world = make_world(session, stage=None)
        assert transitions.consignments(session, world.consignments, ConsignmentState.under_way) == world.consignments
    with reading() as session:
        assert session.get_one(Consignment, world.consignments[0]).state == ConsignmentState.under_way
