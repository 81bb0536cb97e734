"""The closing report of a campaign: counted from its rows, as a PDF and as a spreadsheet that says the same."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from models import Campaign, Channel, ParcelStage, Tracking
from qianli.campaigns.address_round import Fared, effect
from qianli.campaigns.billing import sentences
from qianli.campaigns.odds import was_it_right
from qianli.campaigns.references import consignment_number
from qianli.campaigns.report import CONFIRMED, Group, Issued, Numbers, Owed, Sent, average_days, by_days, numbers
from qianli.campaigns.report_words import (
    ENDED,
    HEADS,
    remarks,
    sent_again,
    summary,
    told_remarks,
    told_summary,
    weighed,
)
from qianli.documents.forms import Report
from qianli.documents.forms.report import Bar, CostRow, ReportRow
from qianli.ledger.out import Value, write_xlsx
from qianli.stages import billing, samples, told_report
from qianli.stages.unit import day_of, now
from qianli.store import address_rounds
from qianli.store import report as store

GROUP_COLUMNS = [
    "应寄", "寄出", "快递报告妥投", "本人确认收到", "退回", "平均天数", "邮资（元）", "物品（元）", "合计（元）",
]  # fmt: skip


@dataclass(frozen=True)
class Counted:
    """Everything both papers say."""

    code: str
    name: str
    sender: str
    closed_on: date
    owed: list[Owed]
    names: dict[int, str]
    numbered: dict[int, str]
    numbers: Numbers
    channel: Channel
    summary: tuple[str, ...]
    remarks: tuple[str, ...]


def counted(session: Session, campaign: Campaign) -> Counted:
    """Read the campaign's rows and count them."""
    rows = store.owed(session, campaign_id=campaign.key)
    owed = [
        Owed(row.number, row.state, row.province, row.organisation_id, row.organisation, row.reason) for row in rows
    ]
    sent = SENT[campaign.channel](session, campaign)
    found = numbers(owed, sent, _issued(session, campaign.key))
    numbered = {row.number: consignment_number(campaign.code, row.number) for row in rows}
    why = store.why_unconfirmed(session, campaign_id=campaign.key)
    return Counted(
        code=campaign.code,
        name=campaign.name,
        sender=str(campaign.sender.get("name", "")),
        closed_on=day_of(campaign.closed_at or now()),
        owed=owed,
        names={row.number: row.name for row in rows},
        numbered=numbered,
        numbers=found,
        channel=campaign.channel,
        summary=summary(found) if campaign.channel is Channel.post else told_summary(found, HEADS[campaign.channel]),
        remarks=(
            *REMARKS[campaign.channel](found, why_unconfirmed=why, numbered=numbered),
            *_again(session, campaign.key),
            *sentences(billing.of_campaign(session, campaign)),
            *_weighed(rows, sent),
            *(one.sentence for one in samples.of_campaign(session, campaign)),
            *_asked(address_rounds.answered(session, campaign_id=campaign.key), owed, sent),
        ),
    )


def _sent(session: Session, campaign: Campaign) -> list[Sent]:
    return [
        Sent(
            numbers=tuple(inside),
            tracking=parcel.tracking,
            taken_back=parcel.stage == ParcelStage.taken_back,
            postage_fen=parcel.postage_fen,
            handed_over_on=day_of(parcel.handed_over_at or parcel.created_at),
            delivered_on=day_of(parcel.delivered_at) if parcel.delivered_at else None,
        )
        for parcel, inside in store.sent(session, campaign_id=campaign.key)
    ]


REMARKS = {Channel.post: remarks, Channel.message: told_remarks, Channel.phone: told_remarks}
#: What left the house, by how the campaign gets to its members.
SENT: dict[Channel, Callable[[Session, Campaign], list[Sent]]] = {
    Channel.post: _sent,
    Channel.message: told_report.sent,
    Channel.phone: told_report.called,
}


def _again(session: Session, campaign_id: int) -> tuple[str, ...]:
    found = store.again(session, campaign_id=campaign_id)
    return (sent_again(found.parcels, found.postage_fen, found.items),) if found.parcels else ()


def _weighed(rows: Sequence[store.Owed], sent: Sequence[Sent]) -> tuple[str, ...]:
    """Whether the warnings were right, if anybody was warned of."""
    warned = {row.number for row in rows if row.is_warned}
    back = {n for one in sent if one.taken_back or one.tracking == Tracking.returned for n in one.numbers}
    arrived = {n for one in sent if one.tracking == Tracking.delivered and not one.taken_back for n in one.numbers}
    went = sorted({number for one in sent for number in one.numbers})
    found = was_it_right((n in warned, n in back, n in arrived) for n in went)
    return (weighed(*found[True], *found[False]),) if warned else ()


def _asked(answered: Mapping[int, bool], owed: Sequence[Owed], sent: Sequence[Sent]) -> tuple[str, ...]:
    """How those fared who answered when asked where they live, beside the others; nothing if nobody was asked."""
    went = {number for one in sent for number in one.numbers}
    back = {n for one in sent if one.taken_back or one.tracking == Tracking.returned for n in one.numbers}
    sure = {one.number for one in owed if one.state in CONFIRMED}

    def fared(said: bool) -> Fared:  # noqa: FBT001 - of two groups, this one
        whom = {number for number, answer in answered.items() if answer is said}
        return Fared(len(whom), len(whom & went), len(whom & back), len(whom & sure))

    return (effect(fared(True), fared(False)),) if answered else ()


def _issued(session: Session, campaign_id: int) -> list[Issued]:
    """What is used up: what left the house, less what lies on the shelf again."""
    back = store.back_on_the_shelf(session, campaign_id=campaign_id)
    used = [
        (one, one.quantity - back.get((one.number, one.item_id), 0))
        for one in store.issued(session, campaign_id=campaign_id)
    ]
    return [Issued(one.number, one.item, quantity, quantity * one.unit_cost_fen) for one, quantity in used]


def form(data: Counted) -> Report:
    """The PDF's form."""
    total = data.numbers.total
    heads = HEADS[data.channel]
    funnel = (
        (heads.owed, total.owed),
        (heads.sent, total.sent),
        (heads.delivered, total.delivered),
        (heads.confirmed, total.confirmed),
    )
    return Report(
        campaign_code=data.code,
        campaign_name=data.name,
        sender=data.sender,
        closed_on=data.closed_on,
        summary=data.summary,
        funnel=tuple(Bar(label, count) for label, count in funnel),
        days=tuple(Bar(label, count) for label, count in by_days(total.days)),
        provinces=tuple(_row(group) for group in data.numbers.provinces),
        organisations=tuple(_row(group) for group in data.numbers.organisations),
        costs=(
            *(CostRow(one.item, one.quantity, one.fen) for one in data.numbers.items),
            CostRow(heads.fee, data.numbers.parcels, total.postage_fen),
        ),
        remarks=data.remarks,
        heads=heads.narrow,
        by_post=data.channel is Channel.post,
    )


def _row(group: Group) -> ReportRow:
    return ReportRow(
        label=group.label,
        owed=group.owed,
        sent=group.sent,
        delivered=group.delivered,
        confirmed=group.confirmed,
        returned=group.returned,
        postage_fen=group.postage_fen,
    )


def workbook(data: Counted) -> bytes:
    """The same as a spreadsheet, with a line for every member."""
    if data.channel is not Channel.post:
        return told_report.workbook(
            [*data.summary, *data.remarks], data.numbers, data.owed, data.names, data.numbered, HEADS[data.channel]
        )
    found = data.numbers
    members = [
        [
            data.numbered[one.number],
            data.names[one.number],
            one.organisation,
            one.province or "",
            ENDED.get(one.state, one.state),
            one.reason or "",
        ]
        for one in data.owed
    ]
    costs: list[list[Value]] = [[one.item, one.quantity, one.fen / 100] for one in found.items]
    return write_xlsx(
        [
            ("总结", ["总结"], [[sentence] for sentence in (*data.summary, *data.remarks)]),
            ("按省份", ["省份", *GROUP_COLUMNS], _lines(found.provinces, found.total)),
            ("按党组织", ["党组织", *GROUP_COLUMNS], _lines(found.organisations, found.total)),
            ("到达天数", ["天数", "包裹数"], [list(bar) for bar in by_days(found.total.days)]),
            ("支出", ["项目", "数量", "金额（元）"], [*costs, ["邮资", found.parcels, found.total.postage_fen / 100]]),
            ("逐人", ["寄送编号", "姓名", "党组织", "省份", "结果", "说明"], members),
        ]
    )


def _lines(groups: Sequence[Group], total: Group) -> list[list[Value]]:
    return [
        [
            group.label, group.owed, group.sent, group.delivered, group.confirmed, group.returned,
            average_days(group.days) or "", group.postage_fen / 100, group.items_fen / 100, group.fen / 100,
        ]
        for group in (*groups, total)
    ]  # fmt: skip
