"""Campaigns: new ones, the list, their papers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from models import ArtefactKind, Campaign, CampaignState, Kit, Subject
from qianli.campaigns.definition import CampaignDefinition, digest
from qianli.campaigns.told_definition import ToldDefinition, read_any_campaign
from qianli.couriers.registry import courier
from qianli.documents.designs import measures
from qianli.documents.letter_text import read_text
from qianli.documents.second_text import refuse_unmatched
from qianli.documents.templates import template_checksum
from qianli.documents.trial import try_design
from qianli.errors import Conflict, NotFound, RuleBroken
from qianli.stages import audiences, message_channels, third_parties, told_campaigns
from qianli.stages.address_rounds import still_asking
from qianli.stages.artefacts import shown
from qianli.stages.ladders import refuse_strange_texts
from qianli.stages.printable import refuse_revealing, refuse_unprintable
from qianli.stages.unit import now, reading, today, writing
from qianli.store import artefacts, campaigns, journal, kits, letter_texts, organisations


@dataclass(frozen=True)
class NewCampaign:
    """What was registered, and what to think about."""

    code: str
    name: str
    added: bool
    warnings: list[str]


def new_campaign(content: bytes, *, read_beside: Callable[[str], bytes], by: str) -> NewCampaign:
    """Register a campaign as a draft. `read_beside` gives the bytes of the letter file the definition names."""
    definition = read_any_campaign(content)
    if isinstance(definition, ToldDefinition):
        return _new_told(definition, by=by)
    salutation, body = _letter(definition, read_beside(definition.letter))
    for code in [definition.courier.default, *definition.courier.by_province.values()]:
        courier(code)
    third_parties.refuse_strange(definition.courier.trackers)
    message_channels.refuse_strange(definition.messages)
    refuse_strange_texts(definition.follow_up)
    try_design(definition.design)
    warnings = _warnings(definition)
    checksum = digest([definition.checksum, salutation, body])
    with writing(by) as session:
        existing = _existing(session, definition, checksum)
        if existing is None:
            _add(session, definition, checksum, salutation, body, by)
    return NewCampaign(definition.code, definition.name, existing is None, warnings)


def _new_told(definition: ToldDefinition, *, by: str) -> NewCampaign:
    """The same of a campaign that tells its members something."""
    told_campaigns.refuse_strange(definition)
    with writing(by) as session:
        existing = _existing(session, definition, definition.checksum)
        if existing is None:
            audiences.of_definition(session, definition)
            told_campaigns.add(session, definition, by=by)
    return NewCampaign(definition.code, definition.name, existing is None, told_campaigns.warnings(definition))


def _existing(session: Session, definition: CampaignDefinition | ToldDefinition, checksum: str) -> Campaign | None:
    try:
        found = campaigns.by_code(session, code=definition.code)
    except NotFound:
        return None
    if found.definition_checksum != checksum:
        raise Conflict(f"活动代码“{definition.code}”已经用过，内容不同；请换一个代码。", code=definition.code)
    return found


def _letter(definition: CampaignDefinition, raw: bytes) -> tuple[str, str]:
    salutation, body = read_text(raw, definition.letter)
    template_checksum(definition.design)
    refuse_unmatched(body, bilingual=measures(definition.design).bilingual, design=definition.design)
    refuse_unprintable(definition, salutation=salutation, body=body)
    return salutation, body


def _warnings(definition: CampaignDefinition) -> list[str]:
    warnings = []
    if definition.planned_delivery < today():
        warnings.append(f"计划送达日 {definition.planned_delivery} 已经过去，地址仍按这一天核对。")
    if definition.letter_date > definition.planned_delivery:
        warnings.append("书信落款日期晚于计划送达日，请核对。")
    return warnings


def _add(session: Session, definition: CampaignDefinition, checksum: str, salutation: str, body: str, by: str) -> None:
    kit = _kit(session, definition)
    refuse_revealing(definition, items=[line.name for line in kits.rows(session, kit_id=kit.key)])
    organisation = organisations.by_name(session, name=definition.organisation)
    audiences.of_definition(session, definition)
    text = letter_texts.add(
        session, code=definition.code, title=salutation, body=body, design=definition.design, at=now()
    )
    campaign = Campaign(
        code=definition.code,
        name=definition.name,
        organisation_id=organisation.key,
        kit_id=kit.key,
        letter_text_id=text.key,
        sender=definition.sender.model_dump(),
        outside=definition.outside.model_dump(),
        contacts=[one.model_dump() for one in definition.contacts],
        imprints=[str(one) for one in definition.imprints],
        audience=definition.audience.as_written() | {"divisions": definition.audience.divisions},
        couriers=definition.courier.model_dump(),
        postage=definition.postage_rows,
        messages=definition.messages,
        follow_up=definition.ladder_rows,
        letter_on=definition.letter_date,
        planned_delivery_on=definition.planned_delivery,
        address_max_age_days=definition.address_max_age_days,
        consolidate=definition.consolidate,
        label_layout=definition.labels,
        definition_checksum=checksum,
        seed=int(checksum[:8], 16) & 0x7FFFFFFF,
        created_by=by,
        created_at=now(),
    )
    session.add(campaign)
    session.flush()
    journal.note(session, subject=Subject.campaign, ids=[campaign.key], what=CampaignState.draft)


def _kit(session: Session, definition: CampaignDefinition) -> Kit:
    kit = kits.latest(session, code=definition.kit)
    if kit is None:
        raise NotFound(f"没有代码为“{definition.kit}”的资料包，请先用“kit add”登记。", kit=definition.kit)
    return kit


def list_campaigns() -> list[dict[str, str]]:
    """Code, name and state of every campaign."""
    with reading() as session:
        return [{"code": one.code, "name": one.name, "state": one.state} for one in campaigns.everything(session)]


def documents(code: str) -> list[dict[str, Any]]:
    """Every published paper of a campaign: kind, path, pages, sha256, print_run, and deleted_at once it was erased.

    Letters in a file each, thousands, are not named one by one.
    `faces` says which family outside our own served which characters.
    """
    with reading() as session:
        campaign = campaigns.by_code(session, code=code)
        found = artefacts.of_campaign(session, campaign_id=campaign.key)
    return [
        {
            "kind": one.kind,
            "path": shown(one.path),
            "pages": one.pages,
            "sha256": one.sha256,
            "print_run": run.number if run else None,
            "faces": (run.faces if run else None) or {},
            "deleted_at": one.deleted_at,
        }
        for one, run in found
        if one.published_at is not None and (run is not None or one.kind is not ArtefactKind.letter)
    ]


def ask(code: str, flow: str, *, by: str) -> int:
    """Note who asked for a flow; the answer is the campaign's id, which goes to the flow in place of the code."""
    with writing(by) as session:
        campaign_id = campaigns.by_code(session, code=code).key
        if flow == "fulfil_campaign" and (refusal := still_asking(session, campaign_id)):
            raise RuleBroken(refusal, campaign_id=campaign_id)
        journal.note(session, subject=Subject.campaign, ids=[campaign_id], what=f"{flow} asked")
    return campaign_id
