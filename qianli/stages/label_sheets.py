"""Sheets of labels of which some were used before: on which label the next run begins."""

from sqlmodel import Session

from models import Campaign
from qianli.documents.label_sizes import SIZES
from qianli.errors import BadInput
from qianli.stages.unit import writing
from qianli.store import campaigns


def begin_on(campaign_code: str, from_label: int, *, by: str) -> None:
    """The next labels that are planned begin on this label (from 1) of their first sheet."""
    with writing(by) as session:
        campaign = campaigns.lock(session, campaign_id=campaigns.by_code(session, code=campaign_code).key)
        campaign.from_label = checked(campaign, from_label)
        session.add(campaign)


def begun(session: Session, campaign: Campaign) -> int | None:
    """Where the sheet that is begun goes on. Asked once: the run after it begins on a new one."""
    from_label, campaign.from_label = campaign.from_label, None
    session.add(campaign)
    return from_label


def checked(campaign: Campaign, from_label: int) -> int:
    """A label there is on a sheet of this campaign's; BadInput otherwise."""
    per_sheet = SIZES[campaign.label_layout].per_sheet
    if per_sheet == 1:
        raise BadInput("这个活动的面单印在卷纸上，一张一份，不用写从第几张开始。")
    if not 1 <= from_label <= per_sheet:
        raise BadInput(f"--from-label 是一页上的第几张，从 1 到 {per_sheet}。")
    return from_label
