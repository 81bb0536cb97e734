"""The list of calls: who calls whom when, and what came of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models import CallEnd, CallPurpose, Said, SaidVia, Subject
from qianli.campaigns import words as telling_words
from qianli.campaigns.address_round import shown_address
from qianli.campaigns.address_round import words_to_say as words_to_ask
from qianli.campaigns.calling import MOST_TRIES, next_call
from qianli.campaigns.references import consignment_number
from qianli.campaigns.reminders import ASK_IF_THERE, words_to_say
from qianli.errors import BadInput, NotFound
from qianli.ledger import phones
from qianli.stages import member_marks, message_cases, receipts, study_calls
from qianli.stages.calendar import calendar
from qianli.stages.unit import local, minute_of, now, reading, writing
from qianli.state_words import CALL_PURPOSE
from qianli.store import address_rounds, cases, journal, reminders, told_calls, users
from qianli.store import phone_calls as store
from qianli.store.scope import Scope

#: Calls that say the words of a campaign, or ask about them.
OF_CAMPAIGNS = (CallPurpose.notice, CallPurpose.follow_up)
#: What may come of a call about no parcel; of the others there is more to say, see call_outcomes.
PLAIN_ENDS = (CallEnd.told, CallEnd.took_part, CallEnd.no_answer, CallEnd.wrong_number, CallEnd.do_not_contact)


@dataclass(frozen=True)
class Call:
    """A call to make. `number`: of the consignment it is about, if any.

    `asks`: the question is where they live; `waits`: they are told where the parcel is; `tells`: nothing is on its way,
    the call is all there is, and to be told is to have received it; `was_told`: by message, and the question is whether
    they saw it. `studies`: they may say that they took part.
    """

    id: int
    about: str
    member: str
    phone: str
    is_wrong: bool
    organisation: str
    campaign: str | None
    number: str
    asks: bool
    waits: bool
    words: str
    due_at: datetime
    is_due: bool
    tries: int
    caller_id: int | None
    caller: str
    tells: bool
    was_told: bool
    studies: bool


def listed(scope: Scope, *, only: int | None = None) -> list[Call]:
    """Calls to make within a scope: those that are due first; of wrong numbers last."""
    with reading() as session:
        rows = store.to_make(session, scope, only=only)
        words = _words(session, rows)
    found = [_call(one, words.get(one.key, "")) for one in rows]
    return sorted(found, key=lambda one: (one.is_wrong, not one.is_due, one.due_at, one.id))


def _words(session: Session, rows: Collection[store.ToMake]) -> dict[str, str]:
    """Key of a call → what to say, where that follows from the parcel or the address."""
    told = reminders.said_in(session, keys=[one.key for one in rows if one.purpose is CallPurpose.reminder])
    asked = {
        one.consignment_id: one.key for one in rows if one.purpose is CallPurpose.address_check and one.consignment_id
    }
    homes = address_rounds.where_asked(session, consignment_ids=asked)
    return {key: words_to_say(reason, sentence) for key, (reason, sentence) in told.items()} | {
        asked[id_]: words_to_ask(shown_address(at.province, at.city, at.district, at.detail))
        for id_, at in homes.items()
    }


def _call(one: store.ToMake, words: str) -> Call:
    number = consignment_number(one.campaign_code, one.number) if one.campaign_code and one.number else ""
    return Call(
        id=one.id, about=CALL_PURPOSE[one.purpose], member=one.name,
        phone=phones.display(one.phone) if one.phone else "",
        is_wrong=not one.phone or one.phone == one.wrong_phone, organisation=one.organisation,
        campaign=one.campaign_code, number=number, asks=one.purpose is CallPurpose.address_check,
        waits=one.purpose is CallPurpose.reminder, words=words or _said(one) or ASK_IF_THERE, due_at=one.due_at,
        is_due=one.due_at <= now(), tries=one.tries, caller_id=one.caller_id, caller=one.caller or "",
        tells=_tells(one), was_told=_was_told(one), studies=one.purpose is CallPurpose.study,
    )  # fmt: skip


def _tells(one: store.ToMake) -> bool:
    return one.purpose is CallPurpose.notice and one.consignment_id is not None


def _was_told(one: store.ToMake) -> bool:
    return one.purpose is CallPurpose.follow_up and one.text is not None


def _said(one: store.ToMake) -> str:
    """What is said: what the row says, or a campaign's words with this member's name in them."""
    if one.words or one.text is None or one.purpose not in OF_CAMPAIGNS:
        return one.words
    sender = one.sender or {}
    if not _tells(one):
        return telling_words.ask_if_seen(one.text, sender, name=one.name, organisation=one.organisation)
    given = telling_words.values_of(
        name=one.name, organisation=one.organisation, sender=str(sender.get("name", "")),
        phone=str(sender.get("phone", "")),
    )  # fmt: skip
    return telling_words.told(one.text, given).strip()


def about(scope: Scope, id_: int) -> tuple[str, str] | None:
    """Campaign and number of the parcel or the address that a call within a scope is about; None if of neither."""
    with reading() as session:
        found = [_call(one, "") for one in store.to_make(session, scope, only=id_)]
    if not found:
        raise NotFound("没有这个要打的电话，或者它不属于您的组织。")
    (one,) = found
    return (one.campaign, one.number) if one.campaign and one.number and not one.tells else None


def note(scope: Scope, id_: int, outcome: CallEnd, *, tries: int | None = None, by: str) -> str:
    """Write down what came of a call; the answer is a sentence. Who was reached about a parcel is asked more elsewhere.

    `tries` is how many calls in vain were shown: the same tap again counts no second one.
    """
    if outcome not in PLAIN_ENDS:
        raise BadInput("这个电话没有这样的结果，请选名单上写着的。")
    with reading() as session:
        found = store.to_make(session, scope, only=id_)
    if not found:
        raise NotFound("没有这个要打的电话，或者它不属于您的组织。")
    (call,) = found
    if outcome is CallEnd.took_part:
        return _took_part(call, by=by)
    if outcome is CallEnd.do_not_contact:
        member_marks.mark_do_not_contact(str(call.member_id), by=by)
        with writing(by) as session:
            store.end(session, member_ids=[call.member_id], outcome=outcome, at=now())
        return f"{call.name}要求不再联系，已登记，以后不再寄、不再打。"
    if outcome is CallEnd.told and _tells(call) and call.campaign_code:
        number = consignment_number(call.campaign_code, call.number or 0)
        receipts.record_by_member(call.campaign_code, number, said=Said.all_here, via=SaidVia.phone, by=by)
        return f"已告诉{call.name}，本人知道了，已登记。"
    with writing(by) as session:
        if outcome is CallEnd.no_answer:
            said = _in_vain(session, call.id, call.tries if tries is None else tries)
            if said:
                _note_in_vain(session, call)
                _unreached(session, call.consignment_id)
            return f"{call.name}没有人接，{said or '早已登记。'}"
        if outcome is CallEnd.wrong_number:
            store.mark_wrong(session, member_id=call.member_id)
            about = [call.consignment_id] if call.consignment_id is not None else []
            journal.note(session, subject=Subject.consignment, ids=about, what="wrong number")
            store.end(session, ids=[call.id], outcome=outcome, at=now())
            _unreached(session, call.consignment_id)
            return f"{call.name}的号码不对，已登记；请在台账里更正电话。"
        journal.note(session, subject=Subject.member, ids=[call.member_id], what="told by telephone")
        store.end(session, ids=[call.id], outcome=outcome, at=now())
    return f"已告诉{call.name}。"


def _took_part(call: store.ToMake, *, by: str) -> str:
    if call.programme_id is None:
        raise BadInput("这个电话不是讲学习内容的，不能登记“参加了学习”。")
    with writing(by) as session:
        study_calls.took_part(session, call, by=by)
    return f"{call.name}参加了学习，已记入台账。"


def _note_in_vain(session: Session, call: store.ToMake) -> None:
    """Told where it is looked for: with the parcel it is about, or else with the member."""
    if call.consignment_id is None:
        journal.note(session, subject=Subject.member, ids=[call.member_id], what="nobody answered")
    else:
        journal.note(session, subject=Subject.consignment, ids=[call.consignment_id], what="nobody answered")


def _in_vain(session: Session, id_: int, tries: int) -> str:
    """Plan the next call, or give up; the answer ends a sentence, empty if this try was written down already."""
    again = next_call(local(now()), tries + 1, calendar())
    if not store.in_vain(session, id_=id_, tries=tries, at=now(), next_at=again):
        return ""
    return f"下次 {minute_of(again)} 再打。" if again else f"已打过 {MOST_TRIES} 次，不再列入名单，请党组织上门联系。"


def after(session: Session, consignment_id: int, member_id: int | None, outcome: CallEnd) -> str:
    """What a call about a parcel changes of the calls to make and of the number; empty if nothing is to be said."""
    if outcome is CallEnd.wrong_number and member_id is not None:
        store.mark_wrong(session, member_id=member_id)
    if outcome is CallEnd.no_answer:
        said = [
            _in_vain(session, id_, tries) for id_, tries in store.of_consignment(session, consignment_id=consignment_id)
        ]
        _unreached(session, consignment_id)
        return said[0] if said else ""
    store.end(session, consignment_ids=[consignment_id], outcome=outcome, at=now())
    if outcome is CallEnd.wrong_number:
        _unreached(session, consignment_id)
    return ""


def _unreached(session: Session, consignment_id: int | None) -> None:
    """A case, if all calls of a campaign by telephone were in vain; until it is settled nothing is closed."""
    about = told_calls.unreached(session, consignment_id=consignment_id) if consignment_id is not None else None
    if about and consignment_id is not None:
        number = consignment_number(about.code, about.number)
        case = message_cases.untold(about.campaign_id, consignment_id, number, owner=str(about.sender.get("name", "")))
        cases.open_many(session, cases=[case], at=now())


def assign(scope: Scope, ids: Collection[int], *, caller: str | None, by: str) -> int:
    """Give calls to somebody of the staff by login, or to nobody; the answer is how many changed.

    A caller of another branch is refused: telephone numbers stay where they belong.
    """
    with writing(by) as session:
        mine = {one.id for one in store.to_make(session, scope)}
        if set(ids) - mine:
            raise NotFound("没有这个要打的电话，或者它不属于您的组织。")
        user = users.by_login(session, login=caller) if caller else None
        if caller and (user is None or user.disabled_at is not None):
            raise NotFound(f"没有登录名为“{caller}”的工作人员，可用“user list”查看。")
        if user is not None and set(ids) - {one.id for one in store.to_make(session, Scope(user.organisation_id))}:
            raise BadInput(f"{user.name}不在这些党员所在的组织，看不到他们的电话，不能分给他。")
        return store.assign(session, ids=ids, caller_id=user.key if user else None)


def take(scope: Scope, id_: int, *, user_id: int, by: str) -> None:
    """Whoever asks makes this call."""
    with writing(by) as session:
        if not store.to_make(session, scope, only=id_):
            raise NotFound("没有这个要打的电话，或者它不属于您的组织。")
        store.assign(session, ids=[id_], caller_id=user_id)
