"""The list of calls: who has the parcel, says the courier, and says nothing; whom it waits for or was left beside."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from models import Campaign, Channel, FollowUpDo
from qianli.campaigns.references import consignment_number
from qianli.campaigns.reminders import ASK_IF_THERE, words_to_say
from qianli.campaigns.words import ask_if_seen
from qianli.ledger import phones
from qianli.ledger.out import Sheet, Value, write_table
from qianli.stages.exporting import write_file
from qianli.stages.ladders import ladder_of, reached
from qianli.stages.unit import day_of, now, reading
from qianli.store import campaigns, follow_ups, reminders, status, told

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
    """A member to be called, and what to say. `since_at`: delivered, told, left or waiting since, by what is heard."""

    number: str
    member: str
    phone: str | None
    reference: str
    since_at: datetime
    told_at: datetime | None
    words: str


def to_call(campaign: str, *, after_days: int | None = None) -> list[ToCall]:
    """Whom to call about a campaign, by number: open reminders at once, silence once the ladder says so.

    With `after_days` silence after so many whole days, whatever the ladder says.
    """
    with reading() as session:
        found = campaigns.by_code(session, code=campaign)
        reminded = reminders.to_tell(session, campaign_id=found.key)
        silent = _silent(session, found, after_days)
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
        for one in reminded
    ]
    calls += [one for one in silent if one.number not in {each.number for each in calls}]
    return sorted(calls, key=lambda call: call.number)


def _silent(session: Session, campaign: Campaign, after_days: int | None) -> list[ToCall]:
    """Whom a step of the ladder says to call, with what is said."""
    there = _told if campaign.channel is Channel.message else _delivered
    arrived = there(session, campaign, now() - timedelta(days=after_days or 0))
    if after_days is not None:
        return [one for _, one in arrived]
    rungs, taken = ladder_of(campaign), follow_ups.taken_by_number(session, campaign_id=campaign.key)
    found = []
    for number, one in arrived:
        steps = [
            rung for step, rung in enumerate(rungs, 1)
            if rung.do is FollowUpDo.call and (step in taken.get(number, ()) or reached(rung, one.since_at))
        ]  # fmt: skip
        if steps:
            found.append(replace(one, words=steps[-1].text or one.words))
    return found


def _delivered(session: Session, campaign: Campaign, before: datetime) -> list[tuple[int, ToCall]]:
    """Whom the courier delivered to by then, and who says nothing."""
    return [
        (
            one.number,
            ToCall(
                consignment_number(campaign.code, one.number), one.name, one.phone, one.reference, one.delivered_at,
                None, ASK_IF_THERE,
            ),
        )
        for _, one in status.unanswered(session, before=before, campaign_id=campaign.key)
    ]  # fmt: skip


def _told(session: Session, campaign: Campaign, before: datetime) -> list[tuple[int, ToCall]]:
    """Who was sent a message by then, and says nothing."""
    text = campaigns.letter_text(session, campaign=campaign).body
    return [
        (
            one.number,
            ToCall(
                consignment_number(campaign.code, one.number), one.name, one.phone, "", one.told_at, None,
                ask_if_seen(text, campaign.sender, name=one.name, organisation=one.organisation),
            ),
        )
        for one in told.unanswered(session, before=before, campaign_id=campaign.key)
    ]  # fmt: skip


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
