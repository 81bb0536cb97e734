"""A fortnight of a campaign, played through the real pushes, polls, cases and answers: does anything fall between?

`python -m tests.bench.fortnight 10000` prints what became of so many parcels. The post is our stand-in; what it says is
lost, doubled, late and out of order, some of it is untrue, some in codes nobody knows. At the end every consignment is
confirmed by its member, or in an open case with an owner, an age and a next step.
"""

import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import select

from models import Case, Consignment, ConsignmentState, Parcel, ParcelLine, Receipt, Said, SaidVia, Tracking
from qianli.interfaces.pushes import Push
from qianli.settings import settings
from qianli.stages import following, ladders, pushes, saying, tracking_cases
from qianli.stages.receipt_recording import record_receipt
from qianli.stages.steps import Step
from qianli.stages.unit import now, reading, today, writing
from qianli.stand_ins.china_post import Post
from qianli.stand_ins.china_post_journeys import steps
from qianli.stand_ins.serving import serving
from qianli.store.tracking import set_waybills
from qianli.testing import make_world, workspace

DAYS = 14
POLLED_ON = {6, 9, 13}
ACCOUNT = "china_post"
#: In a thousand: what becomes of parcels.
JOURNEYS = {
    "delivered": 750, "neighbour": 60, "village": 40, "cabinet": 50, "forgotten": 20, "taken_back": 15,
    "not_at_home": 20, "moved": 10, "nobody_of_that_name": 8, "refused": 6, "redirected": 6, "stuck": 8, "lost": 7,
}  # fmt: skip
LOST, DOUBLED, LATE, STRANGE = 0.04, 0.05, 0.1, 0.02
SILENT, LIED_TO = 0.25, 0.01
EVERY_DAY = (
    Step("pushes", pushes.shards, pushes.run),
    Step("strays", saying.shards, saying.run),
    Step("track", tracking_cases.shards, tracking_cases.run),
)
CHASE, ASK = Step("chase", ladders.shards, ladders.run), Step("ask", following.shards, following.run)


@dataclass
class Ending:
    """How a fortnight ended."""

    parcels: int
    pushes: int = 0
    polls: int = 0
    states: Counter[str] = field(default_factory=Counter)
    tracking: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    forgotten: list[int] = field(default_factory=list)
    without_a_word: list[int] = field(default_factory=list)
    cpu_s: float = 0.0


def play(count: int, seed: int = 7) -> Ending:
    """The fortnight of so many parcels."""
    chance, ending, post = random.Random(seed), Ending(count), Post(now=now)  # noqa: S311 - no secret
    before = time.process_time()
    with tempfile.TemporaryDirectory() as folder, serving(post.app()) as url:
        account = {ACCOUNT: {**post.values, "url": url + "/", "per_minute": "60000"}}
        with workspace(Path(folder), COURIERS=json.dumps(account), NOT_MOVING_AFTER_DAYS="3"):
            _set_clock(0)
            numbers = _handed_over(count)
            said = _told(post, numbers, chance)
            members = Members(chance)
            for day in range(1, DAYS + 1):
                _set_clock(day)
                ending.pushes += _push(post, said.pop(day, []), chance)
                _run(*EVERY_DAY, CHASE, *([ASK] if day in POLLED_ON else []))
                members.speak(day)
            _run(*EVERY_DAY, CHASE)
            ending.polls = post.calls.get("040001", 0)
            _count(ending)
    ending.cpu_s = time.process_time() - before
    return ending


def _set_clock(day: int) -> None:
    os.environ["QIANLI_CLOCK_OFFSET_DAYS"] = str(day - DAYS)
    settings.cache_clear()


def _handed_over(count: int) -> dict[str, int]:
    """Waybill number → consignment, of so many parcels that were handed over now."""
    with writing("system") as session:
        world = make_world(session, members=count)
        numbers = {parcel: f"98{parcel:011d}" for parcel in world.parcels}
        set_waybills(session, numbers=numbers, year=today().year)
        session.execute(sa.update(Parcel).values(handed_over_at=now()))
    return {numbers[parcel]: one for parcel, one in zip(world.parcels, world.consignments, strict=True)}


Pushed = dict[int, list[bytes]]  # by day


def _told(post: Post, numbers: dict[str, int], chance: random.Random) -> Pushed:
    """The post's story of every parcel, and its pushes by the day they come: some never do."""
    pushed: Pushed = {}
    names, weights = list(JOURNEYS), list(JOURNEYS.values())
    for number, journey in zip(numbers, chance.choices(names, weights, k=len(numbers)), strict=True):
        for at, step in steps(journey, today()):
            for code in [step.code, *(["999"] if chance.random() < STRANGE else [])]:
                item = post.tell(number, code, at, step.text, **(step.more if code == step.code else {}))
                if chance.random() < LOST:
                    continue
                for _ in range(2 if chance.random() < DOUBLED else 1):
                    day = step.day + 1 + (chance.randint(1, 3) if chance.random() < LATE else 0)
                    pushed.setdefault(min(day, DAYS), []).append(post.push_of(item))
    return pushed


def _push(post: Post, bodies: list[bytes], chance: random.Random) -> int:
    """The day's pushes, in any order, as our hook takes them."""
    chance.shuffle(bodies)
    courier = pushes.pushing(ACCOUNT)
    for body in bodies:
        push = Push(body, "application/json")
        assert courier.is_authentic(push)
        pushes.take(ACCOUNT, push)
    return len(bodies)


def _run(*some: Step) -> None:
    for step in some:
        for shard in step.shards(0):
            step.run(shard)


@dataclass
class Members:
    """What members say, and when: decided on the day their parcel is said to be delivered."""

    chance: random.Random
    will_say: dict[int, tuple[int, Said | None]] = field(default_factory=dict)

    def speak(self, day: int) -> None:
        """Those decide whose parcel was delivered; those speak whose day has come."""
        for consignment in _delivered():
            self.will_say.setdefault(consignment, (day + self.chance.randint(0, 3), self._word()))
        for consignment, (when, said) in self.will_say.items():
            if when == day and said is not None:
                record_receipt(consignment, said=said, problems={}, note="", via=SaidVia.page, by="member")

    def _word(self) -> Said | None:
        if self.chance.random() < SILENT:
            return None
        return Said.not_received if self.chance.random() < LIED_TO else Said.all_here


def _delivered() -> list[int]:
    query = (
        select(ParcelLine.consignment_id)
        .join(Parcel, Parcel.id == ParcelLine.parcel_id)
        .where(Parcel.tracking == Tracking.delivered)
        .distinct()
    )
    with reading() as session:
        return list(session.exec(query.order_by(ParcelLine.consignment_id)))


def _count(ending: Ending) -> None:
    """Who is confirmed, who is in a case, whom nobody thinks of; and whether anybody was confirmed without a word."""
    with reading() as session:
        consignments = session.exec(select(Consignment)).all()
        parcel_of = dict(session.exec(select(ParcelLine.consignment_id, ParcelLine.parcel_id)).all())
        cases = [one for one in session.exec(select(Case)) if one.resolved_at is None]
        spoken = set(session.exec(select(Receipt.consignment_id)))
        ending.tracking.update(str(one) for one in session.exec(select(Parcel.tracking)))
    assert all(one.owner and one.next_step and one.opened_at <= now() for one in cases)
    ending.reasons.update(str(one.reason) for one in cases)
    cared_for = {one.consignment_id for one in cases}, {one.parcel_id for one in cases}
    for one in consignments:
        ending.states[str(one.state)] += 1
        if one.state == ConsignmentState.confirmed and one.key not in spoken:
            ending.without_a_word.append(one.key)
        in_a_case = one.key in cared_for[0] or parcel_of[one.key] in cared_for[1]
        if one.state != ConsignmentState.confirmed and not in_a_case:
            ending.forgotten.append(one.key)


if __name__ == "__main__":
    found = play(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
    print(f"{found.parcels} parcels, {found.pushes} pushes, {found.polls} polls, {found.cpu_s:.0f} s of CPU")
    print("consignments:", dict(found.states.most_common()))
    print("parcels, says the post:", dict(found.tracking.most_common()))
    print("open cases:", dict(found.reasons.most_common()))
    print(
        "neither confirmed nor in a case:", len(found.forgotten), "confirmed without a word:", len(found.without_a_word)
    )
