"""Sharing out stock and approval among the consignments that could go."""

from collections.abc import Sequence
from itertools import takewhile

from sqlmodel import Session

from models import Campaign, Channel, ConsignmentState, Hold, HoldReason
from qianli.campaigns.allocation import allocate
from qianli.campaigns.holds import ALLOCATION, WORDS
from qianli.kits.planning import Load
from qianli.stages import telling
from qianli.stages.judging import hold_row
from qianli.stages.loads import committed_fen, first_sends, running_cost_fen
from qianli.stages.unit import now
from qianli.store import campaigns, consignments, holds, kits, replacements, stock, transitions
from qianli.store.kits import KitRow

NOT_COUNTED = {ConsignmentState.planned, ConsignmentState.held, ConsignmentState.cancelled, ConsignmentState.not_sent}


def allocate_ready(session: Session, campaign: Campaign) -> None:
    """Reserve stock for all who are ready and not served yet, by number, as far as stock and approval reach.

    Those held for stock or approval alone try again; whoever is not served is held with the reason.
    """
    _give_another_chance(session, campaign)
    ready = consignments.ids_in(session, campaign_id=campaign.key, states=[ConsignmentState.ready])
    reserved = {consignment for consignment, _ in stock.outstanding(session, consignment_ids=ready)}
    needs = stock.needs(session, campaign_id=campaign.key)
    wanting = [id_ for id_ in ready if id_ not in reserved] if needs else ready
    stock.lock_items(session)
    again = replacements.wanted(session)  # whoever was sent something that did not arrive goes first
    available = {level.item.key: level.available - again.get(level.item.key, 0) for level in stock.levels(session)}
    allowed = _allowed(session, campaign, len(ready) - len(wanting))
    answer = allocate(wanting, needs=needs, available=available, allowed=allowed)
    rows, loads = kits.rows(session, kit_id=campaign.kit_id), first_sends(session, campaign)
    served, too_dear = _within_amount(session, campaign, rows, loads, answer.served, set(wanting))
    _reserve(session, campaign, rows, loads, set(served))
    _hold(session, answer.out_of_stock, HoldReason.out_of_stock)
    _hold(session, answer.over_approval + too_dear, HoldReason.over_approval)


def give_way(session: Session, ids: list[int]) -> None:
    """First sends that wait once more, since what they had reserved goes to replacements."""
    stock.release(session, consignment_ids=ids, reason="先用于补寄")
    _hold(session, ids, HoldReason.out_of_stock)


def _reserve(
    session: Session, campaign: Campaign, rows: Sequence[KitRow], loads: Sequence[Load], served: set[int]
) -> None:
    """What each of them still lacks: the whole kit, or after a return only what is not on its way already."""
    items = {row.kit_item_id: row.item_id for row in rows if row.kind == "stock"}
    needs = {
        load.consignment_id: {
            items[line.kit_item_id]: line.quantity for line in load.lines if line.kit_item_id in items
        }
        for load in loads
        if load.consignment_id in served
    }
    stock.reserve(session, campaign_id=campaign.key, needs=needs)


def _allowed(session: Session, campaign: Campaign, waiting: int) -> int:
    """How many more consignments the approval covers."""
    approval = campaigns.live_approval(session, campaign_id=campaign.key)
    counts = consignments.count_by_state(session, campaign_id=campaign.key)
    going = sum(n for state, n in counts.items() if state not in NOT_COUNTED and state is not ConsignmentState.ready)
    return (approval.consignments if approval else 0) - going - waiting


def _within_amount(
    session: Session,
    campaign: Campaign,
    rows: Sequence[KitRow],
    loads: Sequence[Load],
    served: list[int],
    wanting: set[int],
) -> tuple[list[int], list[int]]:
    """As many as the approved amount still pays for, in order; the rest waits. More of them never cost less."""
    approval = campaigns.live_approval(session, campaign_id=campaign.key)
    left_fen = (approval.amount_fen if approval else 0) - committed_fen(session, campaign)
    if campaign.channel is not Channel.post:
        each = telling.each_fen(campaign)
        fits = len(served) if each == 0 else max(min(len(served), left_fen // each), 0)
        return served[:fits], served[fits:]
    before = [load for load in loads if load.consignment_id not in wanting]
    chosen = set(served)
    new = [load for load in loads if load.consignment_id in chosen]
    totals = running_cost_fen(campaign, rows, before, new)
    paid = sum(1 for _ in takewhile(lambda total: total <= left_fen, totals))
    fits = len(served) if paid == len(new) else served.index(new[paid].consignment_id)
    return served[:fits], served[fits:]


def _give_another_chance(session: Session, campaign: Campaign) -> None:
    """Held for nothing but stock or approval: ready again, to be served or held anew."""
    held = consignments.ids_in(session, campaign_id=campaign.key, states=[ConsignmentState.held])
    by_consignment: dict[int, list[Hold]] = {}
    for hold in holds.open_holds(session, consignment_ids=held):
        by_consignment.setdefault(hold.consignment_id, []).append(hold)
    free = {id_: some for id_, some in by_consignment.items() if {hold.reason for hold in some} <= ALLOCATION}
    holds.clear(session, hold_ids=[hold.key for some in free.values() for hold in some], at=now())
    transitions.consignments(session, free, ConsignmentState.ready, why="重新核对库存与批准份数")


def _hold(session: Session, ids: list[int], reason: HoldReason) -> None:
    at = now()
    holds.add(session, rows=[hold_row(id_, reason, at) for id_ in ids])
    transitions.consignments(session, ids, ConsignmentState.held, why=WORDS[reason].sentence)
