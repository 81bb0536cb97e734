"""Seals and signatures: put in by an administrator, approved with a campaign, printed with what was approved only."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models import Campaign, Imprint, ImprintKind
from qianli.documents import imprints as pictures
from qianli.documents.imprints import Picture
from qianli.errors import NotFound, RuleBroken
from qianli.stages.unit import now, reading, writing
from qianli.store import campaigns, imprints, organisations

WORDS = {ImprintKind.seal: "印章", ImprintKind.signature: "手写签名"}


@dataclass(frozen=True)
class ImprintLine:
    """What an organisation has; the picture itself is not shown."""

    kind: ImprintKind
    width_mm: int
    sha256: str
    added_by: str
    added_at: datetime


def put(path: str, kind: ImprintKind, raw: bytes, *, width_mm: int | None, by: str) -> ImprintLine:
    """Take in a picture for an organisation, in the place of the one it has; the same picture again changes nothing."""
    wide = width_mm or pictures.USUAL_MM[kind]
    pictures.check_width(kind, wide)
    png = pictures.cleaned(raw, kind)
    sha256 = hashlib.sha256(png).hexdigest()
    with writing(by) as session:
        organisation_id = organisations.by_name(session, name=path).key
        for one in imprints.live(session, organisation_id=organisation_id):
            if (one.kind, one.sha256, one.width_mm) == (kind, sha256, wide):
                return _line(one)
        made = Imprint(
            organisation_id=organisation_id,
            kind=kind,
            content=base64.b64encode(png).decode(),
            sha256=sha256,
            width_mm=wide,
            added_by=by,
            added_at=now(),
        )
        imprints.add(session, imprint=made)
        return _line(made)


def withdraw(path: str, kind: ImprintKind, *, by: str) -> None:
    """From now on no letter gets it; NotFound if there is none."""
    with writing(by) as session:
        organisation_id = organisations.by_name(session, name=path).key
        if not imprints.withdraw(session, organisation_id=organisation_id, kind=kind, by=by, at=now()):
            raise NotFound(f"“{path}”没有登记{WORDS[kind]}。", organisation_id=organisation_id)


def list_imprints(path: str) -> list[ImprintLine]:
    """What an organisation has."""
    with reading() as session:
        organisation_id = organisations.by_name(session, name=path).key
        return [_line(one) for one in imprints.live(session, organisation_id=organisation_id)]


def _line(one: Imprint) -> ImprintLine:
    return ImprintLine(one.kind, one.width_mm, one.sha256, one.added_by, one.added_at)


def checksum(session: Session, campaign: Campaign) -> str:
    """What an approval covers of them; empty for letters without."""
    if not campaign.imprints:
        return ""
    found = imprints.live(session, organisation_id=campaign.organisation_id)
    return "".join(f"{one.kind} {one.sha256} {one.width_mm};" for one in found if one.kind in campaign.imprints)


def refuse_lacking(session: Session, campaign: Campaign) -> None:
    """RuleBroken if a campaign wants what its organisation does not have."""
    there = {one.kind for one in imprints.live(session, organisation_id=campaign.organisation_id)}
    if lacking := [WORDS[ImprintKind(one)] for one in campaign.imprints if one not in there]:
        name = organisations.name_of(session, organisation_id=campaign.organisation_id)
        how = "请先用“organisation seal”或“organisation signature”登记"
        raise RuleBroken(f"书信要有{'、'.join(lacking)}，“{name}”还没有登记，{how}。", campaign_id=campaign.key)


def warnings(session: Session, campaign: Campaign) -> tuple[str, ...]:
    """What whoever approves has to know of them."""
    if not campaign.imprints:
        return ()
    name = organisations.name_of(session, organisation_id=campaign.organisation_id)
    wanted = "、".join(WORDS[ImprintKind(one)] for one in campaign.imprints)
    return (f"批准后，书信将印上“{name}”的{wanted}；样张上没有，只留出位置。",)


def approved(session: Session, campaign: Campaign) -> tuple[Picture, ...]:
    """The pictures approved with a campaign; RuleBroken if nothing is approved, or one was withdrawn since."""
    if not campaign.imprints:
        return ()
    approval = campaigns.live_approval(session, campaign_id=campaign.key)
    if approval is None:
        raise RuleBroken("书信要盖章或签名，而活动没有有效的批准，不能打印；请先批准。", campaign_id=campaign.key)
    found = imprints.as_of(
        session, organisation_id=campaign.organisation_id, kinds=campaign.imprints, at=approval.approved_at
    )
    if len(found) < len(campaign.imprints) or any(one.withdrawn_at is not None for one in found):
        raise RuleBroken("印章或签名在批准之后停用或更换了，书信没有打印；请重新批准。", campaign_id=campaign.key)
    return tuple(Picture(one.kind, base64.b64decode(one.content), one.width_mm) for one in found)
