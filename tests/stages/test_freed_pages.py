"""SQLite's files themselves hold nothing of what was purged: not in free pages, not in the write-ahead log."""

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from models import Campaign, Consignment, ConsignmentState, Parcel, Residence, Snapshot, TrackingEvent
from qianli.settings import settings
from qianli.stages import closing, purging
from qianli.stages.unit import now, reading, writing
from qianli.store.session import engine
from qianli.testing import NOW, make_world

pytestmark = pytest.mark.slow

BY = "user:test"
MEMBERS = 400


@pytest.fixture
def database() -> str:
    return "sqlite"


def bytes_of(root: Path) -> bytes:
    """The database, its write-ahead log and its index, as they lie on the disk."""
    return b"".join(path.read_bytes() for path in sorted(root.glob("qianli.db*")))


@pytest.fixture
def names(place: Path) -> list[bytes]:
    """What only snapshots, events and replaced residences of a closed campaign hold; long enough to split pages."""
    with writing(BY) as session:
        world = make_world(session, members=MEMBERS)
        for number, snapshot in enumerate(session.exec(select(Snapshot))):
            snapshot.name, snapshot.phone = f"前名{number:05d}", f"+86137{number:08d}"
            snapshot.detail = f"旧居路{number:05d}号" * 9
        for number, parcel in enumerate(world.parcels):
            raw = {"说明": f"代收人{number:05d}" * 40}
            row = TrackingEvent(parcel_id=parcel, courier="sf", event_key=str(number), code="x", happened_at=NOW,
                                raw=raw, text=f"代收人{number:05d}", recorded_at=NOW)  # fmt: skip
            session.add(row)
        session.execute(sa.update(Consignment).values(state=ConsignmentState.confirmed))
    with writing(BY) as session:  # written again and again, so that rows have moved from page to page
        session.execute(sa.update(Snapshot).values(detail=Snapshot.detail + Snapshot.detail, residence_id=None))
        for number, home in enumerate(session.exec(select(Residence))):
            home.written = home.detail = f"搬离处{number:05d}" * 9
            home.superseded_at = NOW
    with writing(BY) as session:
        session.execute(sa.update(Snapshot).values(detail=sa.func.substr(Snapshot.detail, 1, 80)))
        session.execute(sa.update(Campaign).values(closed_at=NOW))
    return [
        f"{word}{number:05d}".encode() for word in ("前名", "旧居路", "代收人", "搬离处") for number in range(MEMBERS)
    ] + [f"+86137{number:08d}".encode() for number in range(MEMBERS)]


def still_there(root: Path, names: list[bytes]) -> list[str]:
    content = bytes_of(root)
    return [name.decode() for name in names if name in content]


def purge_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "now", lambda: now().replace(year=now().year + 2))
    purging.sweep()


def test_the_bytes_are_gone(place: Path, names: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(still_there(place, names)) == len(names)
    closing.close("TEST-2027", by=BY)
    assert purging.purge("TEST-2027", reason="按上级要求", by=BY).finished
    purge_all(monkeypatch)
    engine(settings().database_url).dispose()
    assert still_there(place, names) == []
    with reading() as session:
        assert len(session.exec(select(Parcel)).all()) == MEMBERS


def test_while_somebody_reads_an_older_state_it_is_said_and_finished_later(place: Path, names: list[bytes]) -> None:
    closing.close("TEST-2027", by=BY)
    reader = sqlite3.connect(place / "qianli.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM snapshot").fetchone()
    try:
        assert not purging.purge("TEST-2027", reason="按上级要求", by=BY).finished
    finally:
        reader.execute("COMMIT")
        reader.close()
    assert purging.shards() != []
    for shard in purging.shards():
        purging.run(shard)
    assert purging.shards() == []
    assert [name for name in still_there(place, names) if "搬离处" not in name] == []
