"""Reconcile: what was begun and cut off is found from the rows and driven on, by whoever asks.

What a living process has claimed does not stand still, whether a flow run or a command: it is left alone. A claim of
a process that is gone from this machine is given up at once, another machine's when its lease is past.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from models import Step
from qianli.errors import QianliError
from qianli.processes import is_gone
from qianli.stages import address_rounds, closing, pushes, sealing, steps, unbooking
from qianli.stages.unit import SYSTEM, now, reading, writing
from qianli.store import bookings, campaigns, claims
from qianli.store import unfinished as rows

NONE = 0


@dataclass(frozen=True)
class Unfinished:
    """One kind of work of one campaign (NONE: of no single one) that stands still: the name of a flow, or a paper."""

    work: str
    campaign_id: int


@dataclass(frozen=True)
class Driven:
    """What reconcile did with one piece: finished, or why a rule refused it."""

    work: str
    campaign: str
    refused: str | None


@dataclass(frozen=True)
class Work:
    """How one kind of work is found (campaign ids) and finished."""

    find: Callable[[], Collection[int]]
    finish: Callable[[int, str], None]


#: flow → the steps whose shards it works on, and whether it makes papers.
FLOWS: dict[str, tuple[tuple[Step, ...], bool]] = {
    "prepare_campaign": ((Step.judge, Step.settle), False),
    "fulfil_campaign": ((Step.plan,), True),
}


def _of_flow(flow: str) -> Work:
    own, makes_papers = FLOWS[flow]

    def find() -> Collection[int]:
        with reading() as session:
            papers = rows.of_print_runs(session) | bookings.campaigns(session) if makes_papers else set()
            return rows.of_shards(session, steps=own) | papers

    def finish(campaign_id: int, _by: str) -> None:
        steps.finish_inline(flow, campaign_id)

    return Work(find, finish)


def _publish_manifests(campaign_id: int, by: str) -> None:
    for manifest_id in sealing.unpublished(campaign_id):
        sealing.publish_manifest(manifest_id, by=by)


def _cancel_bookings(campaign_id: int, _by: str) -> None:
    unbooking.cancel_all(campaign_id)


def _end_round(campaign_id: int, by: str) -> None:
    address_rounds.end(campaign_id, by=by)


def _unpublished_reports() -> Collection[int]:
    codes = closing.unfinished()
    with reading() as session:
        return {campaigns.by_code(session, code=code).key for code in codes}


def _publish_report(campaign_id: int, by: str) -> None:
    closing.close(_code(campaign_id), by=by)


def _unread_pushes() -> Collection[int]:
    return [NONE] if pushes.shards() else []


def _read_pushes(_campaign_id: int, _by: str) -> None:
    pushes.run()


#: In the order in which they are taken up: fulfil is refused while prepare is not finished.
WORKS: dict[str, Work] = {
    "address_round": Work(address_rounds.over, _end_round),
    **{flow: _of_flow(flow) for flow in FLOWS},
    "manifest_papers": Work(sealing.campaigns_with_unpublished, _publish_manifests),
    "unbook": Work(unbooking.campaigns_to_cancel, _cancel_bookings),
    "pushes": Work(_unread_pushes, _read_pushes),
    "closing_report": Work(_unpublished_reports, _publish_report),
}


def unfinished(*, skip: Collection[int] = ()) -> list[Unfinished]:
    """Everything begun and not ended, but for the campaigns that a living process works on; `skip` says of more."""
    busy = {*skip, *worked_on()}
    found = [Unfinished(name, id_) for name, work in WORKS.items() for id_ in sorted(work.find())]
    return [one for one in found if one.campaign_id not in busy]


def worked_on() -> set[int]:
    """Campaigns with a claim of a process that may be alive. The claims of those that are gone are given up."""
    with reading() as session:
        held = claims.held(session, at=now())
    dead = [one for one in held if is_gone(one.worker)]
    if dead:
        with writing(SYSTEM) as session:
            claims.let_go(session, dead)
    return {one.campaign_id for one in held if one not in dead}


def finish(one: Unfinished, *, by: str) -> str | None:
    """Drive one piece on, as far as nobody else does; the sentence if a rule refuses it."""
    try:
        WORKS[one.work].finish(one.campaign_id, by)
    except QianliError as refusal:
        return refusal.message
    return None


def reconcile_inline(*, by: str, skip: Collection[int] = ()) -> list[Driven]:
    """Drive on everything that stands still; one campaign's refusal does not keep the others waiting."""
    return [Driven(one.work, _code(one.campaign_id), finish(one, by=by)) for one in unfinished(skip=skip)]


def codes(campaign_ids: Collection[int]) -> list[str]:
    """The codes of campaigns. Of an id that Prefect knows and we do not, nothing is said."""
    with reading() as session:
        return [one.code for one in campaigns.everything(session) if one.key in campaign_ids]


def _code(campaign_id: int) -> str:
    if campaign_id == NONE:
        return "—"
    with reading() as session:
        return campaigns.by_id(session, campaign_id=campaign_id).code


def left(flow: str, campaign_id: int) -> int:
    """How many shards, bookings and print runs the flow has still to do for a campaign."""
    own, makes_papers = FLOWS[flow]
    with reading() as session:
        waiting = bookings.left(session, campaign_id=campaign_id) if makes_papers else 0
        return waiting + rows.left(session, campaign_id=campaign_id, steps=own, with_papers=makes_papers)
