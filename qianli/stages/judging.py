"""Judging a batch of members for a campaign: snapshots, holds, states. Reads rows, calls the rule, writes answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from sqlmodel import Session

from models import (
    Campaign,
    Channel,
    Consignment,
    ConsignmentState,
    Hold,
    HoldReason,
    LetterText,
    Member,
    Paper,
    Residence,
    Snapshot,
)
from qianli.addresses.elsewhere import region
from qianli.addresses.freshness import is_stale, why_sentence
from qianli.campaigns.holds import ALLOCATION, MERGED, WORDS, Candidate, HoldWords, judge
from qianli.campaigns.particulars import particulars
from qianli.couriers.registry import for_province, serves
from qianli.documents.card_press import name_fault
from qianli.documents.fonts import missing_characters
from qianli.documents.letter_text import missing_values
from qianli.stages import duplicates
from qianli.stages.fitting import Unprintable, Values, found_unprintable, pages_fault
from qianli.stages.label_forms import label_fault
from qianli.stages.letter_forms import values_of
from qianli.stages.loads import limit_g
from qianli.stages.telling import ToldJudge
from qianli.stages.unit import day_of, now, today
from qianli.store import (
    campaigns,
    consignments,
    holds,
    kits,
    movements,
    organisations,
    outcomes,
    residences,
    transitions,
)

COLUMNS = (
    "member_id", "residence_id", "name", "phone", "province", "city", "district", "detail", "postcode", "away_since",
    "why",
)  # fmt: skip


def judge_batch(session: Session, campaign: Campaign, rows: Sequence[tuple[Consignment, Member]]) -> None:
    """Look at these consignments as things are known now: ready, or held with every reason."""
    open_holds: dict[int, dict[HoldReason, Hold]] = {}
    for hold in holds.open_holds(session, consignment_ids=[consignment.key for consignment, _ in rows]):
        open_holds.setdefault(hold.consignment_id, {})[hold.reason] = hold
    looks = look_at(session, campaign, rows, open_holds)
    take_snapshots(session, [consignment for consignment, _ in rows], looks)
    _write(session, looks, open_holds)


@dataclass(frozen=True)
class Look:
    """What is known now of the member of one consignment: a snapshot's columns, and why nothing can go there."""

    seen: dict[str, Any]
    reasons: list[HoldReason]
    words: Mapping[HoldReason, HoldWords]

    def said(self, reason: HoldReason) -> HoldWords:
        """A reason in words."""
        return self.words.get(reason) or WORDS[reason]


def look_at(
    session: Session,
    campaign: Campaign,
    rows: Sequence[tuple[Consignment, Member]],
    open_holds: Mapping[int, dict[HoldReason, Hold]],
) -> dict[int, Look]:
    """Consignment id → what is known now. Writes nothing. `open_holds` tell what once came back.

    After the planned day nothing arrives on it any more: where a member lives today counts from then on.
    """
    on = max(campaign.planned_delivery_on, today())
    ids = [member.key for _, member in rows]
    homes = residences.in_force(session, member_ids=ids, on=on)
    tracks = outcomes.tracks(session, member_ids=ids)
    twice = duplicates.suspected(session, campaign_id=campaign.key, member_ids=ids)
    judged = JUDGES[campaign.channel](session, campaign, movements.disputed(session, member_ids=ids))
    found = found_unprintable(session, [consignment for consignment, _ in rows], open_holds)
    looks = {}
    for consignment, member in rows:
        home = homes.get(member.key)
        seen = _snapshot(member, home, on)
        track = tracks.get((member.key, _place(seen)))
        if member.merged_into_id is not None:
            merged = HoldReason.duplicate_person
            looks[consignment.key] = Look(seen, [merged], {merged: MERGED})
            continue
        there, before = open_holds.get(consignment.key, {}), found.get(consignment.key, {})
        reasons, words = judged.reasons(member, home, seen, there, track, before, twice=member.key in twice)
        looks[consignment.key] = Look(seen, reasons, words)
    return looks


def _snapshot(member: Member, home: Residence | None, on: date) -> dict[str, Any]:
    row = {
        "member_id": member.key,
        "name": member.name,
        "phone": member.phone,
        "away_since": member.away_since,
        "residence_id": None, "province": None, "city": None, "district": None, "detail": "", "postcode": None,
        "why": "",
    }  # fmt: skip
    if home is not None:
        row |= {name: getattr(home, name) for name in ("province", "city", "district", "detail", "postcode")}
        row |= {"residence_id": home.id, "why": _why(home, on)}
    return row


def _place(seen: Mapping[str, Any]) -> outcomes.Place:
    return seen["province"], seen["city"], seen["district"], seen["detail"]


def _why(home: Residence, delivery_on: date) -> str:
    return why_sentence(
        kind=home.kind,
        since=home.since,
        until=home.until,
        reported_on=home.reported_on,
        verified_at=home.verified_at,
        planned_delivery_on=delivery_on,
    )


def take_snapshots(session: Session, rows: Sequence[Consignment], looks: Mapping[int, Look]) -> None:
    """A new snapshot where there is none or something changed; snapshots themselves never change."""
    old = consignments.snapshots(session, ids=[row.snapshot_id for row in rows if row.snapshot_id is not None])
    fresh = {}
    for row in rows:
        before, now_seen = old.get(row.snapshot_id or 0), looks[row.key].seen
        if before is None or any(getattr(before, name) != now_seen[name] for name in COLUMNS):
            fresh[row.key] = now_seen
    consignments.take_snapshots(session, rows=fresh, at=now())


class Judge(Protocol):
    """Says of one member why nothing can go, and in which words."""

    def reasons(
        self,
        member: Member,
        home: Residence | None,
        seen: dict[str, Any],
        holding: dict[HoldReason, Hold],
        track: outcomes.Track | None,
        before: Mapping[HoldReason, Unprintable],
        *,
        twice: bool,
    ) -> tuple[list[HoldReason], dict[HoldReason, HoldWords]]:
        """The reasons, and words where they say more than what all share."""


@dataclass(frozen=True)
class _Judge:
    """What is the same for every member of a campaign."""

    campaign: Campaign
    organisation: str
    text: LetterText
    kit_weight_g: int
    disputed: set[int]
    cards: bool

    @classmethod
    def of(cls, session: Session, campaign: Campaign, disputed: set[int]) -> "_Judge":
        text = campaigns.letter_text(session, campaign=campaign)
        kit = kits.rows(session, kit_id=campaign.kit_id)
        weight = sum(row.weight_g * row.quantity for row in kit)
        cards = any(row.paper is Paper.contact_card for row in kit)
        organisation = organisations.name_of(session, organisation_id=campaign.organisation_id)
        return cls(campaign, organisation, text, weight, disputed, cards)

    def reasons(
        self,
        member: Member,
        home: Residence | None,
        seen: dict[str, Any],
        holding: dict[HoldReason, Hold],
        track: outcomes.Track | None,
        before: Mapping[HoldReason, Unprintable],
        *,
        twice: bool,
    ) -> tuple[list[HoldReason], dict[HoldReason, HoldWords]]:
        """Why nothing can go to this member, and the words where they say more than what all share."""
        courier = for_province(self.campaign.couriers, seen["province"])
        snapshot = Snapshot(**seen, made_at=now())
        values = values_of(snapshot, self.campaign, self.organisation)
        came_back, refused = holding.get(HoldReason.taken_back), holding.get(HoldReason.refused_by_courier)
        moved, silent = holding.get(HoldReason.moved_since), holding.get(HoldReason.address_unanswered)
        so_still = {why: one.sentence for why, one in before.items() if home and one.is_so_still(seen, self.text)}
        candidate = Candidate(
            name=member.name,
            phone=member.phone,
            phone_written=member.phone_written,
            address_status=home.status if home else None,
            address_text="".join(part or "" for part in _place(seen)),
            known_on=_known_on(home) if home else None,
            recorded_at=home.recorded_at if home else None,
            do_not_contact=member.do_not_contact,
            missing_values=missing_values(self.text.title + self.text.body, values) if home is not None else (),
            does_not_fit=so_still.get(HoldReason.does_not_fit) or self._too_long(snapshot, values, home),
            layout_failed=so_still.get(HoldReason.layout_failed, ""),
            too_heavy=self.kit_weight_g > limit_g(self.campaign, courier),
            deceased=member.deceased_on is not None,
            twice=twice,
            disputed=member.key in self.disputed,
            unserved=home is not None and not serves(courier, region(home.province, home.written)),
            refused_at=refused.opened_at if refused else None,
            taken_back_at=came_back.opened_at if came_back else None,
            taken_back_on=day_of(came_back.opened_at) if came_back else None,
            moved_at=moved.opened_at if moved else None,
            moved_on=day_of(moved.opened_at) if moved else None,
            unanswered_at=silent.opened_at if silent else None,
            unanswered_on=day_of(silent.opened_at) if silent else None,
            verified_on=day_of(home.verified_at) if home and home.verified_at else None,
            suspect_on=day_of(track.suspect_at) if track and track.suspect_at else None,
        )
        reasons = judge(candidate, is_stale=self._is_stale, missing_characters=missing_characters)
        return reasons, particulars(candidate, reasons, missing_characters=missing_characters)

    def _too_long(self, snapshot: Snapshot, values: Values, home: Residence | None) -> str:
        """What leaves its box, in a sentence; empty if nothing does, or nothing can go anywhere."""
        if home is None:
            return ""
        courier = for_province(self.campaign.couriers, snapshot.province)
        found = label_fault(self.campaign, courier, snapshot) or pages_fault(self.text, self.campaign, values)
        return found or (name_fault(snapshot.name) if self.cards else "")

    def _is_stale(self, day: date) -> bool:
        return is_stale(
            reported_on=day,
            verified_at=None,
            planned_delivery_on=self.campaign.planned_delivery_on,
            max_age_days=self.campaign.address_max_age_days,
        )


#: Who judges, by how the campaign gets to its members.
JUDGES: dict[Channel, Callable[[Session, Campaign, set[int]], "Judge"]] = {
    Channel.post: _Judge.of,
    Channel.message: ToldJudge.of,
    Channel.phone: ToldJudge.of,
}


def _known_on(home: Residence) -> date:
    """The last day somebody knew this address to be right."""
    return max(home.reported_on, home.verified_at.date()) if home.verified_at else home.reported_on


def _write(session: Session, looks: Mapping[int, Look], open_holds: Mapping[int, Mapping[HoldReason, Hold]]) -> None:
    """Clear holds whose cause is gone, open new ones, move the consignments. Stock and approval wait for settle."""
    at = now()
    cleared: list[int] = []
    opened: list[dict[str, Any]] = []
    ready: list[int] = []
    held: list[int] = []
    said_anew: list[dict[str, Any]] = []
    for id_, look in looks.items():
        there, reasons = open_holds.get(id_, {}), look.reasons
        cleared += [hold.key for reason, hold in there.items() if reason not in reasons and reason not in ALLOCATION]
        opened += [hold_row(id_, reason, at, look.said(reason)) for reason in reasons if reason not in there]
        said_anew += [
            {"id": there[reason].key, "sentence": words.sentence}
            for reason, words in look.words.items()
            if reason in there and there[reason].sentence != words.sentence
        ]
        (held if reasons or ALLOCATION & there.keys() else ready).append(id_)
    holds.clear(session, hold_ids=cleared, at=at)
    holds.add(session, rows=opened)
    holds.say_anew(session, rows=said_anew)
    transitions.consignments(session, ready, ConsignmentState.ready, why="准备：可以寄出")
    transitions.consignments(session, held, ConsignmentState.held, why="准备：暂缓")


def hold_row(consignment_id: int, reason: HoldReason, at: datetime, words: HoldWords | None = None) -> dict[str, Any]:
    """An open hold in its words, or in words of this one's own, as a row to insert."""
    words = words or WORDS[reason]
    return {
        "consignment_id": consignment_id,
        "reason": reason,
        "sentence": words.sentence,
        "next_step": words.next_step,
        "opened_at": at,
    }
