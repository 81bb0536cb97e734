"""The list of calls: who calls whom when, and what is said."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models import CallPurpose
from qianli.campaigns import words as telling_words
from qianli.campaigns.address_round import shown_address
from qianli.campaigns.address_round import words_to_say as words_to_ask
from qianli.campaigns.references import consignment_number
from qianli.campaigns.reminders import ASK_IF_THERE, words_to_say
from qianli.errors import BadInput, NotFound
from qianli.ledger import phones
from qianli.stages.unit import now, reading, writing
from qianli.state_words import CALL_PURPOSE
from qianli.store import address_rounds, reminders, users
from qianli.store import phone_calls as store
from qianli.store.scope import Scope

#: Calls that say the words of a campaign, or ask about them.
OF_CAMPAIGNS = (CallPurpose.notice, CallPurpose.follow_up)


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
        tells=tells(one), was_told=_was_told(one), studies=one.purpose is CallPurpose.study,
    )  # fmt: skip


def tells(one: store.ToMake) -> bool:
    """Whether the call is all there is: to be told is to have received it."""
    return one.purpose is CallPurpose.notice and one.consignment_id is not None


def _was_told(one: store.ToMake) -> bool:
    return one.purpose is CallPurpose.follow_up and one.text is not None


def _said(one: store.ToMake) -> str:
    """What is said: what the row says, or a campaign's words with this member's name in them."""
    if one.words or one.text is None or one.purpose not in OF_CAMPAIGNS:
        return one.words
    sender = one.sender or {}
    if not tells(one):
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
