"""Every reason that holds a consignment: one member's cause holds that one only, and mended, that one only goes on."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from models import (
    AddressStatus,
    Campaign,
    CampaignState,
    Consignment,
    HoldReason,
    Item,
    JournalEntry,
    LetterText,
    Member,
    Parcel,
    ParcelStage,
    Residence,
    Subject,
)
from qianli.ledger.rowkeys import RowKey
from qianli.stages import manifests, member_marks, packing, plan, refusing, rehearse, taking_back
from qianli.stages.approve import approve
from qianli.stages.held import Held, holds
from qianli.stages.importing import import_members
from qianli.stages.steps import run_inline
from qianli.stages.unit import reading, today, writing
from qianli.store import stock
from qianli.testing import World, add_member, make_world

CODE, BY = "TEST-2027", "user:test"
ADDRESS = "福建省泉州市晋江市青阳街道崇德路 210 号"
#: Held by causes that have stories of their own.
TOLD_ELSEWHERE = {
    HoldReason.conflicting_reports, HoldReason.suspect_after_return, HoldReason.does_not_fit,
    HoldReason.duplicate_person, HoldReason.layout_failed, HoldReason.moved_since, HoldReason.address_unanswered,
    HoldReason.no_contact,
}  # fmt: skip


class Tale:
    """Three members; trouble comes to the second, or to the last where there is not enough for all."""

    def __init__(self) -> None:
        with writing(BY) as session:
            self.world: World = make_world(session, members=0, state=CampaignState.draft, stage=None)
            for number in (1, 2, 3):
                add_member(session, self.world, number, recorded_at=datetime(2026, 10, 1, tzinfo=UTC))
            for item in session.exec(select(Item).where(Item.kind == "stock")):
                stock.receive(session, item_id=item.key, quantity=20)

    def change(self, model: type, where: object, **values: object) -> None:
        with writing(BY) as session:
            session.execute(sa.update(model).where(where).values(**values))

    def member(self, **values: object) -> None:
        self.change(Member, sa.column("id") == self.world.members[1], **values)

    def home(self, **values: object) -> None:
        self.change(Residence, sa.column("member_id") == self.world.members[1], **values)

    def row(self, **cells: str) -> None:
        """The second member's row of a ledger that went out, corrected and sent back."""
        with reading() as session:
            member = session.get_one(Member, self.world.members[1])
            titles = ["行标识", "姓名", *cells]
            values = [str(RowKey(member.key, member.version)), "" if "姓名" in cells else member.name, *cells.values()]
        if "姓名" in cells:
            del titles[1], values[1]
        content = f"{','.join(titles)}\n{','.join(values)}\n".encode()
        result = import_members(content, filename="back.csv", organisation="青石镇党委", by=BY)
        assert (result.changed, result.rejected) == (1, [])

    def prepare(self) -> None:
        run_inline("prepare_campaign", self.world.campaign)

    def plan(self) -> None:
        for shard in plan.shards_to_plan(self.world.campaign):
            plan.run(shard)

    def sent(self) -> None:
        """All three are approved, planned, packed and with the courier."""
        self.prepare()
        approve(CODE, by="user:boss", amount_fen=100_000)
        self.plan()
        self.change(Parcel, sa.true(), stage=ParcelStage.printed)
        packing.pack_all(CODE, by=BY)
        for one in manifests.seal(CODE, by=BY):
            manifests.hand_over(one.number, count=one.parcels, left=[], by=BY)

    def reference(self) -> str:
        with reading() as session:
            return session.exec(select(Parcel).order_by(Parcel.sequence)).all()[1].reference

    def taken_back(self) -> None:
        self.sent()
        taking_back.take_back(self.reference(), put_back=True, by=BY)

    def refused(self) -> None:
        self.prepare()
        approve(CODE, by="user:boss", amount_fen=100_000)
        self.plan()
        done = refusing.refuse([self.reference()], reason="禁寄目录内", by=BY)
        assert (done.held, len(done.parcels)) == (("TEST-2027-0002",), 1)
        with reading() as session:
            assert stock.outstanding(session, consignment_ids=[2]) == {}

    def short(self) -> None:
        with writing(BY) as session:
            session.execute(sa.text("UPDATE stock_movement SET quantity = 2"))
        self.prepare()
        approve(CODE, by="user:boss")

    def received(self) -> None:
        with writing(BY) as session:
            for item in session.exec(select(Item).where(Item.kind == "stock")):
                stock.receive(session, item_id=item.key, quantity=1)

    def approved_for_two(self) -> None:
        self.prepare()
        approve(CODE, by="user:boss", limit=2)

    def letter_asks_for_more(self) -> None:
        self.change(LetterText, sa.true(), body="您自{离乡时间}离乡。")
        self.member(away_since=None)


Act = Callable[[Tale], object]
R = HoldReason
STORIES: dict[HoldReason, tuple[Act, Act]] = {
    R.no_address: (
        lambda tale: tale.home(superseded_at=sa.func.current_timestamp()),
        lambda tale: tale.row(现居住地址=ADDRESS, 地址更新日期="2026-11-01"),
    ),
    R.incomplete_address: (
        lambda tale: tale.home(status=AddressStatus.incomplete, written="晋江市"),
        lambda tale: tale.row(现居住地址=ADDRESS),
    ),
    R.ambiguous_address: (
        lambda tale: tale.home(status=AddressStatus.ambiguous, written="朝阳区 1 号"),
        lambda tale: tale.row(现居住地址=ADDRESS),
    ),
    R.stale_address: (
        lambda tale: tale.home(reported_on=date(2025, 1, 10), written=ADDRESS),
        lambda tale: tale.row(现居住地址=ADDRESS, 地址更新日期="2026-11-01"),
    ),
    R.no_phone: (lambda tale: tale.member(phone=None), lambda tale: tale.row(手机号="13912345678")),
    R.bad_phone: (
        lambda tale: tale.member(phone=None, phone_written="139"),
        lambda tale: tale.row(手机号="13912345678"),
    ),
    R.do_not_contact: (
        lambda tale: member_marks.mark_do_not_contact(str(tale.world.members[1]), by=BY),
        lambda tale: member_marks.mark_do_not_contact(str(tale.world.members[1]), undo=True, by=BY),
    ),
    R.missing_value: (Tale.letter_asks_for_more, lambda tale: tale.row(外出时间="2020-07-01")),
    R.glyph_missing: (lambda tale: tale.member(name="张\U0003fffd"), lambda tale: tale.row(姓名="张三")),
    R.out_of_stock: (Tale.short, Tale.received),
    R.over_approval: (Tale.approved_for_two, lambda _: approve(CODE, by="user:boss")),
    R.taken_back: (Tale.taken_back, lambda tale: tale.row(现居住地址=ADDRESS, 地址更新日期=str(today()))),
    R.not_served_by_courier: (
        lambda tale: tale.home(
            written="日本东京都港区芝公园 4-2-8", province=None, city=None, district=None,
            status=AddressStatus.incomplete,
        ),
        lambda tale: tale.row(现居住地址=ADDRESS),
    ),
    R.refused_by_courier: (Tale.refused, lambda _: refusing.release(["TEST-2027-0002"], by=BY)),
}  # fmt: skip


@pytest.fixture
def tale(place: Path) -> Tale:
    return Tale()


def held() -> list[Held]:
    return holds(CODE)


def seen() -> dict[int, tuple[object, ...]]:
    """Consignment number → its state, its snapshot and how many lines its story has."""
    with reading() as session:
        entries = select(JournalEntry.subject_id).where(JournalEntry.subject == Subject.consignment)
        told = list(session.exec(entries))
        rows = session.exec(select(Consignment).order_by(Consignment.number))
        return {one.number: (one.state.value, one.snapshot_id, told.count(one.key)) for one in rows}


@pytest.mark.parametrize("reason", STORIES)
def test_one_is_held_and_that_one_only_goes_on(tale: Tale, reason: HoldReason) -> None:
    cause, mend = STORIES[reason]
    cause(tale)
    tale.prepare()
    (one,) = held()
    assert one.reason is reason
    before = seen()
    trouble = int(one.number.rpartition("-")[2])
    mend(tale)
    tale.prepare()
    after = seen()
    assert held() == []
    assert after.pop(trouble)[0] == "ready"
    del before[trouble]
    assert after == before


def test_what_is_too_heavy_for_all_waits_and_goes_together(tale: Tale) -> None:
    tale.change(Item, Item.sku == "book", weight_g=30_000)
    tale.prepare()
    assert {one.reason for one in held()} == {HoldReason.too_heavy}
    tale.change(Item, Item.sku == "book", weight_g=120)
    tale.prepare()
    assert {state for state, *_ in seen().values()} == {"ready"}


def test_who_has_died_is_held_on_the_way_out_and_asked_for_by_no_list(tale: Tale) -> None:
    tale.prepare()
    approve(CODE, by="user:boss")
    tale.plan()
    done = member_marks.mark_deceased(str(tale.world.members[1]), on=date(2026, 11, 2), by=BY)
    assert done.withheld.held == ("TEST-2027-0002",)
    assert len(done.withheld.parcels) == 1
    (one,) = held()
    assert one.reason is HoldReason.deceased
    assert member_marks.mark_deceased(str(tale.world.members[1]), on=date(2026, 11, 2), by=BY).changed is False
    with writing(BY) as session:
        add_member(session, tale.world, 4, deceased_on=date(2026, 1, 1))
    tale.prepare()
    before = seen()
    assert list(before) == [1, 2, 3]  # who died before is on no list at all
    with reading() as session:
        campaign = session.get_one(Campaign, tale.world.campaign)
        assert rehearse.left_out(session, campaign) == ["台账登记已去世的 2 人不列入名单，不寄也不联系。"]
    member_marks.mark_deceased(str(tale.world.members[1]), on=None, undo=True, by=BY)
    tale.prepare()
    after = seen()
    assert after.pop(2)[0] == "ready"
    del before[2]
    assert after == before


def test_a_ledger_says_that_somebody_died(tale: Tale) -> None:
    tale.prepare()
    tale.row(去世日期="2026-11-02")
    (one,) = held()
    assert one.reason is HoldReason.deceased
    with reading() as session:
        assert session.get_one(Campaign, tale.world.campaign).state is CampaignState.prepared


def test_every_reason_has_its_story() -> None:
    assert STORIES.keys() | TOLD_ELSEWHERE | {HoldReason.too_heavy, HoldReason.deceased} == set(HoldReason)
