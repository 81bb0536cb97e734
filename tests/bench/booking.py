"""10,000 bookings with a courier at its worst: `python -m tests.bench.booking [COUNT]`. Doubles? What does it take?

SF's stand-in, in a process of its own, answers half of the calls as it should; the others late, after having been
asked twice, broken before or after it had booked, or never. Limits are not kept here: 10,000 take four days of them.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import select

from models import Booking, Parcel, ParcelStage
from qianli.couriers.sf_payloads import BOOK, FIND
from qianli.errors import CourierUnavailable
from qianli.interfaces.wire import at_once
from qianli.settings import ROOT
from qianli.stages import booking
from qianli.stages.unit import reading, writing
from qianli.stand_ins.faults import Fault
from qianli.stand_ins.serving import serving
from qianli.stand_ins.sf import Express
from qianli.testing import make_world, workspace

RESULT = ROOT / "var" / "bench" / "booking.json"
COUNT = 10_000
MEANS = booking.Means(sleep=lambda _s: None, jitter=lambda: 0.5, acquire=lambda _account: at_once)
F = Fault
PLAN = [
    F.twice,
    None,
    F.broken_after,
    None,
    F.lost_after,
    None,
    F.late,
    None,
    F.lost_before,
    None,
    F.broken_before,
    None,
    None,
]


def serve() -> None:
    """The courier: its address and account on the first line; what it saw, once it is told to stop, on the last."""
    express = Express()
    express.faults.plan = lambda request: PLAN[request % len(PLAN)]
    express.faults.late_s = 0.02
    with serving(express.app()) as url:
        print(json.dumps({"URL": f"{url}/std/service", **express.values}), flush=True)
        sys.stdin.read()
    booked = {reference: one.waybill_number for reference, one in express.bookings.items()}
    seen = {"requests": express.faults.requests, "calls": express.calls, "faults": express.faults.met}
    print(json.dumps({"booked": booked, "cpu_s": time.process_time(), **seen}))


@contextmanager
def courier() -> Iterator[tuple[dict[str, str], dict[str, object]]]:
    """What its account is given, and what it saw: filled in at the end."""
    words = [sys.executable, "-m", "tests.bench.booking", "serve"]
    seen: dict[str, object] = {}
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline()), seen
        seen |= json.loads(process.communicate()[0])


def parcels(count: int) -> int:
    """A campaign with so many planned parcels of SF."""
    with writing("user:bench") as session:
        world = make_world(session, members=10, stage=ParcelStage.planned)
        one = session.get_one(Parcel, world.parcels[0]).model_dump(exclude={"id"})
        one |= {"courier": "sf", "account": "sf"}
        session.execute(sa.update(Parcel).values(courier="sf", account="sf"))
        rows = [
            one | {"sequence": n, "reference": f"B-{n:05d}-X", "consignee_snapshot_id": world.snapshots[n % 10]}
            for n in range(11, count + 1)
        ]
        session.execute(sa.insert(Parcel), rows)
    return world.campaign


def book(campaign: int) -> int:
    """Book until nothing waits; how many runs it took."""
    for run in range(1, 100):
        try:
            for shard in booking.shards(campaign):
                booking.run(shard, take_over=True, means=MEANS)
        except CourierUnavailable:
            continue
        return run
    raise AssertionError("it does not come to an end")


def main(count: int) -> None:
    """Measure, print the row, write it down."""
    with courier() as (account, seen), tempfile.TemporaryDirectory(prefix="qianli-bench-") as folder:
        values = {f"COURIERS__SF__{key.upper()}": value for key, value in account.items()}
        with workspace(Path(folder), **values):
            campaign = parcels(count)
            cpu, wall = time.process_time(), time.monotonic()
            runs = book(campaign)
            cpu, wall = time.process_time() - cpu, time.monotonic() - wall
            with reading() as session:
                numbers = {one.reference: one.waybill_number for one in session.exec(select(Parcel))}
                rows = len(session.exec(select(Booking.id)).all())
    calls = dict(seen["calls"])
    found = {
        "parcels": count, "bookings": rows, "waybills": len({one for one in numbers.values() if one}),
        "doubles": len(seen["booked"]) - count, "same numbers on both sides": numbers == seen["booked"], "runs": runs,
        "requests": seen["requests"], "book calls": calls[BOOK], "find calls": calls[FIND], "faults": seen["faults"],
        "cpu_s": round(cpu, 1), "courier_cpu_s": round(seen["cpu_s"], 1), "wall_s": round(wall, 1),
    }  # fmt: skip
    print("\n".join(f"{name}: {value}" for name, value in found.items()))
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(found, ensure_ascii=False, indent=2), encoding="utf-8")
    assert found["doubles"] == 0
    assert numbers == seen["booked"]


if __name__ == "__main__":
    serve() if "serve" in sys.argv else main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT)
