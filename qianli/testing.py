"""What tests share: a migrated database, a small world of rows, and the way to cut the process off."""

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import Session

from models import (
    AddressStatus,
    Approval,
    Campaign,
    CampaignState,
    Consignment,
    ConsignmentState,
    Item,
    ItemKind,
    Kit,
    KitItem,
    LetterText,
    Member,
    Organisation,
    Paper,
    Parcel,
    ParcelLine,
    ParcelStage,
    Residence,
    Snapshot,
)
from qianli import faults, testing_engines, testing_postgresql
from qianli.settings import settings
from qianli.store import schema
from qianli.store.session import engine, let_go

R = TypeVar("R")
NOW = datetime(2027, 1, 4, 1, 0, tzinfo=UTC)
DELIVERY_ON = date(2027, 1, 20)
PLACES = [
    ("福建省", "泉州市", "晋江市", "青阳街道崇德路 210 号"),
    ("浙江省", "义乌市", None, "稠江街道贝村路 88 号"),
    ("新疆维吾尔自治区", "乌鲁木齐市", "沙依巴克区", "友好南路 12 号"),
]
NAMES = ["张伟", "欧阳小芳", "阿依古丽·买买提", "李娜", "王强", "赵敏"]


@cache
def _migrated() -> Path:
    """One migrated SQLite file per process; copies of it are cheap."""
    path = Path(tempfile.mkdtemp(prefix="qianli-test-")) / "migrated.db"
    url = f"sqlite:///{path}"
    schema.upgrade(url)
    with engine(url).connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine(url).dispose()
    testing_engines.take_as_pattern(url)
    return path


DATABASES = ("sqlite", "postgresql")


@contextmanager
def workspace(root: Path, *, fresh: bool = True, database: str = "sqlite", **overrides: str) -> Iterator[Path]:
    """A database (a new one unless told otherwise) and document store under `root`, and settings that point there.

    On "postgresql" the database is one of its own in this process's test server; not `fresh` leaves it empty.
    """
    if database == "postgresql":
        with (
            testing_postgresql.database(migrated=fresh) as url,
            workspace(root, fresh=False, DATABASE_URL=url, **overrides) as place,
        ):
            yield place
        return
    values = {
        "DATABASE_URL": f"sqlite:///{root}/qianli.db",
        "DOCUMENTS_URL": f"file://{root}/documents",
        "SECRET": "test-secret",
        "PUBLIC_URL": "https://qianli.example",
        "PREFECT_HOME": f"{root}/prefect",
        **overrides,
    }
    before = dict(os.environ)
    os.environ.update({f"QIANLI_{name}": value for name, value in values.items()})
    settings.cache_clear()
    if fresh:
        shutil.copy(_migrated(), root / "qianli.db")
    testing_engines.compile_once(values["DATABASE_URL"])
    try:
        yield root
    finally:
        let_go(values["DATABASE_URL"])
        os.environ.clear()
        os.environ.update(before)
        settings.cache_clear()
        faults.arm(None)


@dataclass
class World:
    """Ids of the rows that `make_world` wrote."""

    organisation: int = 0
    campaign: int = 0
    kit_items: list[int] = field(default_factory=list)
    members: list[int] = field(default_factory=list)
    snapshots: list[int] = field(default_factory=list)
    consignments: list[int] = field(default_factory=list)
    parcels: list[int] = field(default_factory=list)


def _add(session: Session, row: R) -> R:
    session.add(row)
    session.flush()
    return row


def _add_all(session: Session, rows: list[R]) -> list[R]:
    session.add_all(rows)
    session.flush()
    return rows


def make_world(
    session: Session,
    *,
    members: int = 3,
    state: CampaignState = CampaignState.under_way,
    stage: ParcelStage | None = ParcelStage.handed_over,
) -> World:
    """A campaign with one parcel a member at `stage` (None: consignments are ready, no parcels yet)."""
    world = World()
    organisation = _add(session, Organisation(name="青石镇党委"))
    kit = _add(session, Kit(code="kit", name="资料包", checksum="0" * 64, created_at=NOW))
    items = [
        Item(sku="badge", name="党徽", weight_g=15, unit_cost_fen=300),
        Item(sku="book", name="《中国共产党章程》", weight_g=120, unit_cost_fen=900),
        Item(sku="letter", name="红色家书", kind=ItemKind.printed, paper=Paper.letter, weight_g=10),
    ]
    _add_all(session, items)
    lines = [
        KitItem(kit_id=kit.key, item_id=item.key, quantity=1, position=position) for position, item in enumerate(items)
    ]
    world.kit_items += [line.key for line in _add_all(session, lines)]
    text = _add(
        session,
        LetterText(
            code="t", title="致{姓名}同志", body="您好。", design="red_letter", checksum="0" * 64, created_at=NOW
        ),
    )
    campaign = _add(
        session,
        Campaign(
            code="TEST-2027", name="千里传书", state=state, organisation_id=organisation.key, kit_id=kit.key,
            letter_text_id=text.key, letter_on=date(2027, 1, 8), planned_delivery_on=DELIVERY_ON,
            address_max_age_days=365, definition_checksum="0" * 64, seed=7, created_by="user:test", created_at=NOW,
            sender={"name": "青石镇党委", "phone": "0851-12345678"},
            outside={"name": "青石镇便民服务中心", "phone": "0851-12345678", "address": "贵州省贵阳市花溪区青石镇 1 号", "content": "图书、纪念品"},
            couriers={"default": "china_post", "by_province": {}}, postage=[{"up_to_g": 5000, "fen": 1200}],
            next_number=members + 1, next_sequence=members + 1,
        ),
    )  # fmt: skip
    if state in (CampaignState.approved, CampaignState.under_way, CampaignState.closed):
        _add(
            session,
            Approval(
                campaign_id=campaign.key,
                checksum="0" * 64,
                consignments=99,
                amount_fen=10**7,
                approved_by="user:boss",
                approved_at=NOW,
            ),
        )
    world.organisation, world.campaign = organisation.key, campaign.key
    _make_members(session, world, members, stage)
    return world


def _person(world: World, number: int) -> dict[str, Any]:
    return {
        "organisation_id": world.organisation,
        "name": NAMES[number - 1] if number <= len(NAMES) else f"党员{number}",
        "phone": f"+861391234{number:04d}",
        "away_since": date(2020, 7, 1),
        "created_at": NOW,
        "updated_at": NOW,
    }


def _home(number: int) -> dict[str, Any]:
    province, city, district, detail = PLACES[(number - 1) % len(PLACES)]
    return {
        "written": f"{province}{city}{district or ''}{detail}",
        "province": province,
        "city": city,
        "district": district,
        "detail": detail,
        "status": AddressStatus.exact,
        "source": "test",
        "reported_on": date(2026, 10, 1),
        "recorded_at": NOW,
    }


def add_member(session: Session, world: World, number: int, **changes: Any) -> tuple[Member, Residence]:
    """A member with a residence; `changes` are columns of either that differ."""
    differ = set(Member.model_fields) - {"id"}
    person = _person(world, number) | {name: value for name, value in changes.items() if name in differ}
    home = _home(number) | {name: value for name, value in changes.items() if name not in differ}
    member = _add(session, Member(**person))
    residence = _add(session, Residence(member_id=member.key, **home))
    world.members.append(member.key)
    return member, residence


def _make_members(session: Session, world: World, count: int, stage: ParcelStage | None) -> None:
    """Row by row this is what most tests of the stages wait for; so each table is written at once."""
    numbers = range(1, count + 1)
    members = _add_all(session, [Member(**_person(world, number)) for number in numbers])
    homes = _add_all(session, [Residence(member_id=one.key, **_home(number)) for number, one in enumerate(members, 1)])
    snapshots = _add_all(session, [_snapshot(*pair) for pair in zip(members, homes, strict=True)])
    state = ConsignmentState.ready if stage is None else ConsignmentState.under_way
    consignments = _add_all(session, [
        Consignment(campaign_id=world.campaign, member_id=seen.member_id, number=number, state=state, snapshot_id=seen.id)
        for number, seen in enumerate(snapshots, 1)
    ])  # fmt: skip
    world.members += [one.key for one in members]
    world.snapshots += [one.key for one in snapshots]
    world.consignments += [one.key for one in consignments]
    if stage is not None:
        parcels = _add_all(session, [_parcel(world, number, seen, stage) for number, seen in enumerate(snapshots, 1)])
        _add_all(session, [
            ParcelLine(parcel_id=parcel.key, consignment_id=consignment.key, kit_item_id=kit_item, quantity=1)
            for parcel, consignment in zip(parcels, consignments, strict=True) for kit_item in world.kit_items
        ])  # fmt: skip
        world.parcels += [one.key for one in parcels]


def _snapshot(member: Member, home: Residence) -> Snapshot:
    place = {name: getattr(home, name) for name in ("province", "city", "district", "detail")}
    return Snapshot(
        member_id=member.key, residence_id=home.id, name=member.name, phone=member.phone, away_since=member.away_since,
        why="计划送达日在此居住", made_at=NOW, **place,
    )  # fmt: skip


def _parcel(world: World, number: int, seen: Snapshot, stage: ParcelStage) -> Parcel:
    return Parcel(
        campaign_id=world.campaign, sequence=number, reference=f"T-{number:05d}-X", courier="china_post", consignee_snapshot_id=seen.key,
        stage=stage, weight_g=145, postage_fen=1200, created_at=NOW, handed_over_at=NOW if stage == ParcelStage.handed_over else None,
    )  # fmt: skip


def connection_of_another() -> sa.Engine:
    """Connections to the configured database as another program would have them; nothing is begun by itself."""
    other = sa.create_engine(engine(settings().database_url).url, poolclass=sa.NullPool)
    if other.dialect.name == "sqlite":

        @sa.event.listens_for(other, "connect")
        def _nothing_by_itself(connection: Any, _record: object) -> None:
            connection.isolation_level = None

    return other


def kill_at(count: int) -> None:
    """SIGKILL this process when the fault points have been reached `count` times (counted from 1)."""
    at_point(count, lambda: os.kill(os.getpid(), signal.SIGKILL))


def at_point(count: int, act: Callable[[], object], *, named: str | None = None) -> None:
    """Do something to this process or its surroundings at the `count`-th fault point (of those named so)."""
    seen = 0

    def hook(point: str) -> None:
        nonlocal seen
        seen += named in (None, point)
        if seen == count:
            act()

    faults.arm(hook)


def disarm() -> None:
    """Nothing happens at fault points any more."""
    faults.arm(None)


def count_points() -> list[str]:
    """Arm a hook that only lists the fault points reached; the list grows as the process runs."""
    points: list[str] = []
    faults.arm(points.append)
    return points


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every SQL statement sent to the workspace's database meanwhile; one for many rows counts once."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    bound = engine(settings().database_url)
    sa.event.listen(bound, "before_cursor_execute", note)
    yield statements
    sa.event.remove(bound, "before_cursor_execute", note)
