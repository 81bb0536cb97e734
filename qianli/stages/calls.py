"""Calls to members: whom to call and what to say, and in one tap what came of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models import CallEnd, Said, SaidVia, Subject, ToldVia
from qianli.campaigns.references import split_consignment_number
from qianli.errors import BadInput, NotFound
from qianli.ledger import phones
from qianli.receipts.wishes import Wish
from qianli.stages import (
    address_answers,
    address_rounds,
    chasing,
    member_marks,
    phone_calls,
    receipts,
    reminders,
    wishes,
)
from qianli.stages.unit import now, reading, writing
from qianli.store import calls as rows
from qianli.store import console, journal
from qianli.store.scope import Scope

EVERYTHING = Scope(None)


class Outcome(StrEnum):
    """What came of a call."""

    confirmed = "confirmed"
    still_here = "still_here"
    told = "told"
    moved = "moved"
    unsure = "unsure"
    no_answer = "no_answer"
    wrong_number = "wrong_number"
    do_not_contact = "do_not_contact"


@dataclass(frozen=True)
class Call:
    """A member to be called. `in_vain`: how often nobody answered, last `tried_at`; `waits`: they have to be told.

    `asks`: nothing is on its way yet, the question is where they live; `was_told`: whether they saw a message.
    """

    number: str
    member: str
    number_called: str | None
    days: int
    told_at: datetime | None
    words: str
    waits: bool
    in_vain: int
    tried_at: datetime | None
    is_wrong: bool
    asks: bool = False
    was_told: bool = False

    @property
    def phone(self) -> str:
        """The telephone as people read it, empty without one; written out for those that are shown only."""
        return phones.display(self.number_called) if self.number_called else ""


def listed(scope: Scope, code: str) -> list[Call]:
    """Whom to call about a campaign: those never tried first, numbers known to be wrong last."""
    with reading() as session:
        tried = rows.tried(session, campaign_id=console.campaign(session, scope, code=code).key)
    found = [
        _call(
            one.number,
            one.member,
            one.phone,
            one.since_at,
            one.words,
            tried,
            told_at=one.told_at,
            waits=one.waits,
            was_told=one.was_told,
        )
        for one in chasing.to_call(code)
    ]
    found += [
        _call(one.number, one.name, one.phone, one.opened_at, one.words, tried, asks=True)
        for one in address_rounds.to_ask(code, late=True)
        if not one.by_message
    ]
    return sorted(found, key=lambda one: (one.is_wrong, one.told_at is not None, one.in_vain, one.number))


def _call(
    number: str,
    member: str,
    phone: str | None,
    since_at: datetime,
    words: str,
    tried: rows.Tried,
    *,
    told_at: datetime | None = None,
    waits: bool = False,
    was_told: bool = False,
    asks: bool = False,
) -> Call:
    parts = split_consignment_number(number)
    said = {what: (at, count) for what, at, count in tried.get(parts[1], [])} if parts else {}
    at, in_vain = said.get(rows.NOBODY, (None, 0))
    return Call(
        number=number,
        member=member,
        number_called=phone,
        days=max((now() - since_at).days, 0),
        told_at=told_at,
        words=words,
        waits=waits,
        was_told=was_told,
        in_vain=in_vain,
        tried_at=at,
        is_wrong=rows.WRONG in said or not phone,
        asks=asks,
    )


def note(
    scope: Scope,
    code: str,
    number: str,
    outcome: Outcome,
    *,
    address: str = "",
    as_it_is: bool = False,
    via: SaidVia = SaidVia.phone,
    by: str,
) -> str:
    """Write down what came of a call; the answer is a sentence."""
    parts = split_consignment_number(number)
    with reading() as session:
        found = rows.whom(session, scope, code=code, number=parts[1]) if parts and parts[0] == code else None
    if found is None:
        raise NotFound("没有这个寄送编号，或者它不属于您的组织。")
    consignment_id, member_id = found
    if outcome is Outcome.confirmed:
        receipts.record_by_member(code, number, said=Said.all_here, via=via, by=by)
        return f"{number}：本人在电话里说收到了，已登记。"
    if outcome is Outcome.told:
        reminders.told(number, via=ToldVia.phone, by=by)
        _end(consignment_id, member_id, outcome, by)
        return f"{number}：已告诉本人去取、去问。"
    if outcome in (Outcome.still_here, Outcome.moved, Outcome.unsure):
        return _about_home(consignment_id, number, outcome, address=address, as_it_is=as_it_is, via=via, by=by)
    if outcome is Outcome.do_not_contact:
        if member_id is None:
            raise BadInput("这一份的个人信息已经清除。")
        member_marks.mark_do_not_contact(str(member_id), by=by)
        _end(consignment_id, member_id, outcome, by)
        return f"{number}：本人要求不再联系，已登记，以后不再寄、不再打。"
    return _in_vain(consignment_id, member_id, number, outcome, by)


def _about_home(
    consignment_id: int, number: str, outcome: Outcome, *, address: str, as_it_is: bool, via: SaidVia, by: str
) -> str:
    if outcome is Outcome.still_here:
        new = address_answers.still_here(consignment_id, via=via, by=by)
        return f"{number}：本人还住在那里，已登记{'' if new else '过'}。"
    if outcome is Outcome.unsure:
        wishes.wish(consignment_id, Wish.call_me, via=via, by=by)
        return f"{number}：本人说不准，已登记，请约好时间再打。"
    new = wishes.moved(consignment_id, address=address, since="", as_it_is=as_it_is, via=via, by=by)
    return f"{number}：新地址已登记，等核对后采用。" if new else f"{number}：这个新地址之前已经登记过。"


def _end(consignment_id: int, member_id: int | None, outcome: Outcome, by: str) -> None:
    with writing(by) as session:
        phone_calls.after(session, consignment_id, member_id, CallEnd(outcome))


def _in_vain(consignment_id: int, member_id: int | None, number: str, outcome: Outcome, by: str) -> str:
    with writing(by) as session:
        planned = phone_calls.after(session, consignment_id, member_id, CallEnd(outcome))
        if outcome is Outcome.wrong_number:
            journal.note(session, subject=Subject.consignment, ids=[consignment_id], what="wrong number")
            return f"{number}：号码不对，已登记，排到最后；请在台账里更正电话。"
        journal.note(session, subject=Subject.consignment, ids=[consignment_id], what="nobody answered")
        return f"{number}：没有人接，已登记，{planned or '请改日再打。'}"
