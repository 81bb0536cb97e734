"""Plain lists: found, narrowed, paged, edited with a version, taken along."""

import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import requests
from sqlmodel import Session

from models import AddressStatus, Case, CaseReason, Item, Movement, Organisation, ReportSide, Role, Subject
from qianli.ledger.out import write_xlsx
from qianli.ledger.rowkeys import RowKey
from qianli.stages import lists, member_page
from qianli.stages.importing import import_members
from qianli.stages.listing import Asks
from qianli.stages.undoing_ledgers import LEDGERS
from qianli.stages.unit import reading, today, writing
from qianli.store import journal, members
from qianli.store import lists as rows
from qianli.store.lists import Sought
from qianli.store.scope import Scope
from qianli.testing import NOW, World, add_member, counted, make_world, workspace
from qianli.web.testing import Site, signed_in

ALL = Asks(Scope(None), whole=True, by="user:1", user_id=1)


@pytest.fixture
def agent() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


def _more(session: Session, world: World, size: int) -> None:
    """Something in every list."""
    add_member(session, world, 1)
    for number in range(1000, 1000 + size):
        add_member(session, world, number, status=AddressStatus.incomplete if number % 2 else AddressStatus.exact)
        session.add(Organisation(name=f"支部{number}", parent_id=world.organisation))
        session.add(Item(sku=f"item{number}", name=f"物品{number}", weight_g=10))
        session.add(Movement(
            member_id=world.members[-1], side=ReportSide.home, organisation_id=world.organisation, moved_on=today(),
            written="浙江省义乌市", fingerprint=str(number), source="test", recorded_by="user:1", recorded_at=NOW,
        ))  # fmt: skip
    session.flush()
    for id_ in world.parcels[:size]:
        session.add(Case(
            campaign_id=world.campaign, parcel_id=id_, reason=CaseReason.not_moving, sentence="没有新消息。",
            next_step="问快递公司。", owner="青石镇党委", opened_at=NOW,
        ))  # fmt: skip


def test_every_list_asks_as_often_however_many_there_are(tmp_path: Path) -> None:
    def asked(size: int) -> dict[str, int]:
        (tmp_path / str(size)).mkdir()
        with workspace(tmp_path / str(size)):
            with writing("system") as session:
                world = make_world(session, members=size)
                _more(session, world, size)
            counts = {}
            for name in lists.NOUNS:
                with counted() as statements:
                    lists.look(ALL, name, Sought(whole=True))
                counts[name] = len(statements)
            with counted() as statements:
                member_page.page(ALL, world.members[0])
            return counts | {"member": len(statements)}

    few = asked(3)
    assert few == asked(40)
    assert max(few.values()) <= 16


def test_pages_follow_the_key_and_hold_everybody_once(place: Path) -> None:
    with writing("system") as session:
        world = make_world(session, members=2 * lists.AT_ONCE + 7)
    for name in ("members", "residences"):
        seen, after, pages = list[int](), 0, 0
        while True:
            page = lists.look(ALL, name, Sought(whole=True, after=after))
            seen, pages = seen + [one.key for one in page.lines], pages + 1
            if page.next is None:
                break
            after = page.next
        assert (len(seen), len(set(seen)), pages) == (len(world.members), len(world.members), 3)


def test_what_is_sought_is_found_and_nothing_else(place: Path) -> None:
    with writing("system") as session:
        world = make_world(session)
        add_member(session, world, 4, name="张三%", phone=None)
    find = lambda text, whole=True, **which: [  # noqa: E731
        one.key for one in lists.look(ALL, "members", Sought(text, which, whole=whole)).lines
    ]
    first, last = world.members[0], world.members[-1]
    assert find("张") == [first, last]
    assert find("%") == [last]  # no sign of a pattern
    assert find("0001") == [first]
    assert find("", mark="no_phone") == [last]
    assert find("张", whole=False) == []  # who sees no names cannot feel for them either
    assert find("张伟", whole=False) == [first]
    assert find("0001", whole=False) == []


def test_a_ledger_taken_along_is_noted_and_holds_no_formula(site: Site, agent: requests.Session) -> None:
    csrf = signed_in(site, agent, Role.organiser)
    with writing("system") as session:
        add_member(session, site.world, 4, name="=1+1")
    form = {"csrf": csrf, "mark": ""}
    sent = agent.post(f"{site.url}/console/lists/members/export", data=form, timeout=60)
    table = list(openpyxl.load_workbook(io.BytesIO(sent.content))["党员台账"].values)
    names = [row[table[1].index("姓名")] for row in table[2:]]
    assert names[0] == "张伟"
    assert names[3] == "'=1+1"
    assert table[2][0] == str(RowKey(site.world.members[0], 1))
    with reading() as session:
        entries = journal.entries(session, subject=Subject.user, subject_id=1)
    assert [(one.actor, one.why) for one in entries if one.what == "exported"] == [("user:1", "党员 4 行")]


def test_a_stale_edit_is_refused_in_words(site: Site, agent: requests.Session) -> None:
    csrf, member = signed_in(site, agent, Role.organiser), site.world.members[0]
    here = f"{site.url}/console/members/{member}"
    form = {"csrf": csrf, "version": "1", "name": "张为", "phone": "13912340009"}
    assert "已更正" in agent.post(f"{here}/change", data=form, timeout=60).text
    acts = {"change": form | {"name": "张威"}, "move": form | {"address": "浙江省义乌市稠江街道贝村路 88 号"},
            "verify": form, "deceased": form, "alone": form}  # fmt: skip
    for verb, sent in acts.items():
        answer = agent.post(f"{here}/{verb}", data=sent, timeout=60)
        assert (answer.status_code, "被别人改过" in answer.text) == (409, True), verb
    with reading() as session:
        kept = members.by_ids(session, ids=[member])[member]
        assert (kept.name, kept.phone, kept.version, kept.deceased_on) == ("张为", "+8613912340009", 2, None)
    lists_ = f"{site.url}/console/lists"
    organisation = {"csrf": csrf, "version": "2", "name": "新名称"}
    answer = agent.post(f"{lists_}/organisations/{site.world.organisation}/rename", data=organisation, timeout=60)
    assert (answer.status_code, "被别人改过" in answer.text) == (409, True)


def test_items_are_received_and_corrected_until_a_campaign_uses_them(site: Site, agent: requests.Session) -> None:
    csrf = signed_in(site, agent, Role.organiser)
    with writing("system") as session:
        spare = Item(sku="spare", name="备用", weight_g=10)
        session.add(spare)
        session.flush()
        id_ = spare.key
    here = f"{site.url}/console/lists/items"
    got = agent.post(f"{here}/1/receive", data={"csrf": csrf, "quantity": "30"}, timeout=60)
    assert "现有 30，可用 30" in got.text
    form = {"csrf": csrf, "version": "1", "name": "备用徽章", "weight": "12"}
    assert "物品已改好" in agent.post(f"{here}/{id_}/change", data=form, timeout=60).text
    stale = agent.post(f"{here}/{id_}/change", data=form | {"weight": "13"}, timeout=60)
    assert (stale.status_code, "被别人改过" in stale.text) == (409, True)
    used = agent.post(f"{here}/1/change", data=form, timeout=60)
    assert (used.status_code, "已经用在活动" in used.text) == (409, True)


def _import(name: str) -> int:
    content = write_xlsx(
        [("台账", ["姓名", "出生日期", "现住址"], [[name, "1985-03-12", "浙江省义乌市稠江街道 88 号"]])]
    )
    import_members(content, filename="台账.xlsx", organisation="青石镇党委", by="user:1")
    return LEDGERS.list_imports()[0].id


def test_an_import_is_undone_on_its_page_or_says_what_depends_on_it(site: Site, agent: requests.Session) -> None:
    csrf, id_ = signed_in(site, agent, Role.organiser), _import("赵敏")
    here = f"{site.url}/console/imports/made/{id_}"
    assert "撤销整次导入" in agent.get(here, timeout=60).text
    done = agent.post(f"{here}/undo", data={"csrf": csrf}, timeout=60)
    assert "这次导入已撤销" in done.text
    second = _import("赵敏")
    with reading() as session:
        member = max(one.key for one, _ in rows.members(session, Scope(None), Sought("赵敏")))
    form = {"csrf": csrf, "version": "1", "name": "赵敏", "phone": "13912340009"}
    assert "已更正" in agent.post(f"{site.url}/console/members/{member}/change", data=form, timeout=60).text
    refused = agent.post(f"{site.url}/console/imports/made/{second}/undo", data={"csrf": csrf}, timeout=60)
    assert (refused.status_code, "1 人之后又改过" in refused.text) == (409, True)


def test_no_number_is_too_long_to_be_refused(site: Site, agent: requests.Session) -> None:
    csrf, many = signed_in(site, agent, Role.organiser), "9" * 5_000
    assert agent.get(f"{site.url}/console/lists/members?after={many}", timeout=60).status_code == 200
    form = {"csrf": csrf, "version": many}
    sent = agent.post(f"{site.url}/console/members/{site.world.members[0]}/verify", data=form, timeout=60)
    assert sent.status_code == 409
    assert "请返回重新填写" in sent.text
