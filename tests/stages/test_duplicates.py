"""One person in the ledger twice: found, held, merged, taken apart again; and two people who only look alike."""

import time
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from sqlmodel import select

from models import (
    CampaignState,
    Consignment,
    HoldReason,
    Item,
    Member,
    Movement,
    Organisation,
    Parcel,
    ParcelStage,
    Receipt,
    Residence,
    Said,
    SaidVia,
    Snapshot,
)
from models.base import metadata
from qianli.cli import main
from qianli.errors import Conflict, NotFound, RuleBroken
from qianli.ledger.rowkeys import RowKey
from qianli.stages import duplicates, manifests, merging, packing, plan
from qianli.stages.approve import approve
from qianli.stages.held import holds
from qianli.stages.importing import import_members
from qianli.stages.members import list_members
from qianli.stages.receipts import record_by_member
from qianli.stages.steps import run_inline
from qianli.stages.unit import reading, writing
from qianli.store import stock
from qianli.testing import NOW, World, add_member, counted, make_world

pytestmark = pytest.mark.slow

CODE, BY = "TEST-2027", "user:test"
BORN, JOINED = date(1985, 3, 12), date(2008, 7, 1)


class Twice:
    """张伟 stands in two branches; the second one's record has another phone, a newer address and more to tell."""

    def __init__(self) -> None:
        with writing(BY) as session:
            self.world: World = make_world(session, members=0, state=CampaignState.draft, stage=None)
            branch = Organisation(name="云岭村党支部", parent_id=self.world.organisation)
            session.add(branch)
            session.flush()
            add_member(session, self.world, 1, born_on=BORN, joined_on=JOINED)
            add_member(session, self.world, 2)
            add_member(
                session, self.world, 3, name="张伟", born_on=BORN, organisation_id=branch.key, occupation="电工",
                reported_on=date(2026, 11, 1), details={"gender": "男"},
            )  # fmt: skip
            for item in session.exec(select(Item).where(Item.kind == "stock")):
                stock.receive(session, item_id=item.key, quantity=20)
        self.kept, self.else_, self.gone = self.world.members

    def prepare(self) -> None:
        run_inline("prepare_campaign", self.world.campaign)

    def reasons(self) -> dict[int, HoldReason]:
        return {one.member_id: one.reason for one in holds(CODE)}

    def send(self) -> None:
        approve(CODE, by="user:boss", amount_fen=10**6)
        for shard in plan.shards_to_plan(self.world.campaign):
            plan.run(shard)
        with writing(BY) as session:
            session.execute(sa.update(Parcel).values(stage=ParcelStage.printed))
        packing.pack_all(CODE, by=BY)
        for one in manifests.seal(CODE, by=BY):
            manifests.hand_over(one.number, count=one.parcels, left=[], by=BY)

    def states(self) -> dict[int, tuple[int | None, str]]:
        """Number → whose it is, and its state."""
        with reading() as session:
            return {one.number: (one.member_id, one.state.value) for one in session.exec(select(Consignment))}


@pytest.fixture
def twice(place: Path) -> Twice:
    return Twice()


#: Written anew by every act; what is left must be as it was.
ASIDE = {"journal_entry", "member_merge", "shard", "hold"}


def rows() -> dict[str, list[dict[str, Any]]]:
    """Every row that says something of members, without versions, moments, and reports that do not count any more."""
    with reading() as session:
        found = {}
        for table in metadata.sorted_tables:
            if table.name in ASIDE:
                continue
            query = sa.select(table).order_by(table.c.id)
            if table.name == "residence":
                query = query.where(table.c.superseded_at.is_(None))
            skipped = {"version", "updated_at"}
            found[table.name] = [
                {name: value for name, value in row.items() if name not in skipped}
                for row in session.execute(query).mappings()
            ]
        return found


def test_it_is_shown_with_the_evidence(twice: Twice, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [pair] = duplicates.list_pairs(organisation="青石镇党委/云岭村党支部")
    assert (pair.one.id, pair.other.id, pair.verdict) == (twice.kept, twice.gone, "很可能是同一人")
    assert (pair.agrees, pair.differs) == (("姓名", "出生日期"), ("电话", "住址"))
    assert pair.one.phone.startswith("139***")
    path = tmp_path / "pairs.xlsx"
    assert main.execute(["member", "duplicates", "--xlsx", str(path)]) == 0
    said = capsys.readouterr().out
    assert all(part in said for part in ("可能一人两条（1 对）", "很可能", "member merge"))
    assert "+86" not in said
    table = list(openpyxl.load_workbook(path).active.iter_rows(min_row=3, values_only=True))
    assert [row[4] for row in table] == [str(RowKey(twice.kept, 1))]


def test_both_are_held_until_somebody_decides(twice: Twice) -> None:
    twice.prepare()
    assert twice.reasons() == dict.fromkeys((twice.kept, twice.gone), HoldReason.duplicate_person)
    assert duplicates.mark_distinct(str(twice.gone), str(twice.kept), by=BY) is True
    assert duplicates.mark_distinct(str(twice.kept), str(twice.gone), by=BY) is False
    twice.prepare()
    assert twice.reasons() == {}
    assert duplicates.list_pairs() == []
    with pytest.raises(RuleBroken, match="两个人"):
        merging.merge(str(twice.kept), str(twice.gone), by=BY)
    duplicates.mark_distinct(str(twice.kept), str(twice.gone), undo=True, by=BY)
    assert len(duplicates.list_pairs()) == 1


def test_merged_nobody_gets_two_and_undone_everything_is_as_it_was(twice: Twice) -> None:
    twice.prepare()
    told = {"moved_on": date(2026, 10, 1), "source": "表", "recorded_by": BY, "recorded_at": NOW}
    with writing(BY) as session:
        for whose, said in ((twice.kept, "both"), (twice.gone, "both"), (twice.gone, "one")):
            session.add(Movement(member_id=whose, organisation_id=twice.world.organisation, fingerprint=said, **told))
    before = rows()
    done = merging.merge(str(twice.kept), str(twice.gone), by=BY)
    assert [one["member_id"] for one in rows()["movement"]] == [twice.kept, twice.gone, twice.kept]
    assert (done.learnt, done.address) == (("职业",), True)
    twice.prepare()
    assert twice.states() == {1: (twice.kept, "ready"), 2: (twice.else_, "ready"), 3: (twice.gone, "held")}
    (one,) = holds(CODE)
    assert "已并入" in one.sentence
    with reading() as session:
        kept = session.get_one(Member, twice.kept)
        assert (kept.occupation, kept.details) == ("电工", {"gender": "男"})
        snapshot = session.get_one(Snapshot, session.get_one(Consignment, 1).snapshot_id)
        assert snapshot.province == "新疆维吾尔自治区"  # the newer address of the two
    assert merging.merge(str(twice.kept), str(twice.gone), by=BY).already
    assert [line.id for line in list_members()] == [twice.kept, twice.else_]
    undone = merging.unmerge(str(twice.gone), by=BY)
    assert undone.address
    again = rows()
    held_again = {name: some for name, some in again.items() if name not in ("consignment", "snapshot")}
    assert held_again == {name: before[name] for name in held_again} | {"residence": again["residence"]}
    assert [(one["member_id"], one["written"]) for one in again["residence"]] == [
        (one["member_id"], one["written"]) for one in before["residence"]
    ]
    duplicates.mark_distinct(str(twice.kept), str(twice.gone), by=BY)
    twice.prepare()
    assert {state for _, state in twice.states().values()} == {"ready"}


def test_what_was_sent_stays_and_receipts_live_on(twice: Twice) -> None:
    """The other record's parcel is with the courier, the kept one's is only held: the one that went is the person's."""
    duplicates.mark_distinct(str(twice.kept), str(twice.gone), by=BY)
    with writing(BY) as session:
        session.execute(sa.update(Member).where(Member.id == twice.kept).values(phone=None))
    twice.prepare()
    twice.send()
    record_by_member(CODE, f"{CODE}-0003", said=Said.all_here, via=SaidVia.phone, by=BY)
    duplicates.mark_distinct(str(twice.kept), str(twice.gone), undo=True, by=BY)
    before = twice.states()
    done = merging.merge(str(twice.kept), str(twice.gone), by=BY)
    assert done.learnt == ("电话", "职业")
    assert twice.states()[3] == (twice.kept, "confirmed")
    assert twice.states()[1] == (twice.gone, "held")
    with reading() as session:
        assert len(session.exec(select(Receipt)).all()) == 1
        assert session.get_one(Member, twice.kept).phone is not None
    twice.prepare()
    assert twice.states()[1] == (twice.gone, "held")  # the phone is known now, and still nobody gets two
    merging.unmerge(str(twice.gone), by=BY)
    assert {number: owner for number, (owner, _) in twice.states().items()} == {
        number: owner for number, (owner, _) in before.items()
    }
    with reading() as session:
        assert session.get_one(Member, twice.kept).phone is None


def test_what_was_packed_for_the_second_record_is_void(twice: Twice) -> None:
    duplicates.mark_distinct(str(twice.kept), str(twice.gone), by=BY)
    twice.prepare()
    approve(CODE, by="user:boss")
    for shard in plan.shards_to_plan(twice.world.campaign):
        plan.run(shard)
    duplicates.mark_distinct(str(twice.kept), str(twice.gone), undo=True, by=BY)
    done = merging.merge(str(twice.kept), str(twice.gone), by=BY)
    assert (done.withheld.held, len(done.withheld.parcels)) == (("TEST-2027-0003",), 1)
    assert twice.states()[1] == (twice.kept, "under_way")
    with reading() as session:
        assert stock.outstanding(session, consignment_ids=[3]) == {}


def test_addresses_reported_since_stay(twice: Twice) -> None:
    merging.merge(str(twice.kept), str(twice.gone), by=BY)
    content = (
        f"行标识,姓名,现居住地址,地址更新日期\n{RowKey(twice.kept, 2)},,浙江省杭州市西湖区文三路 9 号,2026-11-20\n"
    )
    result = import_members(content.encode(), filename="a.csv", organisation="青石镇党委", by=BY)
    assert (result.changed, result.rejected) == (1, [])
    assert merging.unmerge(str(twice.gone), by=BY).address is False
    with reading() as session:
        mine = select(Residence).where(Residence.member_id == twice.kept, Residence.superseded_at.is_(None))
        assert "杭州市" in {one.city for one in session.exec(mine)}


def test_a_row_of_the_merged_record_goes_back_to_a_person_if_it_says_anything_new(twice: Twice) -> None:
    merging.merge(str(twice.kept), str(twice.gone), by=BY)
    known = "姓名,出生日期,职业\n张伟,1985-03-12,电工\n".encode()
    new = "姓名,出生日期,职业\n张伟,1985-03-12,厨师\n".encode()
    where = {"filename": "b.csv", "organisation": "青石镇党委/云岭村党支部", "by": BY}
    assert (import_members(known, **where).unchanged, import_members(known, **where).rejected) == (1, [])
    [problem] = import_members(new, **where).rejected
    assert f"编号 {twice.kept}" in problem.reason


def test_stale_and_odd_requests_are_refused_in_words(twice: Twice) -> None:
    with pytest.raises(Conflict):
        merging.merge(str(RowKey(twice.kept, 9)), str(twice.gone), by=BY)
    with pytest.raises(NotFound, match="没有并入"):
        merging.unmerge(str(twice.gone), by=BY)
    merging.merge(str(RowKey(twice.kept, 1)), str(RowKey(twice.gone, 1)), by=BY)
    with pytest.raises(RuleBroken, match="unmerge"):
        merging.merge(str(twice.gone), str(twice.else_), by=BY)
    merging.merge(str(twice.else_), str(twice.kept), by=BY)  # on to a third: who led to the second leads there
    with reading() as session:
        assert session.get_one(Member, twice.gone).merged_into_id == twice.else_
    with pytest.raises(RuleBroken, match="后来又并入"):
        merging.unmerge(str(twice.gone), by=BY)
    merging.unmerge(str(twice.kept), by=BY)
    merging.unmerge(str(twice.gone), by=BY)
    with reading() as session:
        assert {one.merged_into_id for one in session.exec(select(Member))} == {None}


def people(number: int, count: int) -> list[dict[str, Any]]:
    """Of so many members one in a hundred stands there twice."""
    who = [one % (count * 99 // 100) for one in range(count)]
    shared = {"organisation_id": 1, "details": {}, "do_not_contact": False, "created_at": NOW, "updated_at": NOW}
    return [
        {
            **shared, "version": 1, "name": f"党员{number}{one}", "born_on": date(1960 + one % 40, 1, 1),
            "joined_on": date(2000, 1, 1 + one % 28), "phone": f"+86139{number}{place:07d}",
        }
        for place, one in enumerate(who)
    ]  # fmt: skip


def test_many_are_looked_through_in_the_same_statements(place: Path) -> None:
    def statements() -> int:
        with counted() as sent:
            duplicates.list_pairs()
        return len(sent)

    found = list[int]()
    with writing(BY) as session:
        session.add(Organisation(name="青石镇党委"))
        session.flush()
    for number, count in enumerate((200, 4000)):
        with writing(BY) as session:
            session.execute(sa.insert(Member), people(number, count))
        found.append(statements())
    assert found[0] == found[1]


def test_sixty_thousand_are_looked_through_in_seconds(place: Path) -> None:
    with writing(BY) as session:
        session.add(Organisation(name="青石镇党委"))
        session.flush()
        session.execute(sa.insert(Member), people(1, 60_000))
    began = time.process_time()
    duplicates.list_pairs()
    assert time.process_time() - began < 20
