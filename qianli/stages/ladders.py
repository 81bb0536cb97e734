"""Climbing the ladder: what each member of a campaign who says nothing is due, done once each, in one transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from models import CallPurpose, Campaign, CaseReason, Channel, FollowUpDo, MessagePurpose
from qianli.campaigns.cases import SILENT_AFTER_A_MESSAGE, case_words
from qianli.campaigns.ladder import WORDS, Rung, Silence, Taken, due, ladder, timetable
from qianli.campaigns.references import consignment_number
from qianli.channels.texts import CAMPAIGN_WORDS, TEXTS
from qianli.errors import BadInput
from qianli.kits.definition import yuan
from qianli.settings import settings
from qianli.stages import message_channels, messages, telling
from qianli.stages.calendar import calendar
from qianli.stages.message_desk import rules
from qianli.stages.unit import SYSTEM, end_of, local, now, reading, writing
from qianli.store import campaigns, cases, phone_calls
from qianli.store import follow_ups as store

HALF_A_DAY = timedelta(hours=12)
FIRST_TEXT, NEXT_TEXT = "receipt_ask", "receipt_again"
NONE = "定义里没有写 follow_up：发出以后没有答复的，不再追问。"
MORE = "follow_up 里的消息每条 {each}，最多 {count} 条、{total}，没有算在预计费用里。"


def ladder_of(campaign: Campaign) -> tuple[Rung, ...]:
    """The steps of a campaign; what it does not say is as everywhere. A message is followed up only where it says so.

    A campaign by telephone has none: whoever was told has answered, whoever was not reached is a case.
    """
    if campaign.channel is Channel.phone or (campaign.channel is Channel.message and not campaign.follow_up):
        return ()
    return ladder(campaign.follow_up, case_after_days=settings().no_answer_after_days)


def refuse_strange_texts(rungs: Iterable[Rung]) -> None:
    """BadInput names a message that is no text of ours for following up."""
    known = [code for code, one in TEXTS.items() if one.purpose is MessagePurpose.follow_up]
    strange = {rung.text for rung in rungs if rung.do is FollowUpDo.message and rung.text} - set(known)
    if strange:
        raise BadInput(f"follow_up 里没有名为“{'、'.join(sorted(strange))}”的消息文本；可以用：{'、'.join(known)}。")


def reached(rung: Rung, delivered_at: datetime) -> bool:
    """Whether a step is due by now."""
    return rung.since(local(delivered_at), calendar()) <= local(now())


def rehearsed(campaign: Campaign, *, people: int) -> list[str]:
    """Who would get what when, if it came on the planned day and nobody spoke; a sentence a step."""
    rungs, by_message = ladder_of(campaign), campaign.channel is Channel.message
    if not rungs:
        return [NONE] if by_message else []
    noon = local(end_of(campaign.planned_delivery_on)) - HALF_A_DAY
    planned = timetable(rungs, noon, rules=rules(), calendar=calendar())
    there = "发到" if by_message else "送到"
    return [
        f"如果{_day(noon)}都{there}、{people} 人都没有答复：{_day(moment)}给 {people} 人{WORDS[rung.do]}。"
        if rung.do is not FollowUpDo.case
        else f"到{_day(moment)}还没有答复的，列为问题，由党组织联系。"
        for rung, moment in planned
    ] + _costs(campaign, people * sum(rung.do is FollowUpDo.message for rung in rungs))


def _day(moment: datetime) -> str:
    return f"{moment.month}月{moment.day}日"


def _costs(campaign: Campaign, messages_at_most: int) -> list[str]:
    """What following up costs beyond what is approved, where the definition says what a message costs."""
    each = telling.each_fen(campaign)
    if not each or not messages_at_most:
        return []
    return [MORE.format(each=yuan(each), count=messages_at_most, total=yuan(each * messages_at_most))]


def shards(_campaign_id: int = 0) -> list[int]:
    """Ids of the campaigns in which something is to be done for a member who says nothing."""
    with reading() as session:
        return [
            id_ for id_ in store.campaigns_with_silence(session)
            if _climbed(session, campaigns.by_id(session, campaign_id=id_))
        ]  # fmt: skip


def run(shard_id: int, *, take_over: bool = False) -> None:  # noqa: ARG001 - one transaction, nobody's lease to take
    """Take the steps that are due in one campaign. Twice is the same as once."""
    with writing(SYSTEM) as session:
        campaign = campaigns.by_id(session, campaign_id=shard_id)
        found = _climbed(session, campaign)
        new = store.take(session, rows=[_row(one, taken) for one, taken in found], at=now())
        mine = [(one, taken) for one, taken in found if (one.consignment_id, taken.step) in new]
        _write(session, campaign, [each for each in mine if not each[1].passed_over])


def _climbed(session: Session, campaign: Campaign) -> list[tuple[store.Waiting, Taken]]:
    """Every step that is due in a campaign."""
    at = local(now())
    rungs, usual, days = ladder_of(campaign), rules(), calendar()
    if not rungs:
        return []
    had = store.had_messages(session, campaign_id=campaign.key, at=at)
    found = []
    for one in store.waiting(session, campaign_id=campaign.key):
        silence = Silence(
            local(one.delivered_at), {step: local(when) for step, when in one.taken.items()},
            had=[local(when) for when in had.get(one.member_id, ())], in_hand=one.in_hand,
        )  # fmt: skip
        found += [(one, taken) for taken in due(rungs, silence, at=at, rules=usual, calendar=days)]
    return found


def _row(one: store.Waiting, taken: Taken) -> dict[str, Any]:
    return {
        "consignment_id": one.consignment_id, "step": taken.step, "does": taken.rung.do,
        "passed_over": taken.passed_over,
    }  # fmt: skip


def _write(session: Session, campaign: Campaign, found: Sequence[tuple[store.Waiting, Taken]]) -> None:
    by_deed: Mapping[FollowUpDo, list[tuple[store.Waiting, Taken]]] = {
        deed: [each for each in found if each[1].rung.do is deed] for deed in FollowUpDo
    }
    first = next((n for n, rung in enumerate(ladder_of(campaign), 1) if rung.do is FollowUpDo.message), 0)
    messages.queue(
        session,
        [_message(campaign, one, taken, is_first=taken.step == first) for one, taken in by_deed[FollowUpDo.message]],
    )
    calls = [
        (one.consignment_id, one.member_id, one.organisation_id, taken.step, taken.rung.text)
        for one, taken in by_deed[FollowUpDo.call]
    ]
    phone_calls.add(session, rows=_calls(campaign.key, calls), at=now())
    cases.open_many(session, cases=[_case(campaign, one) for one, _ in by_deed[FollowUpDo.case]], at=now())


def _message(campaign: Campaign, one: store.Waiting, taken: Taken, *, is_first: bool) -> dict[str, Any]:
    rung = taken.rung
    hours = {name: value for name in ("from_hour", "until_hour") if (value := getattr(rung, name)) is not None}
    return {
        "sending_key": f"follow-up-{one.consignment_id}-{taken.step}",
        "purpose": MessagePurpose.follow_up,
        "organisation_id": one.organisation_id,
        "campaign_id": campaign.key,
        "consignment_id": one.consignment_id,
        "member_id": one.member_id,
        "channel": one.account or message_channels.for_members(campaign),
        "text_code": _text(campaign, rung, is_first=is_first),
        "details": hours | telling.template(campaign, one.account),
        "working_days": rung.in_working_days,
        "due_at": taken.at,
    }


def _text(campaign: Campaign, rung: Rung, *, is_first: bool) -> str:
    """What a step says; who was told by message is told the same again."""
    if campaign.channel is Channel.message:
        return CAMPAIGN_WORDS
    return rung.text or (FIRST_TEXT if is_first else NEXT_TEXT)


def _case(campaign: Campaign, one: store.Waiting) -> cases.NewCase:
    number = consignment_number(campaign.code, one.number)
    by_message = campaign.channel is Channel.message
    told = SILENT_AFTER_A_MESSAGE if by_message else case_words(CaseReason.no_answer, consignment=number)
    return cases.NewCase(
        campaign_id=campaign.key,
        consignment_id=one.consignment_id,
        reason=CaseReason.no_answer,
        sentence=told.sentence,
        next_step=told.next_step,
        owner=campaign.owner,
    )


def _calls(campaign_id: int, waiting: Collection[tuple[int, int, int, int, str]]) -> list[dict[str, object]]:
    """Rows of calls a ladder asks for: (consignment, member, organisation, step, words)."""
    return [
        {
            "call_key": f"follow-up-{consignment}-{step}", "purpose": CallPurpose.follow_up, "words": words,
            "campaign_id": campaign_id, "consignment_id": consignment, "member_id": member,
            "organisation_id": organisation,
        }
        for consignment, member, organisation, step, words in waiting
    ]  # fmt: skip
