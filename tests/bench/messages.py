"""10,000 messages through a channel at its worst: `python -m tests.bench.messages [COUNT]`. Doubles? Cases?

The channel, in a process of its own, answers half of the calls as it should; the others late, after having been asked
twice, broken before or after it had sent, or never. It is one that knows our keys, then one that can be asked what it
sent, then one that can do neither. Neither limits nor the ceiling of a week are kept here.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import select

from models import Campaign, Case, Message, MessagePurpose, ParcelStage
from qianli.channels.connected import MODULES
from qianli.errors import InterfaceUnavailable
from qianli.interfaces.wire import at_once
from qianli.settings import ROOT
from qianli.stages import messages
from qianli.stages.unit import reading, writing
from qianli.stand_ins.faults import Fault, Faults
from qianli.stand_ins.plain_channel import Finding, Keyed, Phones, Plain, module
from qianli.stand_ins.serving import serving
from qianli.testing import make_world, workspace

RESULT = ROOT / "var" / "bench" / "messages.json"
COUNT, EACH, MOST_RUNS = 10_000, 100, 20_000  # each member gets as many in a week as can be allowed
NOON = datetime(2027, 1, 6, 4, 0, tzinfo=UTC)
KINDS: dict[str, type[Plain]] = {"key": Keyed, "find": Finding, "neither": Plain}
F = Fault
PLAN = [
    F.twice, None, F.broken_after, None, F.lost_after, None, F.late, None, F.lost_before, None, F.broken_before, None,
    None,
]  # fmt: skip


def serve(kind: str) -> None:
    """The channel: its address on the first line; what it saw, once it is told to stop, on the last."""
    phones, faults = Phones(takes_key=kind == "key"), Faults(late_s=0.02)
    # What reaches a channel twice on the way is for a channel with keys to mend, not for us.
    plan = PLAN if kind == "key" else PLAN[1:]
    faults.plan = lambda request: plan[request % len(plan)]
    with serving(faults.around(phones.app())) as url:
        print(url, flush=True)
        sys.stdin.read()
    sent = Counter(one["key"] for one in phones.sent)
    seen = {"requests": faults.requests, "faults": faults.met, "calls": phones.calls}
    print(json.dumps({"sent": sent, "cpu_s": time.process_time(), **seen}))


@contextmanager
def channel(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Where it is, and what it saw: filled in at the end."""
    words = [sys.executable, "-m", "tests.bench.messages", "serve", kind]
    seen: dict[str, Any] = {}
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
    means = messages.Means(sleep=lambda _s: None, jitter=lambda: 0.5, acquire=lambda _account: at_once, now=lambda: at)
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


def measure(kind: str, count: int) -> dict[str, Any]:
    """One kind of channel: what it takes, and what came out."""
    MODULES["plain"] = module(KINDS[kind])
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
        "cpu_s": round(cpu, 1), "channel_cpu_s": round(seen["cpu_s"], 1), "wall_s": round(wall, 1),
    }  # fmt: skip


def main(count: int) -> None:
    """Measure each kind, print it, write it down; no doubles, and a case for each doubt and for nothing else."""
    found = {}
    for kind in KINDS:
        found[kind] = one = measure(kind, count)
        print(f"{kind}\n" + "\n".join(f"  {name}: {value}" for name, value in one.items()), flush=True)
        RESULT.parent.mkdir(parents=True, exist_ok=True)
        RESULT.write_text(json.dumps(found, ensure_ascii=False, indent=2), encoding="utf-8")
        assert one["doubles"] == one["said to be sent and not"] == 0
        assert one["cases"] == one["unclear"] == count - one["answered"]
        assert kind == "neither" or one["cases"] == 0


if __name__ == "__main__":
    serve(sys.argv[2]) if "serve" in sys.argv else main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT)
