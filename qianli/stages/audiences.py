"""Whom a campaign is for: worked out from its definition, and counted before anything else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from models import Campaign
from qianli.campaigns.audience import Division, ManagedAs, months_before
from qianli.campaigns.definition import CampaignDefinition
from qianli.campaigns.told_definition import ToldDefinition, read_any_campaign
from qianli.stages.unit import reading, today
from qianli.store import audience, campaigns, organisation_tree, organisations
from qianli.store.audience import Wanted


@dataclass(frozen=True)
class Branch:
    """How many of one organisation's members are meant."""

    organisation: str
    members: int


@dataclass(frozen=True)
class Audience:
    """How many are meant on the day, by organisation, and how many are left out because too little is known."""

    on: date
    members: int
    branches: list[Branch]
    place_unknown: int
    away_unknown: int


def of_file(content: bytes) -> Audience:
    """The audience of a definition that need not be registered."""
    definition = read_any_campaign(content)
    with reading() as session:
        return _counted(session, of_definition(session, definition))


def of_code(code: str) -> Audience:
    """The audience of a registered campaign, as the ledger is now; `prepare` goes by the same."""
    with reading() as session:
        return _counted(session, of_campaign(session, campaigns.by_code(session, code=code)))


def of_definition(session: Session, definition: CampaignDefinition | ToldDefinition) -> Wanted:
    """What a definition asks for; NotFound if it names an organisation that is not there."""
    asked = definition.audience
    names = asked.organisations or [definition.organisation]
    roots = [organisations.by_name(session, name=name).key for name in names]
    return _wanted(
        roots,
        asked.managed_as,
        asked.divisions,
        months=(asked.away_months_at_least, asked.away_months_at_most),
        delivery_on=definition.planned_delivery,
    )


def of_campaign(session: Session, campaign: Campaign) -> Wanted:
    """What a registered campaign asks for. Divisions are those that were meant when it was registered."""
    asked = campaign.audience
    names = asked.get("organisations") or []
    roots = [organisations.by_name(session, name=name).key for name in names] or [campaign.organisation_id]
    return _wanted(
        roots,
        ManagedAs(asked.get("managed_as", ManagedAs.home)),
        [(province, city, district) for province, city, district in asked.get("divisions", [])],
        months=(asked.get("away_months_at_least"), asked.get("away_months_at_most")),
        delivery_on=campaign.planned_delivery_on,
    )


def _wanted(
    roots: Sequence[int],
    managed_as: ManagedAs,
    divisions: Sequence[Division],
    *,
    months: tuple[int | None, int | None],
    delivery_on: date,
) -> Wanted:
    """After the planned day, where a member lives today counts, as it does for the address."""
    least, most = months
    return Wanted(
        root_ids=tuple(sorted(set(roots))),
        managed_as=managed_as,
        divisions=tuple(divisions),
        away_before=months_before(delivery_on, least) if least is not None else None,
        away_after=months_before(delivery_on, most) if most is not None else None,
        on=max(delivery_on, today()),
    )


def _counted(session: Session, wanted: Wanted) -> Audience:
    counts = audience.by_organisation(session, wanted=wanted)
    left_out = audience.unknown(session, wanted=wanted)
    nodes = organisation_tree.nodes(session)
    branches = [Branch(one.path, counts[one.id]) for one in nodes if one.id in counts]
    return Audience(wanted.on, sum(counts.values()), branches, left_out.place, left_out.away_since)
