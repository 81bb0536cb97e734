"""What a member sees under a code. Reading a code changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from models import Channel, ItemProblem, Receipt, Said, SaidVia
from qianli.errors import BadInput, NotFound
from qianli.receipts import codes
from qianli.receipts.answers import Standing, standing
from qianli.receipts.contents import ExpectedItem, came_back, expected_items, was_sent
from qianli.receipts.names import masked
from qianli.settings import settings
from qianli.stages import promises, telling
from qianli.stages.address_answers import Question, question
from qianli.stages.codes import count_failure, look_up_hashes
from qianli.stages.unit import reading
from qianli.stages.wishes import Wished, standing_wishes
from qianli.store import receipt_photos, reminders
from qianli.store import receipts as rows

NOTHING_WISHED = Wished({})
WRONG_CODE = "没有找到这个确认码。"

#: What a message calls its link, on the page it leads to.
HERE = "下面的按钮"


@dataclass(frozen=True)
class Before:
    """What was said last time."""

    said: Said
    problems: Mapping[int, ItemProblem]
    note: str
    via: SaidVia
    at: datetime


@dataclass(frozen=True)
class ReceiptPage:
    """All that a code shows: no more than its holder needs."""

    code: str
    consignment_id: int
    standing: Standing
    name: str
    sender: str
    phone: str
    retention_days: int
    came_back: bool = False
    expected: str = ""
    items: list[ExpectedItem] = field(default_factory=list)
    before: Before | None = None
    told: list[str] = field(default_factory=list)
    wished: Wished = NOTHING_WISHED
    photos: int = 0
    question: Question | None = None
    channel: Channel = Channel.post
    words: str = ""


def read_code(typed: str, *, address: str) -> str:
    """The code somebody typed; BadInput, or TooManyTries, if it cannot be one."""
    code = codes.normalise(typed)
    if code is None:
        count_failure(address)
        raise BadInput("这个确认码不对，可能有个别字符看错或漏输了，请对照信上再输一次。")
    return code


def find_by_code(typed: str, *, address: str) -> ReceiptPage:
    """The page of a code; NotFound for a wrong or revoked one, TooManyTries if this address had too many of them.

    A good code is never refused, whatever its address did before.
    """
    code = codes.normalise(typed)
    page = _page(code) if code else None
    if page is None:
        count_failure(address)
        raise NotFound(WRONG_CODE)
    return page


def _page(code: str) -> ReceiptPage | None:
    with reading() as session:
        asked = rows.consignment_by_code_hash(session, hashes=look_up_hashes(code))
        if asked is None:
            return None
        id_ = asked.consignment.key
        lines = rows.lines(session, consignment_id=id_)
        receipt = rows.current(session, consignment_ids=[id_]).get(id_)
        stands = standing(
            asked.campaign.state,
            asked.consignment.state,
            sent=was_sent(lines) or asked.campaign.channel is not Channel.post,
        )
        is_early = stands is Standing.preparing
        return ReceiptPage(
            code=code,
            channel=asked.campaign.channel,
            words=telling.as_told(session, asked.campaign, name=masked(asked.name or ""), link=HERE),
            consignment_id=id_,
            standing=stands,
            question=question(session, consignment_id=id_, snapshot_id=asked.consignment.snapshot_id)
            if is_early
            else None,
            name=masked(asked.name or ""),
            sender=str(asked.campaign.sender.get("name", "寄件单位")),
            phone=str(asked.campaign.sender.get("phone", "")),
            retention_days=settings().retention_days,
            came_back=asked.campaign.channel is Channel.post and came_back(lines),
            expected=promises.to_member(session, asked.campaign, consignment_id=id_),
            items=expected_items(lines),
            before=_before(session, receipt) if receipt else None,
            photos=len(receipt_photos.there(session, consignment_id=id_)),
            told=reminders.sentences_of(session, consignment_id=id_),
            wished=standing_wishes(session, consignment_id=id_, member_id=asked.consignment.member_id),
        )


def _before(session: Session, receipt: Receipt) -> Before:
    problems = rows.problems(session, receipt_ids=[receipt.key]).get(receipt.key, {})
    return Before(receipt.said, problems, receipt.note, receipt.said_via, receipt.recorded_at)
