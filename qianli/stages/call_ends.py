"""What came of a call, and what that changes of the calls to make: another try, a case, or the end."""

from sqlmodel import Session

from models import CallEnd, Said, SaidVia, Subject
from qianli.campaigns.calling import MOST_TRIES, next_call
from qianli.campaigns.references import consignment_number
from qianli.errors import BadInput, NotFound
from qianli.stages import member_marks, message_cases, receipts, study_calls
from qianli.stages.calendar import calendar
from qianli.stages.phone_calls import tells
from qianli.stages.unit import local, minute_of, now, reading, writing
from qianli.store import cases, journal, told_calls
from qianli.store import phone_calls as store
from qianli.store.scope import Scope

#: What may come of a call about no parcel; of the others there is more to say, see call_outcomes.
PLAIN_ENDS = (CallEnd.told, CallEnd.took_part, CallEnd.no_answer, CallEnd.wrong_number, CallEnd.do_not_contact)


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
    if outcome is CallEnd.told and tells(call) and call.campaign_code:
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
