"""The closing report where members were told something: what went out, whom one called, and the spreadsheet."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from models import Campaign, Tracking
from qianli.campaigns.report import Numbers, Owed, Sent
from qianli.campaigns.report_words import TOLD_ENDED, Heads
from qianli.ledger.out import Value, write_xlsx
from qianli.stages import telling
from qianli.stages.unit import day_of
from qianli.store import message_facts, told, told_calls


def sent(session: Session, campaign: Campaign) -> list[Sent]:
    """Messages that went out, as if each were a parcel: what a channel reports is its delivery."""
    more = told.followed_up(session, campaign_id=campaign.key)
    return _as_parcels(campaign, message_facts.out(session, campaign_id=campaign.key), more)


def called(session: Session, campaign: Campaign) -> list[Sent]:
    """Members who were called, as if each were a parcel: to be told is its delivery."""
    return _as_parcels(campaign, told_calls.out(session, campaign_id=campaign.key), {})


def _as_parcels(
    campaign: Campaign, out: Iterable[tuple[int, datetime, datetime | None]], more: Mapping[int, int]
) -> list[Sent]:
    """`more`: how many messages beside the one that counts cost as much, by number."""
    return [
        Sent(
            numbers=(number,),
            tracking=Tracking.delivered if delivered_at else Tracking.unknown,
            taken_back=False,
            postage_fen=telling.each_fen(campaign) * (1 + more.get(number, 0)),
            handed_over_on=day_of(sent_at),
            delivered_on=day_of(delivered_at) if delivered_at else None,
        )
        for number, sent_at, delivered_at in out
    ]


def workbook(
    sentences: Sequence[str],
    found: Numbers,
    owed: Sequence[Owed],
    names: Mapping[int, str],
    numbered: Mapping[int, str],
    heads: Heads,
) -> bytes:
    """In sums by organisation, and a line for every member."""
    columns = ["党组织", *heads.narrow, f"{heads.fee}（元）"]
    groups: list[list[Value]] = [
        [one.label, one.owed, one.sent, one.delivered, one.confirmed, one.fen / 100]
        for one in (*found.organisations, found.total)
    ]
    members: list[list[Value]] = [
        [
            numbered[one.number], names[one.number], one.organisation, TOLD_ENDED.get(one.state, one.state),
            one.reason or "",
        ]
        for one in owed
    ]  # fmt: skip
    return write_xlsx(
        [
            ("总结", ["总结"], [[sentence] for sentence in sentences]),
            ("按党组织", columns, groups),
            ("逐人", ["寄送编号", "姓名", "党组织", "结果", "说明"], members),
        ]
    )
