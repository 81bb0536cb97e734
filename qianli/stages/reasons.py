"""Reasons that people type. They go into the journal, which outlives the members' data: nobody is named in them."""

import re

from sqlmodel import Session

from qianli.errors import BadInput
from qianli.store import consignments

LOOKS_LIKE_A_PHONE = re.compile(r"(?:\d[ -]?){7,}")
ADVICE = "理由会长期留在记录里，请不要写{what}，例如写“三次电话无人接听”。"


def refuse_naming(session: Session, reason: str, *, campaign_id: int) -> None:
    """BadInput if a reason holds the name of a member of the campaign, or something like a telephone number."""
    if LOOKS_LIKE_A_PHONE.search(reason):
        raise BadInput(ADVICE.format(what="电话或证件号码"))
    if consignments.is_anybody_named(session, text=reason, campaign_id=campaign_id):
        raise BadInput(ADVICE.format(what="党员姓名"))


def is_naming(session: Session, reason: str, *, campaign_id: int) -> bool:
    """Whether a reason that came from outside holds what must not be kept."""
    return bool(LOOKS_LIKE_A_PHONE.search(reason)) or consignments.is_anybody_named(
        session, text=reason, campaign_id=campaign_id
    )
