"""What a member may say, when, and what it leads to."""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from models import CampaignState, CaseReason, ConsignmentState, ItemProblem, Said
from qianli.errors import BadInput

S = ConsignmentState
NOTE_LENGTH = 200

#: What the consignment is after the member said it.
STATE_AFTER = {
    Said.all_here: S.confirmed,
    Said.something_missing: S.confirmed_with_issues,
    Said.damaged: S.confirmed_with_issues,
    Said.not_received: S.denied,
}
#: What becomes a piece of work.
CASE_AFTER = {
    Said.something_missing: CaseReason.something_missing,
    Said.damaged: CaseReason.damaged,
    Said.not_received: CaseReason.not_received,
}
ANSWERED = {S.confirmed, S.confirmed_with_issues, S.denied}


class Standing(StrEnum):
    """What a member can do about a consignment just now."""

    preparing = "preparing"
    open = "open"
    closed = "closed"
    cancelled = "cancelled"


def standing(campaign: CampaignState, consignment: ConsignmentState, *, sent: bool) -> Standing:
    """An answer is taken from the first hand-over on until the campaign closes; corrections as well."""
    if campaign == CampaignState.cancelled or consignment == S.cancelled:
        return Standing.cancelled
    if campaign == CampaignState.closed or consignment in (S.unconfirmed, S.not_sent):
        return Standing.closed
    if consignment in ANSWERED or (sent and consignment in (S.under_way, S.held)):
        return Standing.open
    return Standing.preparing


@dataclass(frozen=True)
class Answer:
    """What a member said: in one word, item by item, and in the own words."""

    said: Said
    problems: Mapping[int, ItemProblem] = field(default_factory=dict)
    note: str = ""


def checked(said: Said, problems: Mapping[int, ItemProblem], note: str, *, items: Collection[int]) -> Answer:
    """The answer, if it makes sense for a consignment of these kit items; BadInput otherwise."""
    if not set(problems) <= set(items):
        raise BadInput("指出的物品不在这份包裹里，请刷新页面后重新填写。")
    if said in (Said.all_here, Said.not_received) and problems:
        raise BadInput("既然有物品少了或坏了，就请不要选“全部收到”或“没有收到”。")
    kinds = set(problems.values())
    if said == Said.something_missing and ItemProblem.missing not in kinds:
        raise BadInput("请指出少了哪一样；如果都齐全，请选“全部收到”。")
    if said == Said.damaged and kinds != {ItemProblem.damaged}:
        raise BadInput("请指出坏了哪一样；如果还有物品少了，请按“有缺少”登记。")
    return Answer(said=said, problems=dict(problems), note=clean_note(note))


def said_of(problems: Mapping[int, ItemProblem]) -> Said:
    """Several troubles in one word: something missing weighs more than something damaged."""
    if not problems:
        raise BadInput("请指出哪一样少了或坏了；如果都齐全完好，请按“全部收到”。")
    return Said.something_missing if ItemProblem.missing in problems.values() else Said.damaged


def clean_note(text: str) -> str:
    """A note without invisible characters; BadInput if it is too long to keep."""
    lines = text.replace("\r\n", "\n")
    note = "".join(one for one in lines if one == "\n" or unicodedata.category(one) not in ("Cc", "Cf", "Cs")).strip()
    if len(note) > NOTE_LENGTH:
        raise BadInput(f"留言最多 {NOTE_LENGTH} 字，现在是 {len(note)} 字，请写短一些。")
    return note
