"""How far a campaign's flow is while it runs: counts from the rows, so that it can be looked at from anywhere."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from models import Campaign, Channel, ConsignmentState, ParcelStage, Step
from qianli.campaigns.page_words import WORDS
from qianli.stages.unit import now, reading
from qianli.store import consignments, console, progress, reached, status
from qianli.store.progress import Part
from qianli.store.scope import Scope

#: A flow that was asked for and has written nothing yet is waited for so long: a worker looks every ten seconds.
PATIENCE = timedelta(minutes=2)
#: Work that is left and of which nothing was done for so long stands still.
QUIET = timedelta(minutes=5)
WAITS, MOVES, STANDS, DONE = "已经排上，马上开始。", "正在进行。", "有一会儿没有动静了，系统会自动接着做。", "做完了。"


@dataclass(frozen=True)
class Line:
    """One step in words: so many of so many; `of` is 0 where there is no whole."""

    label: str
    done: int
    of: int = 0


@dataclass(frozen=True)
class Progress:
    """What is done. `moving` while there is something left, or something asked for that has not begun."""

    moving: bool
    sentence: str
    lines: tuple[Line, ...]

    @property
    def mark(self) -> str:
        """The same for the same progress: whoever lost the connection says what they saw last."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


def look(scope: Scope, code: str) -> Progress:
    """How far it is now; NotFound outside the scope."""
    with reading() as session:
        return of_campaign(session, console.campaign(session, scope, code=code))


def of_campaign(session: Session, campaign: Campaign) -> Progress:
    """The same of a campaign that was found in scope."""
    campaign_id, says = campaign.key, WORDS[campaign.channel]
    shards = progress.shards(session, campaign_id=campaign_id)
    booked = progress.bookings(session, campaign_id=campaign_id)
    made = progress.print_runs(session, campaign_id=campaign_id)
    parts = [*shards.values(), booked, made]
    moving, sentence = _stands(session, campaign_id, parts)
    owed = consignments.count_by_state(session, campaign_id=campaign_id)
    judged, made_of = shards.get(Step.judge, Part()), _made(session, campaign, booked, made)
    lines = [
        Line(says.checked, judged.done, judged.of),
        Line(says.ready, sum(owed.get(one, 0) for one in (ConsignmentState.ready, ConsignmentState.under_way))),
        Line(says.waits, owed.get(ConsignmentState.held, 0)),
        *(Line(label, *counts) for label, counts in zip(says.made, made_of, strict=True)),
    ]
    return Progress(moving, sentence, tuple(one for one in lines if one.done or one.of))


def _made(session: Session, campaign: Campaign, booked: Part, made: Part) -> list[tuple[int, int]]:
    """What comes of those who are ready: so many done of so many, in the order in which the channel names it."""
    if campaign.channel is not Channel.post:
        return [(reached.BY_CHANNEL[campaign.channel](session, campaign_id=campaign.key)[0], 0)]
    stages = status.parcels(session, campaign_id=campaign.key)
    parcels = sum(count for (stage, _), count in stages.items() if stage is not ParcelStage.voided)
    return [(parcels, 0), (booked.done, booked.of), (made.done, made.of)]


def _stands(session: Session, campaign_id: int, parts: list[Part]) -> tuple[bool, str]:
    """Whether anything moves, and how to say it."""
    asked_at = progress.asked_at(session, campaign_id=campaign_id)
    last_at = max((one.last_at for one in parts if one.last_at), default=None)
    newest = max((at for at in (asked_at, last_at) if at), default=None)
    if any(one.left for one in parts):
        stands = newest is not None and now() - newest > QUIET
        return True, STANDS if stands else MOVES
    waits = asked_at is not None and (last_at is None or last_at < asked_at) and now() - asked_at < PATIENCE
    return waits, WAITS if waits else DONE
