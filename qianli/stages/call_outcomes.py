"""What came of a call: by the call, or by the number of what it was about, of which there is more to say."""

from enum import StrEnum

from models import CallEnd, Said, SaidVia, Subject, ToldVia
from qianli.campaigns.references import split_consignment_number
from qianli.errors import BadInput, NotFound
from qianli.receipts.wishes import Wish
from qianli.stages import address_answers, call_ends, member_marks, phone_calls, receipts, reminders, wishes
from qianli.stages.unit import reading, writing
from qianli.store import journal
from qianli.store import phone_calls as rows
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


#: Outcomes of which there is more to say where the call was about a parcel, a message or an address.
REACHED = {Outcome.confirmed, Outcome.told, Outcome.still_here, Outcome.moved, Outcome.unsure}


def note(
    scope: Scope,
    id_: int,
    outcome: str,
    *,
    address: str = "",
    as_it_is: bool = False,
    tries: int | None = None,
    by: str,
) -> str:
    """Write down what came of a call; the answer is a sentence. ValueError for an outcome there is not."""
    about = phone_calls.about(scope, id_)
    if about is None or outcome not in REACHED:
        return call_ends.note(scope, id_, CallEnd(outcome), tries=tries, by=by)
    code, number = about
    # The call is theirs to make, whosever the campaign is.
    return by_number(EVERYTHING, code, number, Outcome(outcome), address=address, as_it_is=as_it_is, by=by)


def by_number(
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
    """Write down what came of a call about this number; the answer is a sentence."""
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
        call_ends.after(session, consignment_id, member_id, CallEnd(outcome))


def _in_vain(consignment_id: int, member_id: int | None, number: str, outcome: Outcome, by: str) -> str:
    with writing(by) as session:
        planned = call_ends.after(session, consignment_id, member_id, CallEnd(outcome))
        if outcome is Outcome.wrong_number:
            journal.note(session, subject=Subject.consignment, ids=[consignment_id], what="wrong number")
            return f"{number}：号码不对，已登记，排到最后；请在台账里更正电话。"
        journal.note(session, subject=Subject.consignment, ids=[consignment_id], what="nobody answered")
        return f"{number}：没有人接，已登记，{planned or '请改日再打。'}"
