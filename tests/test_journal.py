"""The journal explains every row: the demonstration and what can still go wrong, told once, then held to the rows."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, select

from models import (
    Approval,
    Campaign,
    Case,
    Consignment,
    Hold,
    Item,
    JournalEntry,
    Kit,
    Manifest,
    Member,
    Organisation,
    Parcel,
    PrintRun,
    Receipt,
    ReplacementRequest,
    Residence,
    StockMovement,
    Tracking,
)
from qianli.cli import demo_story, main
from qianli.cli.common import context
from qianli.cli.demo_story import LETTERS, ORGANISATIONS, STUDY
from qianli.settings import ROOT
from qianli.stages.unit import reading, today
from qianli.testing import DATABASES, workspace
from qianli.testing_story import Drawn, Inline

pytestmark = pytest.mark.slow
STATED: list[tuple[str, type[SQLModel], str]] = [
    ("campaign", Campaign, "state"),
    ("consignment", Consignment, "state"),
    ("parcel", Parcel, "stage"),
    ("manifest", Manifest, "state"),
]
ADDED: list[tuple[str, type[SQLModel], str]] = [
    ("organisation", Organisation, "added"),
    ("kit", Kit, "added"),
    ("item", Item, "added"),
    ("member", Member, "imported"),
]
EDITS = {"changed", "moved", "verified", "corrected"}
Told = dict[tuple[str, int], list[JournalEntry]]


@pytest.fixture(scope="module", params=DATABASES)
def told(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest, drawn: Drawn) -> Iterator[Path]:
    place = tmp_path_factory.mktemp("place")
    here, name = Path.cwd(), context.name
    os.chdir(ROOT)
    context.name = "周主任"
    with workspace(place, database=request.param), pytest.MonkeyPatch.context() as patch:
        drawn.instead(patch)
        teller = Inline(None, tmp_path_factory.mktemp("courier"))
        for chapter in demo_story.CHAPTERS:
            chapter(teller)
        go_wrong(teller, place / "台账.xlsx")
        yield place
    os.chdir(here)
    context.name = name


def go_wrong(tell: Inline, ledger: Path) -> None:
    """What the demonstration does not show: taking back, cancelling, approving anew, replacing, stopping."""
    tell.run("member", "export", str(ledger), "--organisation", ORGANISATIONS[STUDY])
    with reading() as session:
        study = session.exec(select(Campaign).where(Campaign.code == STUDY)).one().id
        one, other, *_ = session.exec(select(Parcel.reference).where(Parcel.campaign_id == study)).all()
        held = session.exec(
            select(Consignment.number).where(Consignment.campaign_id == study, Consignment.state == "held")
        ).first()
    tell.run("parcel", "take-back", one, "--put-back")
    tell.run("parcel", "take-back", other, "--write-off")
    tell.run("consignment", "cancel", f"{STUDY}-{held:04d}")
    complete(ledger)
    tell.run("member", "import", str(ledger), "--organisation", ORGANISATIONS[STUDY])
    tell.run("campaign", "prepare", STUDY)
    tell.run("campaign", "approve", STUDY, "--consignments", "6")
    with reading() as session:
        going = session.exec(
            select(Consignment.number).where(Consignment.campaign_id == study, Consignment.state == "under_way")
        ).first()
    for said in ("damaged", "all_here"):
        broken = ["--damaged", "brief-history"] if said == "damaged" else []
        tell.run("receipt", "record", "--campaign", STUDY, "--member", f"{STUDY}-{going:04d}", "--said", said, *broken)
        if broken:
            tell.run("parcel", "replace", f"{STUDY}-{going:04d}", "--sku", "brief-history")
    tell.run("campaign", "prepare", STUDY)
    tell.run("campaign", "cancel", STUDY)


def complete(ledger: Path) -> None:
    """Whoever had no address, or an old one, or no good number, has them now."""
    book = openpyxl.load_workbook(ledger)
    titles = {cell.value: cell.column for cell in book.active[2]}
    for row in range(3, book.active.max_row + 1):
        address = book.active.cell(row, titles["现居住地址"])
        address.value = address.value or "浙江省杭州市西湖区文三路 2 号"
        book.active.cell(row, titles["地址更新日期"]).value = str(today())
        book.active.cell(row, titles["手机号"]).value = f"1390000{row:04d}"
    book.save(ledger)


def entries(session: Session) -> Told:
    found: Told = {}
    for one in session.exec(select(JournalEntry).order_by(sa.column("id"))):
        found.setdefault((one.subject.value, one.subject_id), []).append(one)
    return found


def unexplained(session: Session, told_of: Told) -> list[str]:
    """Every row whose state or being these entries do not tell."""

    def whats(subject: str, id_: int) -> list[str]:
        return [one.what for one in told_of.get((subject, id_), [])]

    wrong = []
    for subject, model, column in STATED:
        states = {member.value for member in model.model_fields[column].annotation}  # type: ignore[union-attr]
        for row in session.exec(select(model)):
            told = [one for one in told_of.get((subject, row.id), []) if one.what in states]
            begun = {"campaign": "draft", "manifest": "draft"}.get(subject, "planned")
            steps = [(None, begun), *((before.what, one.what) for before, one in pairwise(told))]
            now = getattr(row, column).value
            if [(one.was, one.what) for one in told] != steps or told[-1].what != now:
                wrong.append(f"{subject} {row.id}: {[one.what for one in told]}, not {now}")
    for subject, model, what in ADDED:
        wrong += [
            f"{subject} {row.id}" for row in session.exec(select(model)) if whats(subject, row.id).count(what) != 1
        ]
    return wrong + list(other_rows(session, told_of))


def other_rows(session: Session, told_of: Told) -> Iterator[str]:
    """The same for rows that have no state of their own: counted against what the journal says of their subject."""

    def counts(*subjects: str) -> Counter[tuple[str, int, str]]:
        return Counter((kind, id_, one.what) for (kind, id_), own in told_of.items() for one in own if kind in subjects)

    rows: Counter[tuple[str, int, str]] = Counter()
    for hold in session.exec(select(Hold)):
        rows["consignment", hold.consignment_id, f"hold {hold.reason}"] += 1
        rows["consignment", hold.consignment_id, f"unhold {hold.reason}"] += hold.cleared_at is not None
    for receipt in session.exec(select(Receipt)):
        rows["consignment", receipt.consignment_id, f"said {receipt.said}"] += 1
    for case in session.exec(select(Case)):
        rows["case", case.id, "opened"] += 1
        rows["case", case.id, "resolved"] += case.resolved_at is not None
    for approval in session.exec(select(Approval)):
        rows["campaign", approval.campaign_id, "approval"] += 1
        rows["campaign", approval.campaign_id, "approval voided"] += approval.voided_at is not None
    for run in session.exec(select(PrintRun)):
        rows["campaign", run.campaign_id, f"print {run.kind}"] += 1
        rows["campaign", run.campaign_id, f"printed {run.kind}"] += run.made_at is not None
    for campaign in session.exec(select(Campaign)):
        rows["campaign", campaign.id, "stopped"] += campaign.stopped_at is not None
    for parcel in session.exec(select(Parcel)):
        rows["parcel", parcel.id, "waybill"] += parcel.waybill_number is not None
        told = [one.what for one in told_of["parcel", parcel.id] if one.what.startswith("tracking ")]
        if (told[-1:] or [f"tracking {Tracking.unknown}"]) != [f"tracking {parcel.tracking}"]:
            yield f"parcel {parcel.id}: {told}, not {parcel.tracking}"
    found = counts("consignment", "case", "campaign", "parcel")
    yield from (f"{key}: {count} rows, {found[key]} entries" for key, count in rows.items() if found[key] != count)
    yield from stock(session, told_of)
    yield from people(session, told_of)
    yield from replacements(session, told_of)


def stock(session: Session, told_of: Told) -> Iterator[str]:
    moved: Counter[tuple[int, str]] = Counter()
    for movement in session.exec(select(StockMovement)):
        moved[movement.item_id, movement.move.value] += movement.quantity
    told: Counter[tuple[int, str]] = Counter()
    for (subject, id_), own in told_of.items():
        if subject == "item":
            told.update({(id_, one.what): 0 for one in own})
            for one in own:
                told[id_, one.what] += int(one.why) if one.what != "added" else 0
    yield from (f"stock {key}: {moved[key]}, told {told[key]}" for key in moved if moved[key] != told[key])


def people(session: Session, told_of: Told) -> Iterator[str]:
    """A member's version is one more than the acts that edited it; each address came with one of them."""
    for member in session.exec(select(Member)):
        own = told_of.get(("member", member.id), [])
        acts = {one.at for one in own if one.what in EDITS}
        if member.version != 1 + len(acts):
            yield f"member {member.id}: version {member.version}, {len(acts)} acts"
        recorded = {one.recorded_at for one in session.exec(select(Residence).where(Residence.member_id == member.id))}
        if len(recorded) > sum(one.what in {"imported", "moved"} for one in own):
            yield f"residences of member {member.id}"


def replacements(session: Session, told_of: Told) -> Iterator[str]:
    for request in session.exec(select(ReplacementRequest)):
        own = {one.what for one in told_of.get(("consignment", request.consignment_id), [])}
        wanted = {"replacement_asked"}
        wanted |= {"replacement_planned"} if request.planned_at else set()
        wanted |= {"replacement_withdrawn"} if request.withdrawn_at else set()
        if not wanted <= own:
            yield f"replacement {request.id}: {wanted - own}"


def test_the_journal_explains_every_row(told: Path) -> None:
    with reading() as session:
        assert unexplained(session, entries(session)) == []
        for model in (Hold, Case, Approval, PrintRun, Receipt, ReplacementRequest, StockMovement, Residence):
            assert session.exec(select(model)).first() is not None, "the story does not touch it"


#: The check is of rows and entries in hand: one database shows that it sees.
@pytest.mark.parametrize("told", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "what",
    [
        "added", "imported", "moved", "planned", "draft", "under_way", "confirmed", "hold no_address", "unhold *",
        "said *", "opened", "resolved", "approval", "approval voided", "print letter", "printed *", "stopped",
        "waybill", "tracking *", "received", "reserved", "released", "issued", "put_back", "written_off",
        "handed_over", "taken_back", "sealed", "replacement_asked", "replacement_planned",
        "replacement_withdrawn", "cancelled", "closed", "not_sent",
    ],
)  # fmt: skip
def test_a_missing_entry_would_be_noticed(told: Path, what: str) -> None:
    with reading() as session:
        all_ = entries(session)
        fewer = {subject: [one for one in own if not fnmatchcase(one.what, what)] for subject, own in all_.items()}
        assert fewer != all_, "nothing in the story says so"
        assert unexplained(session, fewer)


def asked(capfd: pytest.CaptureFixture[str], what: str) -> tuple[str, dict[str, Any]]:
    capfd.readouterr()
    assert main.execute(["journal", what]) == 0
    shown = capfd.readouterr().out
    assert main.execute(["journal", what, "--json"]) == 0
    return shown, json.loads(capfd.readouterr().out)


def test_every_story_can_be_told_and_names_nobody(told: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with reading() as session:
        people = session.exec(select(Member)).all()
        private = {one.name for one in people} | {one.phone[3:] for one in people if one.phone}
        private |= {one.detail for one in session.exec(select(Residence)) if one.detail}
        names = [one.code for one in session.exec(select(Campaign))]
        names += [one.reference for one in session.exec(select(Parcel))][:4]
        names += [one.number for one in session.exec(select(Manifest))][:3]
        names += [f"{LETTERS}-{number:04d}" for number in range(1, 10)]
        ids = [one.id for one in people]
    for what in names:
        shown, data = asked(capfd, what)
        assert shown.count("\n") > 2
        assert not [one for one in private if one in shown + json.dumps(data, ensure_ascii=False)], what
        assert all(one["sentence"].endswith("。") for one in data["entries"])
    for id_ in ids:
        shown, data = asked(capfd, f"M{id_}" if id_ % 2 else str(id_))
        told_after_the_heading = shown.partition("\n")[2]
        assert not [one for one in private if one in told_after_the_heading]
        times = [one["at"] for one in data["entries"]]
        assert times == sorted(times)
        assert "录入台账" in shown


def test_a_campaign_is_told_in_counts(told: Path, capfd: pytest.CaptureFixture[str]) -> None:
    shown, data = asked(capfd, LETTERS)
    assert "系统：准备：可以寄出 6 份，暂缓 3 份。" in shown
    assert "周主任：批准（9 份，不超过 904.50 元）。" in shown
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d  周主任：建立活动。", shown)
    assert not re.search(rf"{LETTERS}-\d{{4}}", shown)
    assert data["kind"] == "campaign"
    assert data["entries"][0]["at"].endswith("+08:00")


def test_the_story_of_one_who_lacked_a_book(told: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with reading() as session:
        asked_for = session.exec(select(ReplacementRequest).order_by(sa.column("id"))).first()
        number = session.get_one(Consignment, asked_for.consignment_id).number
        member = session.get_one(Consignment, asked_for.consignment_id).member_id
    shown, _ = asked(capfd, str(member))
    steps = [
        "登记住址：", "录入台账", f"寄送 {LETTERS}-{number:04d} 列入寄送名单", "编入包裹", "装箱", "交给快递公司",
        "快递消息：快递报告妥投", "答复：有缺少", "发现问题：缺少物品", "登记补寄", "补寄的东西编入包裹",
        "问题办结：缺少物品", "答复：全部收到", "本人确认收到",
    ]  # fmt: skip
    places = [shown.find(step) for step in steps]
    assert -1 not in places
    assert sorted(places) == places


@pytest.mark.parametrize("what", ["没有", "999999", "M0", "33-00001-2", f"{LETTERS}-9999", "99-J001", ""])
def test_what_is_unknown_is_said_in_words(told: Path, capfd: pytest.CaptureFixture[str], what: str) -> None:
    assert main.execute(["journal", what]) == 2
    assert "请写党员编号" in capfd.readouterr().err
