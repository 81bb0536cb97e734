"""After the retention period nothing personal is left of a campaign: rows, files. Counts and hashes are."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from models import (
    Artefact,
    ArtefactKind,
    Campaign,
    CampaignState,
    Consignment,
    FailedCode,
    JournalEntry,
    Parcel,
    ParcelStage,
    PurgeRecord,
    Residence,
    Said,
    SaidVia,
    Snapshot,
    TrackingEvent,
)
from qianli import faults
from qianli.cli import main
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.settings import settings
from qianli.stages import artefacts, campaigns, cancelling, closing, purging, receipts, status
from qianli.stages.receipt_recording import record_receipt
from qianli.stages.tracking import import_events
from qianli.stages.unit import now, reading, writing
from qianli.store.personal import TABLES, WITH_CAMPAIGN
from qianli.testing import NOW
from qianli.web.testing import give_codes

BY = "user:李主任"
CODE = "TEST-2027"
NOTE = "门卫老孙代收，住隔壁 302 室"
COURIER_SAID = "【晋江市】快件由 收发室钱某某 代收"
SECRETS = ("前名甲", "+8613700001111", "旧居路 77 号", "旧县", NOTE, COURIER_SAID, "EMS7700112233CN")
FILES = [kind for kind in ArtefactKind if kind in WITH_CAMPAIGN and kind is not ArtefactKind.report]


@pytest.fixture
def closed(dispatch: Callable) -> list[str]:
    """A closed campaign full of personal data that stands nowhere in the ledger; the answer is its codes."""
    made = dispatch(members=3, stage=ParcelStage.handed_over)
    codes = give_codes(made.world.consignments)
    old = {"name": SECRETS[0], "phone": SECRETS[1], "detail": SECRETS[2], "district": SECRETS[3]}
    for snapshot in made.rows(Snapshot):
        made.set(snapshot, **old)
    with writing(BY) as session:  # prepared twice: what the first preparing wrote is still there
        session.add(Snapshot(member_id=made.world.members[0], made_at=NOW, **old))
        session.execute(sa.update(Parcel).where(Parcel.id == made.world.parcels[0]).values(waybill_number=SECRETS[6]))
    words = f"包裹编号,状态,时间,说明\n{made.references()[0]},签收,2027-01-07,{COURIER_SAID}\n"
    import_events(words.encode(), filename="a.csv", by=BY)
    for consignment in made.world.consignments:
        record_receipt(consignment, said=Said.all_here, problems={}, note=NOTE, via=SaidVia.phone, by=BY)
    for kind in FILES:
        content, path = "、".join(SECRETS).encode(), f"{CODE}/{kind}.pdf"
        artefacts.publish_artefact(kind=kind, path=path, content=content, campaign_id=made.world.campaign, by=BY)
    closing.close(CODE, by=BY)
    return codes


def days_later(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """The stages' clock."""
    at = now() + timedelta(days=days)
    monkeypatch.setattr(purging, "now", lambda: at)


def everything() -> str:
    """Every value of every row."""
    with reading() as session:
        tables = sa.inspect(session.connection()).get_table_names()
        rows = [session.execute(sa.text(f"SELECT * FROM {table}")).all() for table in tables]  # noqa: S608
    return repr(rows)


def stored() -> list[str]:
    root = Path(settings().documents_url.removeprefix("file://"))
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def test_nothing_personal_is_left_of_it(closed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    before = status.status(CODE)
    assert all(secret in everything() for secret in SECRETS)
    days_later(monkeypatch, settings().retention_days + 1)
    assert purging.shards() != []
    for shard in purging.shards():
        purging.run(shard)
    found = everything()
    assert not [secret for secret in SECRETS if secret in found]
    assert stored() == [f"{CODE}/closing-report.pdf"]
    with reading() as session:
        for one in [*session.exec(select(Snapshot)), *session.exec(select(TrackingEvent))]:
            emptied = TABLES[one.__tablename__].emptied
            assert {name: getattr(one, name) for name in emptied} == dict(emptied)
        assert not [one for one in session.exec(select(Consignment)) if one.member_id or one.code_hash]
    after = status.status(CODE)
    assert after["purged_at"] is not None
    assert {key: after[key] for key in ("consignments", "parcels", "tracking", "receipts")} == {
        key: before[key] for key in ("consignments", "parcels", "tracking", "receipts")
    }


def test_a_record_with_counts_and_hashes_stays(closed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    hashes = {one["path"]: one["sha256"] for one in campaigns.documents(CODE)}
    days_later(monkeypatch, settings().retention_days + 1)
    done = purging.purge(CODE, by=BY)
    assert done.finished
    assert done.files == len(FILES) + 1
    assert done.rows == {
        "parcel": 3,
        "tracking_event": 1,
        "receipt": 3,
        "message": 0,
        "phone_call": 0,
        "reminder": 0,
        "snapshot": 4,
        "hold": 0,
        "print_run": 0,
        "booking": 0,
        "handover": 0,
        "consignment": 3,
    }
    assert done.kept["consignments"] == {"confirmed": 3}
    assert done.kept["summary"][0].startswith("应寄 3 份，寄出 3 份")
    after = campaigns.documents(CODE)
    assert {one["path"]: one["sha256"] for one in after} == hashes
    assert [one["path"] for one in after if not one["deleted_at"]] == [artefacts.shown(f"{CODE}/closing-report.pdf")]
    with reading() as session:
        record = session.exec(select(PurgeRecord)).one()
        gone = session.exec(select(Artefact).where(Artefact.purge_id == record.id).order_by(Artefact.path)).all()
        lines = "".join(f"{one.sha256}  {one.path}\n" for one in gone)
        assert record.files_checksum == sha256(lines.encode()).hexdigest()
        noted = session.exec(select(JournalEntry).where(JournalEntry.what == "purged")).one()
        assert (noted.actor, noted.was, noted.why) == (BY, "closed", "保留期已满")


def test_again_changes_nothing(closed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    days_later(monkeypatch, settings().retention_days + 1)
    first = purging.purge(CODE, by=BY)
    was = everything()
    again = purging.purge(CODE, by="user:other")
    assert (again.already, again.rows, again.files, again.at) == (True, first.rows, first.files, first.at)
    assert everything() == was
    assert purging.shards() == []


def test_before_its_time_it_is_refused_with_the_day(closed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    days_later(monkeypatch, settings().retention_days - 1)
    assert purging.shards() == []
    with pytest.raises(RuleBroken, match=r"保留 180 天.*--now"):
        purging.purge(CODE, by=BY)
    assert all(secret in everything() for secret in SECRETS)


def test_earlier_for_a_reason_that_the_journal_keeps(closed: list[str]) -> None:
    assert purging.purge(CODE, reason="按上级要求", by=BY).finished
    with reading() as session:
        assert session.exec(select(JournalEntry.why).where(JournalEntry.what == "purged")).one() == "按上级要求"


@pytest.mark.parametrize("database", ["sqlite"])  # words are looked at before any row
@pytest.mark.parametrize("reason", [" ", "前名甲本人要求", "请致电 138 0013 8000"])
def test_a_reason_names_nobody(closed: list[str], reason: str) -> None:
    with pytest.raises(BadInput):
        purging.purge(CODE, reason=reason, by=BY)
    assert campaigns.documents(CODE)[0]["deleted_at"] is None


@pytest.mark.parametrize("database", ["sqlite"])  # words are looked at before any row
@pytest.mark.parametrize("reason", ["张伟不接电话", "打 13912340001 没人接"])
def test_a_reason_for_closing_names_nobody(dispatch: Callable, reason: str) -> None:
    dispatch(members=1, stage=ParcelStage.handed_over)
    with pytest.raises(BadInput, match="理由会长期留在记录里"):
        closing.close(CODE, unconfirmed=reason, by=BY)
    closing.close(CODE, unconfirmed="三次电话无人接听", by=BY)


def test_while_it_goes_on_it_is_refused(dispatch: Callable) -> None:
    dispatch(stage=ParcelStage.handed_over)
    with pytest.raises(RuleBroken, match="还没有结束"):
        purging.purge(CODE, reason="按上级要求", by=BY)


def test_a_cancelled_campaign_is_purged_from_the_day_it_was_cancelled(
    dispatch: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispatch(stage=ParcelStage.printed)
    cancelling.cancel_campaign(CODE, by=BY)
    days_later(monkeypatch, settings().retention_days + 1)
    (shard,) = purging.shards()
    purging.run(shard)
    with reading() as session:
        assert {one.name for one in session.exec(select(Snapshot))} == {""}
        assert session.get_one(Campaign, shard).state == CampaignState.cancelled


def test_the_member_is_told_and_the_ledger_stays(closed: list[str]) -> None:
    assert receipts.find_by_code(closed[0], address="10.0.0.1").standing == "closed"
    purging.purge(CODE, reason="按上级要求", by=BY)
    with pytest.raises(NotFound):
        receipts.find_by_code(closed[0], address="10.0.0.1")
    assert "张伟" in everything()


def test_what_couriers_say_later_is_not_taken_in(closed: list[str]) -> None:
    with reading() as session:
        reference = session.exec(select(Parcel.reference)).first()
    purging.purge(CODE, reason="按上级要求", by=BY)
    words = f"包裹编号,状态,时间,说明\n{reference},签收,2027-01-09,{COURIER_SAID}\n"
    assert import_events(words.encode(), filename="a.csv", by=BY).accepted == 0
    assert COURIER_SAID not in everything()


COMMANDS = (
    "campaign status", "campaign documents", "campaign holds", "parcel list", "manifest list", "journal",
    "receipt list --campaign", "case list --campaign",
)  # fmt: skip


def test_every_command_still_answers(closed: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    purging.purge(CODE, reason="按上级要求", by=BY)
    for words in COMMANDS:
        assert main.execute([*words.split(), CODE]) == 0, words
        told = capfd.readouterr().out
        assert main.execute([*words.split(), CODE, "--json"]) == 0, words
        told += capfd.readouterr().out
        assert not [secret for secret in SECRETS if secret in told], words


def test_its_report_is_not_made_again(closed: list[str]) -> None:
    purging.purge(CODE, reason="按上级要求", by=BY)
    with pytest.raises(RuleBroken, match="不再重出"):
        closing.close(CODE, by=BY)
    assert closing.unfinished() == []


class CutOffError(Exception):
    """What stands for a killed process: everything after it is not done."""


def test_cut_off_anywhere_and_run_again_it_ends_the_same(closed: list[str]) -> None:
    number = 0
    while True:
        number += 1
        seen = 0

        def cut(point: str, *, at: int = number) -> None:
            nonlocal seen
            seen += 1
            if seen == at:
                raise CutOffError(point)

        faults.arm(cut)
        try:
            done = purging.purge(CODE, reason="按上级要求", by=BY)
        except CutOffError:
            continue
        break
    faults.arm(None)
    assert number > 2 * len(FILES)
    assert done.finished
    assert done.files == len(FILES) + 1
    assert not [secret for secret in SECRETS if secret in everything()]
    assert stored() == [f"{CODE}/closing-report.pdf"]


def test_a_file_that_is_gone_already_is_fine(closed: list[str]) -> None:
    root = Path(settings().documents_url.removeprefix("file://"))
    (root / CODE / "letter.pdf").unlink()
    assert purging.purge(CODE, reason="按上级要求", by=BY).finished


def test_what_belongs_to_no_campaign_goes_when_it_is_old(dispatch: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    made = dispatch(members=2)
    spoken_of, loose = made.rows(Residence)
    made.move(1, "新居路 1 号")
    made.move(2, "新居路 2 号")
    with writing(BY) as session:
        session.execute(sa.update(Snapshot).where(Snapshot.residence_id == loose.id).values(residence_id=None))
        session.add(FailedCode(address_hash="0" * 64, window_at=now(), count=3))
    artefacts.publish_artefact(kind=ArtefactKind.fix_file, path="fix/members-1.xlsx", content=b"x", by=BY)
    days_later(monkeypatch, settings().retention_days - 1)
    purging.sweep()
    assert len(made.rows(Residence)) == 4
    assert made.rows(FailedCode) == []
    assert stored() == ["fix/members-1.xlsx"]
    assert made.rows(PurgeRecord) == []
    days_later(monkeypatch, settings().retention_days + 1)
    purging.sweep()
    assert [one.id for one in made.rows(Residence) if one.superseded_at] == [spoken_of.id]
    assert len(made.rows(Residence)) == 3
    assert stored() == []
    (record,) = made.rows(PurgeRecord)
    assert (record.counts, record.files, record.finished_at is not None) == ({"rows": {"residence": 1}}, 1, True)
    purging.sweep()
    assert len(made.rows(PurgeRecord)) == 1
    monkeypatch.undo()
    artefacts.publish_artefact(kind=ArtefactKind.fix_file, path="fix/members-1.xlsx", content=b"x", by=BY)
    assert [one.deleted_at for one in made.rows(Artefact) if one.kind == "fix_file"] == [None]
