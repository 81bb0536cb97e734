"""Messages that nobody knows of whether they were sent: cases, and what a person finds out."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from models import CaseOutcome, CaseReason, Message, MessageEnd, MessagePurpose
from qianli.campaigns.cases import case_words
from qianli.campaigns.references import consignment_number
from qianli.errors import NotFound, RuleBroken
from qianli.stages.reasons import LOOKS_LIKE_A_PHONE, is_naming
from qianli.stages.unit import now, writing
from qianli.store import cases, message_facts, message_results, message_sending
from qianli.store import messages as store


def open_about(session: Session, ids: Collection[int], *, at: datetime) -> None:
    """Open a case about each, for whoever answers for it."""
    session.flush()
    new = []
    for one in message_facts.standing(session, ids=ids):
        told = case_words(CaseReason.message_unclear, message=one.message.sending_key)
        new.append(
            cases.NewCase(
                campaign_id=one.message.campaign_id,
                message_id=one.message.key,
                reason=CaseReason.message_unclear,
                sentence=told.sentence,
                next_step=told.next_step,
                owner=one.owner,
            )
        )
    cases.open_many(session, cases=new, at=at)


def unclear(session: Session, message: Message, at: datetime) -> None:
    """Nobody knows whether it was sent: a case, unless another worker has the message now."""
    if message_sending.unclear(session, message=message, at=at):
        open_about(session, [message.key], at=at)


def not_told(session: Session, ids: Collection[int], *, at: datetime) -> None:
    """A case about each consignment whose message did not arrive, where the message was all there is to be sent."""
    new = []
    for one in message_facts.standing(session, ids=ids) if ids else []:
        message = one.message
        if message.purpose is MessagePurpose.notice and message.campaign_id and message.consignment_id:
            number = consignment_number(one.campaign_code or "", one.number or 0)
            new.append(untold(message.campaign_id, message.consignment_id, number, owner=one.owner))
    cases.open_many(session, cases=new, at=at)


def untold(campaign_id: int, consignment_id: int, number: str, *, owner: str) -> cases.NewCase:
    """The case about a member whom what was to be told has not reached."""
    told = case_words(CaseReason.not_told, consignment=number)
    return cases.NewCase(
        campaign_id=campaign_id, consignment_id=consignment_id, reason=CaseReason.not_told, sentence=told.sentence,
        next_step=told.next_step, owner=owner,
    )  # fmt: skip


def close_about(session: Session, ids: Collection[int], *, by: str, at: datetime) -> None:
    """What was unclear is known now."""
    found = [one.key for one in cases.open_cases(session, message_ids=ids)] if ids else []
    cases.resolve_cases(session, ids=found, outcome=CaseOutcome.settled, by=by, at=at)


def settle(key: str, *, sent: bool, by: str) -> bool:
    """A person found out what became of an unclear message; False if it is known already, and was the same."""
    with writing(by) as session:
        message = store.by_key(session, key=key.strip())
        if message is None:
            raise NotFound("没有这个编号的消息，可用“message list”查看。")
        if message.unclear_at is None:
            is_known = message.answered_at is not None or message.failed_at is not None
            if is_known and (message.answered_at is not None) is sent:
                return False
            raise RuleBroken("这条消息不是“不知发出没有”的，不用登记；可用“message list”查看。")
        message_results.settle(session, message_id=message.key, sent=sent, at=now())
        close_about(session, [message.key], by=by, at=now())
        not_told(session, [] if sent else [message.key], at=now())
    return True


def withdraw(message_id: int, *, by: str) -> bool:
    """Take back one that waits; False if it is too late, or it was done before."""
    with writing(by) as session:
        return store.cancel(session, message_ids=[message_id], reason=MessageEnd.withdrawn, at=now()) > 0


def nameless(session: Session, message: Message, words: str) -> str:
    """The channel's words, unless they name somebody."""
    if message.campaign_id is None:
        return "" if LOOKS_LIKE_A_PHONE.search(words) else words
    return "" if is_naming(session, words, campaign_id=message.campaign_id) else words
