"""A new version of a campaign's letter, as long as nothing of it was sent."""

from dataclasses import dataclass

from sqlmodel import Session

from models import Campaign, CampaignState, LetterText, Subject
from qianli.documents.designs import measures
from qianli.documents.fonts import missing_characters
from qianli.documents.letter_text import placeholders_in, read_text
from qianli.documents.second_text import refuse_unmatched
from qianli.documents.templates import template_checksum
from qianli.documents.trial import try_design
from qianli.errors import BadInput, RuleBroken
from qianli.stages.approve import require_valid
from qianli.stages.unit import now, reading, writing
from qianli.store import campaigns, journal, letter_texts

STILL_OPEN = {CampaignState.draft, CampaignState.prepared, CampaignState.approved}


@dataclass(frozen=True)
class Revised:
    """The version a campaign's letter has now; `changed` is false when the text was this very one."""

    code: str
    version: int
    design: str
    changed: bool


def revise(code: str, content: bytes, name: str, *, design: str | None, by: str) -> Revised:
    """Put another text, another look or both in the place of a campaign's letter; an approval ends with that."""
    salutation, body = read_text(content, name)
    if strange := missing_characters(salutation + body):
        raise BadInput(f"书信里有字库没有的字：{'、'.join(sorted(strange))}。请换一种写法。")
    with reading() as session:
        chosen = design or campaigns.letter_text(session, campaign=campaigns.by_code(session, code=code)).design
    template_checksum(chosen)
    refuse_unmatched(body, bilingual=measures(chosen).bilingual, design=chosen)
    try_design(chosen)
    with writing(by) as session:
        campaign = campaigns.lock(session, campaign_id=campaigns.by_code(session, code=code).key)
        before = campaigns.letter_text(session, campaign=campaign)
        if (before.title, before.body, before.design) == (salutation, body, chosen):
            return Revised(code, before.version, chosen, changed=False)
        _refuse_too_late(campaign, before, salutation + body)
        made = _add(session, campaign, before, (salutation, body, chosen))
        require_valid(session, campaign)  # voids an approval of the earlier text at once
        return Revised(code, made.version, chosen, changed=True)


def _refuse_too_late(campaign: Campaign, before: LetterText, new: str) -> None:
    if campaign.state not in STILL_OPEN:
        raise RuleBroken("活动已经开始寄送或已经结束，书信不能再改；要换书信，请另建活动。", campaign_id=campaign.key)
    more = placeholders_in(new) - placeholders_in(before.title + before.body)
    if campaign.state is not CampaignState.draft and more:
        named = "、".join(f"“{{{one}}}”" for one in sorted(more))
        raise RuleBroken(
            f"新的书信用了原来没有的{named}，而名单是按原来的书信核对的；请不用它，或另建活动。",
            campaign_id=campaign.key,
        )


def _add(session: Session, campaign: Campaign, before: LetterText, words: tuple[str, str, str]) -> LetterText:
    salutation, body, design = words
    made = letter_texts.add(session, code=before.code, title=salutation, body=body, design=design, at=now())
    campaign.letter_text_id = made.key
    session.add(campaign)
    session.flush()
    why = f"第 {made.version} 版"
    journal.note(session, subject=Subject.campaign, ids=[campaign.key], what="letter revised", why=why)
    return made
