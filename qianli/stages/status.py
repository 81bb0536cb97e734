"""How a campaign stands: counts, who is held, what went wrong, and what waits for whom."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlmodel import Session

from models import Campaign, ConsignmentState, ParcelStage, Said, Tracking
from qianli.campaigns.billing import sentences
from qianli.campaigns.references import consignment_number
from qianli.campaigns.tracking import ENDED
from qianli.stages import billing, promises, telling
from qianli.stages.cases import views
from qianli.stages.chasing import CHASE_AFTER_DAYS, chased
from qianli.stages.unit import now, reading, today
from qianli.store import campaigns, case_lists, consignments, following, holds, moved, reminders
from qianli.store import status as store

Counts = dict[str, int]
Parcels = Mapping[tuple[ParcelStage, Tracking], int]


def status(campaign: str) -> dict[str, Any]:
    """One object with all of it, ready for --json; counts leave out what is zero."""
    with reading() as session:
        row = campaigns.by_code(session, code=campaign)
        id_, at = row.key, now()
        owed = consignments.count_by_state(session, campaign_id=id_)
        parcels = store.parcels(session, campaign_id=id_)
        open_cases = case_lists.listed(session, campaign_id=id_)
        late = store.unanswered(session, before=at - timedelta(days=CHASE_AFTER_DAYS), campaign_id=id_)
        return {
            "code": row.code,
            "name": row.name,
            "state": row.state,
            "channel": row.channel,
            "planned_delivery_on": row.planned_delivery_on,
            "purged_at": row.purged_at,
            "consignments": _sorted(owed, ConsignmentState),
            "parcels": _stages(parcels),
            "replacements": _sorted(store.replacement_parcels(session, campaign_id=id_), ParcelStage),
            "tracking": _trackings(parcels),
            "overdue": promises.overdue(session, row),
            **_silence(session, id_),
            "billed": _billed(session, row),
            "receipts": _sorted(store.receipts(session, campaign_id=id_), Said),
            "held": _held(session, row),
            "cases": [asdict(view) for view in views(open_cases)],
            "moved_since": _moved_since(session, row),
            "to_chase": [asdict(chased(row.code, one, at=at)) for _, one in late],
            "open": waiting(session, row, owed, parcels) | {"cases": len(open_cases)},
        }


def _silence(session: Session, campaign_id: int) -> dict[str, Any]:
    """Of parcels under way: since when the longest silent one is, and when a courier is asked next."""
    found = following.silences(session, campaign_id=campaign_id).values()
    return {
        "silent_since": min((one.news_at for one in found if one.news_at), default=None),
        "asked_next_at": min((one.next_at for one in found if one.next_at), default=None),
    }


def _billed(session: Session, campaign: Campaign) -> dict[str, Any]:
    """What couriers billed, and by how much that is beyond the approval; empty while there is no invoice."""
    found = billing.of_campaign(session, campaign)
    return asdict(found) | {"beyond_fen": found.beyond_fen, "sentences": sentences(found)} if found else {}


def _sorted(counts: Mapping[Any, int], order: type[StrEnum]) -> Counts:
    """State → count in the order of the life of things, without zeros."""
    return {state: counts[state] for state in order if counts.get(state)}


def _stages(parcels: Parcels) -> Counts:
    total: Counter[ParcelStage] = Counter()
    for (stage, _), count in parcels.items():
        total[stage] += count
    return _sorted(total, ParcelStage)


def _trackings(parcels: Parcels) -> Counts:
    """Of parcels that a courier has, had, or speaks of."""
    total: Counter[Tracking] = Counter()
    for (stage, tracking), count in parcels.items():
        if stage in store.LEFT_THE_HOUSE or tracking != Tracking.unknown:
            total[tracking] += count
    return _sorted(total, Tracking)


def _held(session: Session, campaign: Campaign) -> list[dict[str, Any]]:
    return [
        {
            "member": name,
            "number": consignment_number(campaign.code, number),
            "reason": hold.reason,
            "sentence": hold.sentence,
            "next_step": hold.next_step,
        }
        for hold, number, name, _ in holds.of_campaign(session, campaign_id=campaign.key)
    ]


def _moved_since(session: Session, campaign: Campaign) -> list[dict[str, Any]]:
    """Who lives elsewhere by now than the papers say, whose parcel has not left, and of whom nothing was decided."""
    on = max(campaign.planned_delivery_on, today())
    return [
        {
            "member": one.snapshot.name,
            "number": consignment_number(campaign.code, one.number),
            "stage": one.stage,
        }
        for one in moved.elsewhere(session, campaign_id=campaign.key, on=on)
        if one.is_open
    ]


def waiting(
    session: Session,
    campaign: Campaign,
    owed: Mapping[ConsignmentState, int],
    parcels: Parcels,
) -> Counts:
    """What waits for whom: the organiser, the packer, the courier, whoever sends and calls, the member."""
    campaign_id = campaign.key

    def at(*stages: ParcelStage) -> int:
        return sum(count for (stage, _), count in parcels.items() if stage in stages)

    sealed = store.ready_for_the_courier(session, campaign_id=campaign_id)
    moving = sum(n for (stage, seen), n in parcels.items() if stage == ParcelStage.handed_over and seen not in ENDED)
    to_send, to_call = telling.still_to_tell(session, campaign)
    return {
        "held": owed.get(ConsignmentState.held, 0),
        "to_fulfil": owed.get(ConsignmentState.ready, 0) + store.without_a_parcel(session, campaign_id=campaign_id),
        "to_replace": store.replacements_asked_for(session, campaign_id=campaign_id),
        "to_pack": at(ParcelStage.planned, ParcelStage.printed),
        "to_seal": at(ParcelStage.packed) - sealed,
        "to_hand_over": sealed,
        "to_send": to_send,
        "to_call": to_call,
        "to_track": moving,
        "to_remind": len(reminders.to_tell(session, campaign_id=campaign_id)),
        "to_confirm": store.waiting_for_an_answer(session, campaign_id=campaign_id),
    }
