"""Who of the staff sees to a case: of its organisation or one above, by name, and until they leave."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import select

from models import Case, CaseReason, JournalEntry, Organisation, Role, Subject
from qianli.cli import main
from qianli.errors import BadInput, NotFound
from qianli.stages import case_hands, cases, users
from qianli.stages.unit import reading, writing
from qianli.store import case_lists
from qianli.store import cases as rows
from qianli.store.scope import Scope
from qianli.testing import NOW, counted, make_world
from qianli.web.console.who import MAY

PASSWORD = "correct horse battery"  # noqa: S105 - of no one
BY = "user:root"


@dataclass(frozen=True)
class House:
    """District over committee over branch; the case is the committee's. Ids of users by login."""

    case: int
    organisation: int
    ids: dict[str, int]


@pytest.fixture
def house(place: Path) -> House:
    with writing(BY) as session:
        world = make_world(session)
        district = Organisation(name="区委")
        session.add(district)
        session.flush()
        committee = session.get_one(Organisation, world.organisation)
        committee.parent_id = district.key
        session.add_all([committee, Organisation(name="第一支部", parent_id=committee.key)])
        new = rows.NewCase(world.campaign, CaseReason.lost, "句。", "步。", "青石镇党委", parcel_id=world.parcels[0])
        (case,) = rows.open_many(session, cases=[new], at=NOW)
    people = {
        "root": (Role.administrator, None), "district": (Role.organiser, "区委"), "li": (Role.organiser, "青石镇党委"),
        "below": (Role.organiser, "第一支部"), "reader": (Role.reader, "青石镇党委"), "gone": (Role.organiser, "区委"),
    }  # fmt: skip
    ids = {
        login: users.add(login, name=f"名{login}", role=role, organisation=home, password=PASSWORD, by=BY)
        for login, (role, home) in people.items()
    }
    users.disable("gone", by=BY)
    return House(case, world.organisation, ids)


def story(case: int) -> list[tuple[str, str]]:
    with reading() as session:
        told = select(JournalEntry).where(JournalEntry.subject == Subject.case, JournalEntry.subject_id == case)
        return [(one.what, one.why) for one in session.exec(told.order_by(JournalEntry.id))]  # type: ignore[arg-type]


def test_whose_business_cases_are_may_have_them() -> None:
    assert {role for role, acts in MAY.items() if "cases" in acts} == set(case_hands.ROLES)


def test_given_to_who_is_of_it_or_above_and_to_no_other(house: House) -> None:
    for login in ("below", "reader"):
        with pytest.raises(BadInput, match="上级组织"):
            case_hands.assign(Scope(None), [house.case], to=login, by=BY)
    for login in ("gone", "nobody"):
        with pytest.raises(NotFound, match="user list"):
            case_hands.assign(Scope(None), [house.case], to=login, by=BY)
    with pytest.raises(NotFound, match="case list"):
        case_hands.assign(Scope(house.organisation + 2), [house.case], to="li", by=BY)
    for login in ("root", "district", "li"):
        assert case_hands.assign(Scope(None), [house.case], to=login.upper(), by=BY) == 1
        assert case_hands.assign(Scope(None), [house.case], to=login, by=BY) == 0
        (view,) = cases.list_cases()
        assert (view.owner, view.login, view.assignee) == ("青石镇党委", login, f"名{login}")
    assert story(house.case)[1:] == [("given", "root"), ("given", "district"), ("given", "li")]
    assert case_hands.assign(Scope(None), [house.case], to=None, by=BY) == 1
    assert cases.list_cases()[0].assignee is None


def test_one_takes_it_finds_it_and_leaves_it(house: House) -> None:
    me = house.ids["li"]
    assert case_hands.take(Scope(house.organisation), house.case, user_id=me, by=f"user:{me}")
    assert not case_hands.take(Scope(house.organisation), house.case, user_id=me, by=f"user:{me}")
    with reading() as session:
        assert len(case_lists.listed(session, whose=me)) == len(case_lists.listed(session, owner="名li")) == 1
        assert case_lists.listed(session, nobodys=True) == case_lists.listed(session, whose=house.ids["root"]) == []
    users.disable("li", by=BY)
    assert story(house.case)[1:] == [("taken", ""), ("freed", "")]
    with reading() as session:
        assert session.exec(select(Case.assignee_id)).all() == [None]
        assert len(case_lists.listed(session, nobodys=True)) == 1


def test_at_the_command_line(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.execute(["case", "assign", str(house.case), "--to", "district"]) == 0
    assert "已定由 district 办，1 件有变化" in capsys.readouterr().out
    assert main.execute(["case", "list"]) == 0
    assert "名district" in capsys.readouterr().out
    assert main.execute(["case", "assign", "99", "--to", "district"]) == 2
    assert "没有编号为 99" in capsys.readouterr().err


def test_who_may_is_one_statement(house: House) -> None:
    with reading() as session:
        listed = case_lists.listed(session)
    with counted() as sent:
        found = case_hands.able(listed)
    assert list(found[house.case]) == ["district", "li", "root"]
    assert len([one for one in sent if one.startswith(("SELECT", "WITH"))]) == 1
