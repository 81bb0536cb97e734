"""A house with many members and several campaigns under way, copied from one of each inside the database."""

from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy as sa

from models import (
    ArtefactKind,
    Campaign,
    Case,
    CaseReason,
    Consignment,
    ConsignmentState,
    Hold,
    HoldReason,
    JournalEntry,
    LedgerImport,
    Member,
    Movement,
    Organisation,
    Parcel,
    ParcelLine,
    PrintRun,
    ReportSide,
    Residence,
    Sheet,
    Snapshot,
    Subject,
    Tracking,
    TrackingEvent,
)
from models.base import Row
from qianli.stages import manifests, sealing
from qianli.stages.artefacts import publish_artefact
from qianli.stages.unit import now, today, writing
from qianli.testing import NOW, World, make_world

BRANCHES, RUNS, IMPORTS = 200, 3, 100
FIRST_RUN = 10  # id of the first copied print run
BY = "user:test"
AGO = now() - timedelta(days=10)
Columns = Mapping[str, str]


def crowd(members: int, campaigns: int) -> World:
    """So many members, each with a parcel in one of so many campaigns: most delivered, some answered, few held."""
    with writing(BY) as session:
        world = make_world(session, members=1)
    _one_of_each(world)
    each = members // campaigns
    with writing(BY) as session:
        connection = session.connection()
        _copy(connection, Organisation, BRANCHES, {"name": "'支部' || n", "parent_id": "1"})
        _copy(connection, Member, members, {
            "organisation_id": f"2 + n % {BRANCHES - 1}", "name": "'党员' || n",
            "phone": "'+861' || (3000000000 + n)",
        })  # fmt: skip
        _copy(connection, Residence, members, {"member_id": "n"})
        _copy(connection, Campaign, campaigns, {
            "code": "'TEST-' || n", "next_number": f"{each + 1}", "next_sequence": f"{each + 1}",
        })  # fmt: skip
        _copy(connection, LedgerImport, IMPORTS, {"filename": "'台账' || n || '.xlsx'"})
        _copy(connection, Movement, members // 100, {"member_id": "n * 50"})
        _sent(connection, members, each)
        _printed(connection, members, each, campaigns)
    with writing(BY) as session:
        session.connection().execute(sa.text("ANALYZE"))
    return world


def _sent(connection: sa.Connection, members: int, each: int) -> None:
    """Consignments and parcels: of a hundred two are held, three in a case, half answered, a few silent for long."""
    campaign, place = f"1 + (n - 1) / {each}", f"1 + (n - 1) % {each}"
    half = "CASE WHEN n % 50 = 0 THEN 'held' WHEN n % 2 = 0 THEN 'confirmed' ELSE 'under_way' END"
    _copy(connection, Snapshot, members, {
        "member_id": "n", "residence_id": "n",
        "province": "CASE n % 4 WHEN 0 THEN '福建省' WHEN 1 THEN '浙江省' WHEN 2 THEN '广东省' ELSE '四川省' END",
    })  # fmt: skip
    _copy(connection, Consignment, members, {
        "campaign_id": campaign, "member_id": "n", "number": place, "snapshot_id": "n", "state": half,
        "code_hash": "NULL", "code_key_id": "NULL",
    })  # fmt: skip
    _copy(connection, Parcel, members, {
        "campaign_id": campaign, "sequence": place, "reference": "'B-' || n", "consignee_snapshot_id": "n",
        "tracking": "CASE WHEN n % 10 = 1 THEN 'in_transit' ELSE 'delivered' END",
    })  # fmt: skip
    connection.execute(sa.text("UPDATE parcel SET delivered_at = NULL WHERE tracking <> 'delivered'"))
    lines = {"parcel_id": "n", "consignment_id": "n"}
    for line in (1, 2, 3):
        _copy(connection, ParcelLine, members, {**lines, "id": f"n * 3 + {line}"}, of=line)
    _copy(connection, TrackingEvent, members * 3, {"parcel_id": f"1 + n % {members}", "event_key": "'e' || n"})
    _copy(connection, JournalEntry, members * 3, {"subject_id": f"1 + n % {members}"})
    _copy(connection, Hold, members // 50, {"consignment_id": "n * 50"})
    _copy(connection, Case, members // 33, {"parcel_id": "n * 33", "campaign_id": f"1 + (n * 33 - 1) / {each}"})


def _printed(connection: sa.Connection, members: int, each: int, campaigns: int) -> None:
    """Three runs a campaign with a sheet a parcel, and one manifest a campaign."""
    _copy(connection, PrintRun, campaigns * RUNS + 1, {
        "id": f"n - 2 + {FIRST_RUN}", "campaign_id": f"1 + (n - 2) / {RUNS}", "number": f"10 + (n - 2) % {RUNS}",
        "kind": "CASE n % 3 WHEN 2 THEN 'letter' WHEN 0 THEN 'label' ELSE 'packing_slip' END",
    })  # fmt: skip
    for run in range(RUNS):
        _copy(connection, Sheet, members, {
            "id": f"n * {RUNS} + {run + FIRST_RUN}", "print_run_id": f"{FIRST_RUN} + (n - 1) / {each} * {RUNS} + {run}",
            "position": f"1 + (n - 1) % {each}", "parcel_id": "n", "consignment_id": "n",
        })  # fmt: skip
    connection.execute(sa.text(
        "INSERT INTO manifest (campaign_id, number, courier, account, state, created_at, sealed_at, content_checksum)"
        " SELECT c.id, 'B-J' || c.id, m.courier, m.account, m.state, m.created_at, m.sealed_at, m.content_checksum"
        " FROM campaign c, manifest m WHERE m.id = 1 AND c.id > 1"
    ))  # fmt: skip
    connection.execute(sa.text(
        "INSERT INTO manifest_line (manifest_id, parcel_id, position, state)"
        " SELECT p.campaign_id, p.id, p.sequence, 'handed_over' FROM parcel p WHERE p.id > 1"
    ))  # fmt: skip


def _one_of_each(world: World) -> None:
    """What is copied: everything there can be of the first member."""
    publish_artefact(
        kind=ArtefactKind.letter, path="TEST-2027/1.pdf", content=b"%PDF", campaign_id=world.campaign, by=BY
    )
    first = {"campaign_id": world.campaign, "parcel_id": world.parcels[0]}
    with writing(BY) as session:
        session.execute(sa.update(Parcel).values(stage="packed"))
        session.add(Movement(
            member_id=world.members[0], side=ReportSide.home, organisation_id=1, moved_on=today(),
            written="浙江省义乌市", fingerprint="1", source="test", recorded_by="user:1", recorded_at=NOW,
        ))  # fmt: skip
        session.add(LedgerImport(organisation_id=1, filename="a.xlsx", imported_at=NOW, imported_by="user:1"))
        run = PrintRun(campaign_id=1, kind=ArtefactKind.letter, number=1, artefact_id=1, created_at=NOW, made_at=NOW)
        session.add(run)
        session.flush()
        session.add(Sheet(print_run_id=run.key, parcel_id=1, consignment_id=1, position=1))
        session.add(TrackingEvent(
            parcel_id=1, courier="china_post", event_key="1", code="1", tracking=Tracking.delivered, happened_at=NOW,
            text="已签收", recorded_at=NOW,
        ))  # fmt: skip
        session.add(Case(
            **first, reason=CaseReason.not_moving, sentence="没有新消息。", next_step="问快递公司。",
            owner="青石镇党委", opened_at=NOW,
        ))  # fmt: skip
        session.add(Hold(
            consignment_id=1, reason=HoldReason.incomplete_address, sentence="地址不全。", next_step="补上地址。",
            opened_at=NOW,
        ))  # fmt: skip
        session.add(JournalEntry(subject=Subject.parcel, subject_id=1, what="printed", actor="system", at=NOW))
    (sealed,) = sealing.seal("TEST-2027", by=BY)
    manifests.hand_over(sealed.number, count=1, left=[], by="courier")
    with writing(BY) as session:
        session.execute(sa.update(Parcel).values(tracking=Tracking.delivered, delivered_at=AGO, handed_over_at=AGO))
        session.execute(sa.update(Consignment).values(state=ConsignmentState.under_way))


def _copy(connection: sa.Connection, table: type[Row], count: int, differ: Columns, *, of: int = 1) -> None:
    """Rows 2 to `count` like row `of`, but for columns given as SQL of `n`; beyond ids that are taken already."""
    made = table.__table__  # type: ignore[attr-defined]
    taken = connection.execute(sa.select(sa.func.max(made.c.id))).scalar_one()
    values = {name: f"t.{name}" for name in made.c.keys()} | {"id": f"n + {taken - 1}"} | dict(differ)  # noqa: SIM118
    connection.execute(sa.text(
        f"INSERT INTO {made.name} ({', '.join(values)}) WITH RECURSIVE count(n) AS"  # noqa: S608 - names of ours
        f" (SELECT 2 UNION ALL SELECT n + 1 FROM count WHERE n < {count})"
        f" SELECT {', '.join(values.values())} FROM count, {made.name} t WHERE t.id = {of}"
    ))  # fmt: skip
    if connection.dialect.name == "postgresql":  # ids that were given move no sequence
        sequence = sa.func.pg_get_serial_sequence(made.name, "id")
        connection.execute(sa.select(sa.func.setval(sequence, sa.select(sa.func.max(made.c.id)).scalar_subquery())))
