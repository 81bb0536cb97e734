"""A campaign that tells, and what its tests want to know of it."""

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from models import Campaign, Consignment
from qianli.stages import approve, campaigns
from qianli.stages.steps import run_inline
from qianli.stages.unit import reading, writing
from qianli.testing import add_member, make_world

NOON = datetime(2027, 6, 30, 4, 0, tzinfo=UTC)
BY, BOSS = "user:李主任", "user:周书记"
CODE = "ZBTX-2027"
WORDS = "{姓名}{称谓}您好，7月1日8:00有一场直播，请准时收看。看到了请点 {链接} 说一声。{落款}"
DEFINITION = """
code: ZBTX-2027
name: 直播提醒
channel: message
organisation: 青石镇党委
planned_delivery: 2027-06-30
sender: {name: 青石镇, phone: 0851-12345678}
words: "WORDS"
yuan_each: 0.05
messages: [ACCOUNT]
MORE
"""


def rows(model: type) -> list:
    with reading() as session:
        found = list(session.exec(select(model).order_by("id")))
        session.expunge_all()
    return found


def states() -> list[str]:
    campaign = next(one for one in rows(Campaign) if one.code == CODE)
    return [one.state.value for one in rows(Consignment) if one.campaign_id == campaign.key]


def begin(account: str = "file", more: str = "", words: str = WORDS) -> int:
    """Four members, one of them without a telephone, one to be left alone; the campaign is approved."""
    with writing(BY) as session:
        world = make_world(session, members=2)
        add_member(session, world, 3, phone=None)
        add_member(session, world, 4, do_not_contact=True)
    written = DEFINITION.replace("WORDS", words).replace("ACCOUNT", account).replace("MORE", more)
    campaigns.new_campaign(written.encode(), read_beside=lambda _name: b"", by=BY)
    return campaigns.ask(CODE, "prepare_campaign", by=BY)


def prepared_and_approved(campaign_id: int) -> None:
    run_inline("prepare_campaign", campaign_id)
    approve.approve(CODE, by=BOSS)


def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("unit", "messages", "message_sheets", "telling", "plan", "message_reports"):
        monkeypatch.setattr(f"qianli.stages.{name}.now", lambda: NOON)
