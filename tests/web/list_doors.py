"""Every list, form and export as one role of one branch: for the test that tries every route as every role."""

import re
from uuid import uuid4

import requests
from sqlmodel import select

from models import Contribution, LedgerImport, MovementImport, Programme, Role, StudyColumn, StudyItem, StudyState
from qianli.stages.lists import NOUNS
from qianli.stages.member_page import ACTS
from qianli.stages.unit import writing
from qianli.testing import NOW
from qianli.web.console.consignments import WHOLE
from qianli.web.console.who import MAY
from qianli.web.testing import Site

GLOBAL = {"items", "kits"}


def try_lists(site: Site, browser: requests.Session, role: Role, token: dict[str, str], *, inside: bool) -> None:
    """Another branch's rows are not there, nor can they be changed; who may not change things is told so."""
    member = site.world.members[0]
    made = f"{site.url}/console/imports/made/{_import(site)}"
    assert browser.get(made, timeout=60).status_code == (200 if inside else 404)
    undone = browser.post(f"{made}/undo", data=token, timeout=60)
    assert undone.status_code == (404 if not inside else 409 if "import" in MAY[role] else 403)
    moved = f"{site.url}/console/imports/movements/{_movements(site)}"
    assert browser.get(moved, timeout=60).status_code == (200 if inside else 404)
    undone = browser.post(f"{moved}/undo", data=token, timeout=60)
    assert undone.status_code == (404 if not inside else 409 if "import" in MAY[role] else 403)
    assert browser.get(f"{site.url}/console/more", timeout=60).status_code == 200
    for name, noun in NOUNS.items():
        here = f"{site.url}/console/lists/{name}"
        page = browser.get(here, timeout=60)
        assert page.status_code == (404 if noun.everywhere else 200), name
        if name in ("members", "residences"):
            assert ("13912340001" in page.text or "崇德路" in page.text) is (inside and role in WHOLE), name
        for verb, act in noun.acts.items():
            key = member * 2**31 + site.world.members[1] if name == "duplicates" else member
            answer = browser.post(f"{here}/{key}/{verb}", data={**token, "version": "99", "name": "某某"}, timeout=60)
            done = {200} if verb in ("distinct", "claim", "take") and inside else {404, 409}
            allowed = done if act.may in MAY[role] else {403}
            assert answer.status_code in ({404} if noun.everywhere else allowed), (name, verb, answer.status_code)
            if not inside and name not in GLOBAL and act.may in MAY[role]:
                assert answer.status_code == 404, (name, verb)
        answer = browser.post(f"{here}/export", data=token, timeout=60)
        expected = 404 if noun.everywhere else 200 if "export" in MAY[role] else 403
        assert answer.status_code == expected, name
    _try_programmes(site, browser, role, token, inside=inside)
    page = browser.get(f"{site.url}/console/members/{member}", timeout=60)
    assert page.status_code == (200 if inside else 404)
    assert ("张伟" in page.text) is (inside and role in WHOLE)
    for verb, act in ACTS.items():
        answer = browser.post(f"{site.url}/console/members/{member}/{verb}", data=token, timeout=60)
        expected = {404} if not inside else {404, 409} if act.may in MAY[role] else {403}
        assert answer.status_code in expected, verb


def _try_programmes(site: Site, browser: requests.Session, role: Role, token: dict[str, str], *, inside: bool) -> None:
    """A programme is for its own tree; what members said, for those who call them."""
    said = _said(site)
    here = f"{site.url}/console/programmes"
    assert ("党史学习" in browser.get(here, timeout=60).text) is inside
    page = browser.get(f"{here}/DSXX", timeout=60)
    assert page.status_code == (200 if inside else 404)
    assert ("想给村小捐书" in page.text) is ("张伟" in page.text) is (inside and "calls" in MAY[role])
    read = re.search(r'name="read" value="(\w+)"', page.text)
    form = {**token, "contribution": str(said), "read": read[1] if read else ""}
    answer = browser.post(f"{here}/DSXX", data=form, timeout=60)
    assert answer.status_code == ((200 if "calls" in MAY[role] else 403) if inside else 404)
    for act, needed in (("open", "calls"), ("links", "export"), ("close", "calls"), ("links", "export")):
        answer = browser.post(f"{here}/DSXX/page", data={**token, "do": act}, timeout=60)
        assert answer.status_code in (((200, 409) if needed in MAY[role] else (403,)) if inside else (404,)), act
    _try_items(f"{here}/DSXX/items", browser, role, token, inside=inside)


def _try_items(here: str, browser: requests.Session, role: Role, token: dict[str, str], *, inside: bool) -> None:
    """What stands on members' pages is the business of whoever runs the programme."""
    assert browser.get(here, timeout=60).status_code == (200 if inside else 404)
    table = "栏目,标题,正文\n季度讨论,谈谈家乡,想一想\n别的,错的,没有\n".encode()
    answer = browser.post(here, data=token, files={"file": ("a.csv", table)}, timeout=60)
    assert answer.status_code == ((200 if "import" in MAY[role] else 403) if inside else 404)
    form = {**token, "item": "1", "reason": "有错字"}
    answer = browser.post(f"{here}/withdraw", data=form, timeout=60)
    assert answer.status_code == ((200 if "import" in MAY[role] else 403) if inside else 404)


def _said(site: Site) -> int:
    """A programme of the inner branch, and what its first member says in a discussion."""
    with writing("system") as session:
        programme = session.exec(select(Programme)).first()
        if programme is None:
            programme = Programme(code="DSXX", name="党史学习", organisation_id=site.world.organisation, created_at=NOW)
            session.add(programme)
            session.flush()
            session.add(StudyColumn(programme_id=programme.key, position=1, name="季度讨论", discussion=True))
            session.flush()
        column = session.exec(select(StudyColumn)).one()
        item = StudyItem(column_id=column.key, title=f"讨论{uuid4().hex}"[:30], text="谈谈。", planned_on=NOW.date(),
                         state=StudyState.published, published_at=NOW)  # fmt: skip
        session.add(item)
        session.flush()
        row = Contribution(item_id=item.key, member_id=site.world.members[0], text="想给村小捐书", written_at=NOW)
        session.add(row)
        session.flush()
        return row.key


def _import(site: Site) -> int:
    """An import into the inner branch whose rows are forgotten."""
    with writing("system") as session:
        row = LedgerImport(
            organisation_id=site.world.organisation, filename="a.xlsx", imported_at=NOW, imported_by="user:1"
        )
        session.add(row)
        session.flush()
        return row.key


def _movements(site: Site) -> int:
    """A list of movements of the inner branch whose reports are gone."""
    with writing("system") as session:
        row = MovementImport(
            organisation_id=site.world.organisation, filename="a.xlsx", imported_at=NOW, imported_by="user:1", added=1
        )
        session.add(row)
        session.flush()
        return row.key


DOORS = {
    "/console/more", "/console/lists/{name}", "/console/lists/{name}/export", "/console/lists/{name}/{key}/{verb}",
    "/console/imports/made/{import_id}", "/console/imports/made/{import_id}/undo",
    "/console/imports/movements/{import_id}", "/console/imports/movements/{import_id}/undo",
    "/console/members/{member_id}", "/console/members/{member_id}/{verb}",
    "/console/programmes", "/console/programmes/{code}",
    "/console/programmes/{code}/page", "/console/programmes/{code}/items", "/console/programmes/{code}/items/withdraw",
}  # fmt: skip
