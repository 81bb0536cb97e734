"""What was sent to whom, what became of it; what is not known is settled with one tap, within one's own branch."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests
from sqlmodel import select

from models import Case, CaseReason, Message, MessagePurpose, Organisation, Role
from qianli.errors import NotFound
from qianli.stages import lists, message_cases
from qianli.stages.listing import Asks
from qianli.stages.unit import now, reading, writing
from qianli.store.scope import Scope
from qianli.web.testing import Site, signed_in

SENT, FAILED, UNCLEAR, WAITING = range(1, 5)


@pytest.fixture
def agent() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


@pytest.fixture
def sent(site: Site) -> Site:
    """One of each, and one of another campaign."""
    became: list[dict[str, Any]] = [
        {"asked_at": now(), "answered_at": now()},
        {"asked_at": now(), "failed_at": now(), "failure_kind": "blocked"},
        {"asked_at": now(), "unclear_at": now()},
        {"due_at": now() + timedelta(days=1)},
        {"campaign_id": None, "consignment_id": None, "member_id": None},
    ]
    with writing("system") as session:
        for place, more in enumerate(became):
            row = {
                "sending_key": f"TEST-2027-{place + 1:04d}-1", "purpose": MessagePurpose.follow_up,
                "organisation_id": site.world.organisation, "campaign_id": site.world.campaign, "channel": "sms",
                "consignment_id": site.world.consignments[0], "member_id": site.world.members[0],
                "text_code": "receipt_ask", "due_at": now(), "queued_at": now(),
            } | more  # fmt: skip
            session.add(Message(**row))
        session.flush()
        message_cases.open_about(session, [UNCLEAR], at=now())
    return site


def test_it_tells_what_became_of_each_and_what_to_do(sent: Site, agent: requests.Session) -> None:
    csrf = signed_in(sent, agent, Role.organiser)
    here = f"{sent.url}/console/lists/messages"
    text = agent.get(here, params={"campaign": "TEST-2027"}, timeout=60).text
    assert text.count('role="row"') == 5
    assert "TEST-2027-0001 张*" in text
    assert "张伟" not in text
    assert "对方退订、拉黑或运营商拦截。改打电话" in text
    assert agent.get(here, timeout=60).text.count('role="row"') == 6
    narrowed = agent.post(here, data={"csrf": csrf, "campaign": "TEST-2027", "state": "unclear"}, timeout=60).text
    assert narrowed.count('role="row"') == 2
    assert 'name="campaign" value="TEST-2027"' in narrowed
    assert "/console/lists/messages?state=unclear" in agent.get(f"{sent.url}/console/lists/cases", timeout=60).text


def test_what_is_not_known_is_settled_with_one_tap(sent: Site, agent: requests.Session) -> None:
    csrf = signed_in(sent, agent, Role.organiser)
    here = f"{sent.url}/console/lists/messages"
    assert "问题已办结" in agent.post(f"{here}/{UNCLEAR}/not_sent", data={"csrf": csrf}, timeout=60).text
    assert "已撤回" in agent.post(f"{here}/{WAITING}/withdraw", data={"csrf": csrf}, timeout=60).text
    late = agent.post(f"{here}/{SENT}/withdraw", data={"csrf": csrf}, timeout=60)
    assert (late.status_code, "不能撤回" in late.text) == (409, True)
    with reading() as session:
        assert [one.outcome for one in session.exec(select(Case).where(Case.reason == CaseReason.message_unclear))] == [
            "settled"
        ]
        assert session.get_one(Message, UNCLEAR).failure_kind == "not_sent"
        assert session.get_one(Message, WAITING).cancel_reason == "withdrawn"


def test_another_branch_sees_and_settles_nothing(sent: Site) -> None:
    with writing("system") as session:
        other = Organisation(name="白云镇党委")
        session.add(other)
        session.flush()
        stranger = Asks(Scope(other.key), whole=True, by="user:2", user_id=2)
    assert lists.look(stranger, "messages", lists.sought(stranger, "messages", {})).lines == []
    for verb in ("sent", "not_sent", "withdraw"):
        with pytest.raises(NotFound):
            lists.act(stranger, "messages", verb, UNCLEAR, {})


@pytest.mark.parametrize(("written", "taken"), [("TEST-2027", True), ("<b>", False), ("", False)])
def test_a_list_is_narrowed_by_a_code_only(written: str, taken: bool) -> None:  # noqa: FBT001
    everybody = Asks(Scope(None), whole=True, by="user:1", user_id=1)
    assert ("campaign" in lists.sought(everybody, "messages", {"campaign": written}).which) is taken
