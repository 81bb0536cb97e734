"""10,000 messages through a channel at its worst: `python -m tests.bench.messages [COUNT]`. Doubles? Cases?

The channel, in a process of its own, answers most calls as it should; the others too late, after having been asked
twice, broken or cut off before or after it had sent, or never. Whoever gets no answer gives up after LIMIT_S; that is
the one thing made shorter for the bench. It is a channel that knows our keys, one that can be asked what it sent, and
one that can do neither, all three at once, each with 10,000 messages and a database of its own. Neither limits nor the
ceiling of a week are kept here.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import select

from models import Campaign, Case, Message, MessagePurpose, ParcelStage
from qianli.channels.connected import MODULES
from qianli.errors import InterfaceUnavailable
from qianli.interfaces import wire
from qianli.settings import ROOT
from qianli.stages import message_desk, messages
from qianli.stages.unit import reading, writing
from qianli.stand_ins.faults import Fault, Faults
from qianli.stand_ins.plain_channel import Finding, Keyed, Phones, Plain, module
from qianli.stand_ins.serving import serving
from qianli.testing import make_world, workspace

RESULT = ROOT / "var" / "bench" / "messages.json"
WORDS = [sys.executable, "-m", "tests.bench.messages"]
COUNT, EACH, MOST_RUNS = 10_000, 20, 20_000  # each member gets as many in a week as can be allowed
NOON = datetime(2027, 1, 6, 4, 0, tzinfo=UTC)
KINDS: dict[str, type[Plain]] = {"key": Keyed, "find": Finding, "neither": Plain}
LIMIT_S = 0.1  # 30 seconds in life: nothing else would differ, but that the bench took half a day
F = Fault
#: Of a hundred calls so many go wrong in this way; those that time out are late and silent.
SHARES = {
    F.twice: 8, F.broken_after: 8, F.broken_before: 4, F.lost_after: 4, F.lost_before: 2, F.late: 4, F.silent_after: 2,
    F.silent_before: 2,
}  # fmt: skip
TIMED_OUT = (F.late, F.silent_after, F.silent_before)
TIME_OUT = "ReadTimeout"


def plan(kind: str) -> list[Fault | None]:
    """What goes wrong with each call, the same at every run, several in a row as chance has it."""
    # What reaches a channel twice on the way is for a channel with keys to mend, not for us.
    wrong = [fault for fault in Counter(SHARES).elements() if kind == "key" or fault is not F.twice]
    hundred = [*wrong, *[None] * (100 - len(wrong))]
    return random.Random(kind).choices(hundred, k=100_000)  # noqa: S311 - seeded, no secret


def serve(kind: str) -> None:
    """The channel: its address on the first line; what it saw, once it is told to stop, on the last."""
    phones, faults, faulty = Phones(takes_key=kind == "key"), Faults(late_s=3 * LIMIT_S), plan(kind)
    faults.plan = lambda request: faulty[request % len(faulty)]
    with serving(faults.around(phones.app())) as url:
        print(url, flush=True)
        sys.stdin.read()
    sent = Counter(one["key"] for one in phones.sent)
    seen = {"requests": faults.requests, "faults": faults.met, "calls": phones.calls}
    print(json.dumps({"sent": sent, "cpu_s": time.process_time(), **seen}))


@contextmanager
def channel(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Where it is, and what it saw: filled in at the end."""
    seen: dict[str, Any] = {}
    words = [*WORDS, "serve", kind]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), seen
        seen |= json.loads(process.communicate()[0])


def queue(count: int) -> None:
    """So many messages to the members of one campaign."""
    with writing("user:bench") as session:
        members = -(-count // EACH)
        world = make_world(session, members=members, stage=ParcelStage.handed_over)
        session.get_one(Campaign, world.campaign).messages = ["plain"]
        rows = [
            {
                "sending_key": f"B-{n:05d}", "purpose": MessagePurpose.follow_up, "campaign_id": world.campaign,
                "organisation_id": world.organisation, "consignment_id": world.consignments[n % members],
                "member_id": world.members[n % members], "channel": "plain", "text_code": "receipt_ask",
                "due_at": NOON - timedelta(hours=1),
            }
            for n in range(count)
        ]  # fmt: skip
        messages.queue(session, rows)


def send() -> int:
    """Run after run until nothing waits, two minutes apart, by day; how many it took."""
    at = NOON
    means = message_desk.Means(
        sleep=lambda _s: None, jitter=lambda: 0.5, acquire=lambda _account: wire.at_once, now=lambda: at
    )
    messages.now = lambda: NOON + timedelta(days=9_000)  # what waits is due
    for run in range(1, MOST_RUNS):
        shards = messages.shards()
        if not shards:
            return run
        for shard in shards:
            try:
                messages.run(shard, take_over=True, means=means)
            except InterfaceUnavailable:
                continue
        at = _later(at)
    raise AssertionError("it does not come to an end")


def _later(at: datetime) -> datetime:
    after = at + timedelta(minutes=2)
    return after if after.hour < 12 else after.replace(hour=1, minute=0) + timedelta(days=1)  # 20:00 there, then 9:00


def heard(kind: type[Plain]) -> tuple[type[Plain], Counter[str]]:
    """The same adapter, which counts the calls that nobody answered as they look from here."""
    unanswered: Counter[str] = Counter()

    class Heard(kind):  # type: ignore[misc, valid-type]
        def _call(self, name: str, told: dict[str, str]) -> Any:
            try:
                return super()._call(name, told)
            except InterfaceUnavailable as error:
                unanswered[TIME_OUT if TIME_OUT in error.message else "at once"] += 1
                raise

    return Heard, unanswered


def measure(kind: str, count: int) -> dict[str, Any]:
    """One kind of channel: what it takes, and what came out."""
    adapter, unanswered = heard(KINDS[kind])
    MODULES["plain"], wire.TIMEOUT_S = module(adapter), (5, LIMIT_S)
    with (
        tempfile.TemporaryDirectory(prefix="qianli-bench-") as folder,
        channel(kind) as (url, seen),
        workspace(Path(folder), CHANNELS__PLAIN__URL=url, MESSAGES_PER_WEEK=str(EACH)),
    ):
        queue(count)
        cpu, wall = time.process_time(), time.monotonic()
        runs = send()
        cpu, wall = time.process_time() - cpu, time.monotonic() - wall
        with reading() as session:
            rows = list(session.exec(select(Message)))
            cases = len(session.exec(select(Case.id)).all())
            answered = {one.sending_key for one in rows if one.answered_at}
            unclear = {one.sending_key for one in rows if one.unclear_at}
    sent = Counter(seen["sent"])
    return {
        "messages": len(rows), "answered": len(answered), "unclear": len(unclear), "cases": cases,
        "doubles": sum(many - 1 for many in sent.values()), "said to be sent and not": len(answered - sent.keys()),
        "sent": len(sent), "runs": runs, "requests": seen["requests"], "calls": seen["calls"], "faults": seen["faults"],
        "time-outs meant": sum(seen["faults"].get(one, 0) for one in TIMED_OUT), "time-outs": unanswered[TIME_OUT],
        "cpu_s": round(cpu, 1), "channel_cpu_s": round(seen["cpu_s"], 1), "wall_s": round(wall, 1),
    }  # fmt: skip


def measured(kind: str, count: int) -> dict[str, Any]:
    """The same, in a process of its own."""
    told = subprocess.run([*WORDS, "measure", kind, str(count)], cwd=ROOT, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def main(count: int) -> None:
    """Measure each kind, print it, write it down; no doubles, and a case for each doubt and for nothing else."""
    with ThreadPoolExecutor(len(KINDS)) as each:
        found = dict(zip(KINDS, each.map(lambda kind: measured(kind, count), KINDS), strict=True))
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(found, ensure_ascii=False, indent=2), encoding="utf-8")
    for kind, one in found.items():
        print(f"{kind}\n" + "\n".join(f"  {name}: {value}" for name, value in one.items()), flush=True)
    for kind, one in found.items():
        assert one["doubles"] == one["said to be sent and not"] == 0
        assert one["cases"] == one["unclear"] == count - one["answered"]
        assert kind == "neither" or one["cases"] == 0
        assert one["time-outs"] >= one["time-outs meant"] > 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", kind]:
            serve(kind)
        case ["measure", kind, count]:
            print(json.dumps(measure(kind, int(count))))
        case [*rest]:
            main(int(rest[0]) if rest else COUNT)
