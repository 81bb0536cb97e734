"""A campaign's samples on the console: in sums for whoever sees it, by name for whoever asks in that branch."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from models import Campaign, Finding, Sample
from qianli.campaigns.references import consignment_number, split_consignment_number
from qianli.errors import NotFound, RuleBroken
from qianli.ledger import phones
from qianli.stages import samples
from qianli.stages.unit import now, reading
from qianli.store import artefacts, console, organisations
from qianli.store import samples as rows
from qianli.store.scope import Scope


@dataclass(frozen=True)
class Person:
    """One who was drawn, with whom to call. What the system believes is not here: it would lead whoever asks."""

    number: str
    name: str
    phone: str
    organisation: str
    finding: Finding | None


@dataclass(frozen=True)
class Looked:
    """One sample in sums; its people, those not asked yet first, if it was drawn for a branch of the scope."""

    seen: samples.Seen
    people: list[Person]
    left: int


def listed(scope: Scope, code: str) -> list[samples.Seen]:
    """Every sample of a campaign that may be seen, newest first."""
    with reading() as session:
        return samples.of_campaign(session, console.campaign(session, scope, code=code))[::-1]


def look(scope: Scope, code: str, number: int) -> Looked:
    """One of them; NotFound outside the scope, or if there is none."""
    with reading() as session:
        campaign = console.campaign(session, scope, code=code)
        row = _own(session, scope, campaign, number)
        seen = next(one for one in samples.of_campaign(session, campaign) if one.number == number)
        drawn = [one for one in rows.drawn(session, campaign_id=campaign.key) if one.sample_id == row.key]
    people = [
        Person(
            consignment_number(code, one.number),
            one.name,
            phones.display(one.phone) if one.phone else "",
            one.organisation,
            one.finding,
        )
        for one in sorted(drawn, key=lambda one: one.finding is not None)
        if one.name
    ]
    return Looked(seen, people, sum(one.finding is None for one in people))


def _own(session: Session, scope: Scope, campaign: Campaign, number: int) -> Sample:
    covered = organisations.covered(session, scope)
    for one in rows.of_campaign(session, campaign_id=campaign.key):
        if one.number == number and one.organisation_id in covered:
            return one
    raise NotFound("没有这一次抽样，或者它不是为您的组织抽的。", code=campaign.code)


def note(scope: Scope, code: str, number: int, consignment: str, finding: Finding, *, by: str) -> str:
    """What was found of one of them; the answer is the consignment's number."""
    with reading() as session:
        _own(session, scope, console.campaign(session, scope, code=code), number)
    parts = split_consignment_number(consignment)
    if parts is None or parts[0] != code:
        raise NotFound("没有这个寄送编号，或者它不在这次抽样里。")
    return samples.record(consignment, finding, sample=number, by=by)


def sheet(scope: Scope, code: str, number: int, *, fetch: Callable[[str], bytes], by: str) -> tuple[str, bytes]:
    """Name and bytes of the sheet; drawn again if it never was, or was erased."""
    with reading() as session:
        campaign = console.campaign(session, scope, code=code)
        _own(session, scope, campaign, number)
        if campaign.purged_at is not None:
            raise RuleBroken("这个活动的个人信息已经清除，出不了核实单。", code=code)
        path = samples.sheet_path(code, number)
        there = [one for one in artefacts.unerased(session, beginning=path, before=now()) if one.published_at]
    if not there:
        samples.make_sheet(code, number, by=by)
    return f"{code}-sample-{number}.pdf", fetch(path)
