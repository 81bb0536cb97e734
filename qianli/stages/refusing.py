"""A courier does not take a parcel: it is void, and everyone in it waits until the cause is gone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from models import HoldReason, Parcel, ParcelStage
from qianli.campaigns.holds import WORDS, HoldWords
from qianli.couriers.registry import courier
from qianli.errors import RuleBroken
from qianli.stages import typed
from qianli.stages.reasons import refuse_naming
from qianli.stages.unit import now, writing
from qianli.stages.withholding import Withheld, withhold
from qianli.store import holds, parcels, voiding

REASON_LENGTH = 60
#: What no other table knows the end of.
RELEASED = frozenset(
    {
        HoldReason.refused_by_courier,
        HoldReason.does_not_fit,
        HoldReason.layout_failed,
        HoldReason.address_unanswered,
    }
)
GIVEN_TO_IT = "包裹 {reference} 已经交给快递公司，谈不上不肯承运；退回后请用“parcel take-back”。"


@dataclass(frozen=True)
class Released:
    """Numbers of consignments that may go now, and of those that waited for something else."""

    released: tuple[str, ...]
    others: tuple[str, ...]


def refuse(references: Sequence[str], *, reason: str, by: str) -> Withheld:
    """These parcels were not taken by their courier, for a reason without names. Twice is the same as once."""
    with writing(by) as session:
        found = [typed.parcel(session, one) for one in references]
        for parcel in found:
            if parcel.stage not in (*voiding.BEFORE_HANDOVER, ParcelStage.voided):
                raise RuleBroken(GIVEN_TO_IT.format(reference=parcel.reference), reference=parcel.reference)
            refuse_naming(session, reason, campaign_id=parcel.campaign_id)
        return withhold_parcels(session, dict.fromkeys((one.key for one in found), reason))


def withhold_parcels(session: Session, reasons: Mapping[int, str]) -> Withheld:
    """Parcel id → why its courier refused it. Everyone in it is held."""
    some = [one for one in parcels.by_ids(session, ids=reasons) if one.stage is not ParcelStage.voided]
    groups: dict[tuple[str, str], list[Parcel]] = {}
    for parcel in some:
        groups.setdefault((parcel.courier, reasons[parcel.key]), []).append(parcel)
    done = [_withhold(session, own, code, reason) for (code, reason), own in groups.items()]
    return Withheld(
        held=_joined(one.held for one in done),
        parcels=_joined(one.parcels for one in done),
        manifests=_joined(one.manifests for one in done),
        waybills=_joined(one.waybills for one in done),
        others=_joined(one.others for one in done),
    )


def _withhold(session: Session, own: Sequence[Parcel], code: str, reason: str) -> Withheld:
    lines = parcels.lines_of(session, parcel_ids=[one.key for one in own])
    said = f"：{reason[:REASON_LENGTH].rstrip('。')}" if reason else ""
    words = HoldWords(f"{courier(code).name}不肯承运{said}。", WORDS[HoldReason.refused_by_courier].next_step)
    return withhold(
        session,
        consignment_ids={line.consignment_id for line in lines},
        reason=HoldReason.refused_by_courier,
        words=words,
        parcel_ids=[one.key for one in own],
    )


def _joined(some: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for few in some for one in few))


def release(numbers: Sequence[str], *, by: str) -> Released:
    """What a courier refused, could not be printed, or got no answer may go: the next `prepare` looks at it again."""
    with writing(by) as session:
        found = dict(typed.consignment(session, one) for one in numbers)
        standing = holds.open_holds(session, consignment_ids=[one.key for one in found.values()])
        waiting = {one.key: one.consignment_id for one in standing if one.reason in RELEASED}
        holds.clear(session, hold_ids=waiting, at=now())
        freed = set(waiting.values())
        return Released(
            released=tuple(shown for shown, one in found.items() if one.key in freed),
            others=tuple(shown for shown, one in found.items() if one.key not in freed),
        )
