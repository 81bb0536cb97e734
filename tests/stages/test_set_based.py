"""The number of SQL statements does not grow with the parcels of a file."""

from pathlib import Path

from models import CaseOutcome, CaseReason
from qianli.stages import cases, tracking_cases
from qianli.stages.tracking import import_events
from qianli.stages.unit import writing
from qianli.stages.waybills import import_waybills
from qianli.testing import counted, make_world, workspace


def counts(root: Path, members: int, database: str) -> list[int]:
    """Statements of: numbers in, trouble in, delivery in, cases of the flow."""
    root.mkdir()
    references = [f"T-{number:05d}-X" for number in range(1, members + 1)]
    found = []
    with workspace(root, database=database):
        with writing("user:test") as session:
            world = make_world(session, members=members)
        files = [
            (import_waybills, ["包裹编号,运单号", *(f"{one},98{one[2:7]}678901" for one in references)]),
            (import_events, ["包裹编号,状态,时间", *(f"{one},投递未成功,2027-01-06" for one in references)]),
            (import_events, ["包裹编号,状态,时间", *(f"{one},签收,2027-01-07" for one in references)]),
        ]
        for stage, lines in files:
            with counted() as statements:
                assert stage("\n".join(lines).encode(), filename="a.csv", by="user:test").accepted == members
            found.append(len(statements))
        assert cases.list_cases() == []
        import_events("\n".join([files[1][1][0], *(f"{one},撤销签收,2027-01-08" for one in references)]).encode(),
                      filename="b.csv", by="user:test")  # fmt: skip
        for view in cases.list_cases():
            assert view.reason == CaseReason.failed_attempt
            cases.resolve(view.id, outcome=CaseOutcome.no_action, by="user:test")
        with counted() as statements:
            tracking_cases.run(world.campaign)
        return [*found, len(statements)]


def test_statements_do_not_grow(tmp_path: Path, database: str) -> None:
    assert counts(tmp_path / "few", 2, database) == counts(tmp_path / "many", 40, database)
