"""The list of calls: who has the parcel, says the courier, and has not said so; whom it waits for or was left beside.

Channels to write to them come later.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from models import CaseReason
from qianli.campaigns.cases import case_words
from qianli.campaigns.references import consignment_number
from qianli.campaigns.reminders import ASK_IF_THERE, words_to_say
from qianli.ledger import phones
from qianli.ledger.out import Sheet, Value, write_table
from qianli.settings import settings
from qianli.stages.exporting import write_file
from qianli.stages.unit import SYSTEM, day_of, now, reading, writing
from qianli.store import campaigns, cases, reminders, status, worries

CHASE_AFTER_DAYS = 3


@dataclass(frozen=True)
class ToChase:
    """A member to be asked whether the parcel is there."""

    number: str
    member: str
    reference: str
    delivered_at: datetime
    days: int


def to_chase(campaign: str, *, after_days: int = CHASE_AFTER_DAYS) -> list[ToChase]:
    """Members of a campaign who said nothing `after_days` whole days after the courier delivered, by number."""
    at = now()
    with reading() as session:
        id_ = campaigns.by_code(session, code=campaign).key
        found = status.unanswered(session, before=at - timedelta(days=after_days), campaign_id=id_)
    return [chased(campaign, one, at=at) for _, one in found]


def chased(campaign: str, one: status.Arrived, *, at: datetime) -> ToChase:
    """A row as people see it."""
    number = consignment_number(campaign, one.number)
    return ToChase(number, one.name, one.reference, one.delivered_at, (at - one.delivered_at).days)


@dataclass(frozen=True)
class ToCall:
    """A member to be called, and what to say. `since_at`: delivered, left or waiting since, says the courier."""

    number: str
    member: str
    phone: str | None
    reference: str
    since_at: datetime
    told_at: datetime | None
    words: str


def to_call(campaign: str, *, after_days: int = CHASE_AFTER_DAYS) -> list[ToCall]:
    """Whom to call about a campaign, by number: open reminders at once, silence after `after_days` whole days."""
    with reading() as session:
        id_ = campaigns.by_code(session, code=campaign).key
        told = reminders.to_tell(session, campaign_id=id_)
        silent = status.unanswered(session, before=now() - timedelta(days=after_days), campaign_id=id_)
    reminded = {one.number for one in told}
    calls = [
        ToCall(
            consignment_number(campaign, one.number),
            one.name,
            one.phone,
            one.reference,
            one.since_at,
            one.told_at,
            words_to_say(one.reason, one.sentence),
        )
        for one in told
    ]
    for _, late in silent:
        if late.number not in reminded:
            number = consignment_number(campaign, late.number)
            calls.append(ToCall(number, late.name, late.phone, late.reference, late.delivered_at, None, ASK_IF_THERE))
    return sorted(calls, key=lambda call: call.number)


CALL_COLUMNS = ("寄送编号", "姓名", "电话", "包裹编号", "从哪天起", "上次告知", "怎么说", "本人怎么说")


def write_calls(path: Path, calls: list[ToCall]) -> None:
    """The list for whoever sits at the telephone, with a column for what the member says."""
    rows: list[list[Value]] = [
        [
            one.number, one.member, phones.display(one.phone) if one.phone else "", one.reference, day_of(one.since_at),
            day_of(one.told_at) if one.told_at else "", one.words, "",
        ]
        for one in calls
    ]  # fmt: skip
    write_file(path, write_table(Sheet("电话名单", CALL_COLUMNS, rows), filename=path.name))


def shards(_campaign_id: int = 0) -> list[int]:
    """Ids of the campaigns in which a member's silence is to become a case."""
    with reading() as session:
        return sorted({one.campaign_id for one in worries.without_answer(session, before=_long_ago())})


def run(shard_id: int, *, take_over: bool = False) -> None:  # noqa: ARG001 - one transaction, nobody's lease to take
    """Open the cases of one campaign. Twice is the same as once."""
    with writing(SYSTEM) as session:
        silent = worries.without_answer(session, before=_long_ago(), campaign_id=shard_id)
        cases.open_many(session, cases=[_case(one) for one in silent], at=now())


def _case(one: worries.Silence) -> cases.NewCase:
    told = case_words(CaseReason.no_answer, consignment=consignment_number(one.campaign_code, one.number))
    return cases.NewCase(
        campaign_id=one.campaign_id,
        consignment_id=one.consignment_id,
        reason=CaseReason.no_answer,
        sentence=told.sentence,
        next_step=told.next_step,
        owner=one.owner,
    )


def _long_ago() -> datetime:
    return now() - timedelta(days=settings().no_answer_after_days)
