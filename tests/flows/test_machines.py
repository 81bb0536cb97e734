"""Several machines: Prefect and our data on PostgreSQL, workers and webs as examples/systemd runs them, some killed.

Two campaigns at once. BOOKS is large: thousands of members in shared flats, a kit without a letter, so that its slips
and labels are few (WeasyPrint draws some twenty pages a second); what it says of thousands holds for prepare, approve
and plan. LETTERS is small: fifty letters, slips and labels. Every paper is really drawn.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests
import sqlalchemy as sa
from sqlmodel import col, select

from models import (
    Artefact,
    Consignment,
    ConsignmentState,
    JournalEntry,
    Parcel,
    ParcelLine,
    ParcelStage,
    PrintRun,
    Receipt,
    Shard,
    Snapshot,
    Step,
    Subject,
)
from qianli import launch
from qianli.cli.main import execute
from qianli.launch.api import call
from qianli.launch.runs import BEGUN, QUIET_S
from qianli.launch.zombies import install_automation
from qianli.receipts.codes import make_code
from qianli.settings import settings
from qianli.stages import packing, sealing
from qianli.stages.approve import approve
from qianli.stages.codes import key
from qianli.stages.manifests import hand_over
from qianli.stages.steps import run_inline
from qianli.stages.unit import reading
from qianli.store import stock
from qianli.testing_machines import SELDOM_S, Machines, Process, free_port, listens, qianli, until

pytestmark = pytest.mark.slow

MakeCampaign = Callable[..., int]

BY, BOSS = "user:test", "user:boss"
BOOKS, IN_ONE_FLAT = 3000, 50
LETTERS = 50


def test_deployed_twice_there_is_one_of_everything(machines: Machines) -> None:
    done = json.loads(qianli("deploy", "--json"))
    assert done["pool"] == "qianli"
    assert len(done["deployments"]) == call("POST", "/deployments/count", {})
    assert [one["name"] for one in call("POST", "/automations/filter", {})] == [done["automation"]]


def test_what_somebody_changed_in_the_automation_is_put_right(machines: Machines) -> None:
    (before,) = call("POST", "/automations/filter", {})
    call("PATCH", f"/automations/{before['id']}", {"enabled": False})
    call("POST", "/automations/", {key: before[key] for key in ("name", "trigger", "actions")})
    install_automation()  # as every deploy does
    (after,) = call("POST", "/automations/filter", {})
    assert after["enabled"]
    assert after["trigger"]["within"] == 90


@pytest.fixture(scope="module")
def guarded(campaign: MakeCampaign) -> str:
    campaign("GUARDED", members=1)
    return "GUARDED"


@pytest.mark.parametrize(("auth", "sentence"), [("", "要求用户名和密码"), ("qianli:falsch", "不认")])
def test_without_the_right_password_commands_say_so(
    guarded: str, auth: str, sentence: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as here:
        here.setenv("QIANLI_PREFECT_AUTH", auth)
        settings.cache_clear()
        for words in (["deploy"], ["reconcile"], ["campaign", "prepare", guarded]):
            capfd.readouterr()
            assert execute(words) == 1
            said = capfd.readouterr()
            assert re.search(f"{sentence}.*QIANLI_PREFECT_AUTH", said.err)
            assert "Traceback" not in said.err
            assert not auth or auth not in said.out + said.err
    settings.cache_clear()


def test_workers_are_killed_and_each_member_is_served_once(machines: Machines, campaign: MakeCampaign) -> None:
    books = campaign("BOOKS", members=BOOKS, in_one_flat=IN_ONE_FLAT)
    letters = campaign("LETTERS", members=LETTERS, letters=True)
    pending = _left_pending(machines)
    workers = [machines.worker("m1"), machines.worker("m2")]

    # SIGKILL, in the middle of judging thousands
    runs = [launch.start_flow("prepare_campaign", id_) for id_ in (books, letters)]
    until(lambda: _shards(books, Step.judge, done=True) > 3 or _ended(runs[0]), what="some shards are judged")
    assert _shards(books, Step.judge, done=False) > 3, "too late to be in the middle"
    _worker_of(runs[0], workers).kill()
    workers.append(machines.worker("m3"))

    # SIGTERM, in the middle of drawing
    assert launch.wait_for(runs[1]).done
    approve("LETTERS", by=BOSS)
    drawing = launch.start_flow("fulfil_campaign", letters)
    until(lambda: _made(letters) > 1 or _ended(drawing), what="some papers are made")
    assert _made(letters, done=False) > 3, "too late to be in the middle"
    _worker_of(drawing, workers).terminate()
    machines.worker("m4")

    # What was cut off is gone on with by whoever asks again: shards are rows. LETTERS is left to reconcile.
    assert _shards(books, Step.judge, done=False) > 0
    assert launch.wait_for(launch.start_flow("prepare_campaign", books)).done
    approve("BOOKS", by=BOSS)
    assert launch.wait_for(launch.start_flow("fulfil_campaign", books)).done

    # Both runs stay Running until the automation has heard nothing from them for 90 s; the other one is reconcile's.
    for run_id in (runs[0], drawing):
        assert until(lambda one=run_id: _ended(one), what="the automation marks it", every_s=SELDOM_S) == "CRASHED"
    assert "没有心跳" in call("GET", f"/flow_runs/{runs[0]}")["state"]["message"]
    silent = {"deadline_s": QUIET_S, "every_s": SELDOM_S}
    until(lambda: _silent_s(pending) > QUIET_S, what="the pending one is given up", **silent)
    with ThreadPoolExecutor() as two:
        asked = [two.submit(qianli, "reconcile", "--json") for _ in range(2)]
        driven = [json.loads(one.result()) for one in asked]
    assert sum(one["cleared_runs"] for one in driven) == 1
    assert _state(pending) == "CRASHED"
    assert {(one["campaign"], one["refused"]) for both in driven for one in both["driven"]} == {("LETTERS", None)}
    assert call("POST", "/flow_runs/count", {"flow_runs": {"state": {"type": {"any_": sorted(BEGUN)}}}}) == 0

    _all_once(books, BOOKS, items=2, parcels=BOOKS // IN_ONE_FLAT)
    _all_once(letters, LETTERS, items=3, parcels=LETTERS)
    _files_are_rows()
    _stock_is_balanced()


def test_a_receipt_said_at_one_web_is_seen_at_the_other(machines: Machines, campaign: MakeCampaign) -> None:
    campaign_id = campaign("WEB", members=1)
    run_inline("prepare_campaign", campaign_id)
    approve("WEB", by=BOSS)
    run_inline("fulfil_campaign", campaign_id)
    packing.pack_all("WEB", by=BY)
    for sealed in sealing.seal("WEB", by=BY):
        hand_over(sealed.number, count=1, left=[], by=BY)
    ports = [free_port(), free_port()]
    for port in ports:
        machines.web(port)
    for port in ports:
        until(lambda one=port: listens(one), what="the web answers")
    with reading() as session:
        one = session.exec(select(Consignment).where(Consignment.campaign_id == campaign_id)).one()
    here, there = (f"http://127.0.0.1:{port}/r/{make_code(key('k1'), one.key, one.code_generation)}" for port in ports)
    assert requests.get(there, timeout=30).status_code == 200
    assert requests.post(here, data={"said": "all_here"}, timeout=30, allow_redirects=False).status_code == 303
    assert "已登记" in requests.get(there, timeout=30).text
    with reading() as session:
        assert len(list(session.exec(select(Receipt).where(Receipt.consignment_id == one.key)))) == 1


def _left_pending(machines: Machines) -> str:
    """A run whose worker was killed before it began: it never had a heartbeat, no automation knows of it."""
    worker = machines.worker("m0")
    run_id = launch.start_flow("chase_receipts")
    until(lambda: call("GET", f"/flow_runs/{run_id}")["infrastructure_pid"], what="a worker takes it up")
    worker.kill()
    assert _state(run_id) == "PENDING"
    return run_id


def _worker_of(run_id: str, workers: list[Process]) -> Process:
    """The worker that a run's process is a child of."""
    pid = int(call("GET", f"/flow_runs/{run_id}")["infrastructure_pid"].rpartition(":")[2])
    above = {one.pid for one in psutil.Process(pid).parents()}
    return next(one for one in workers if one.process.pid in above)


def _silent_s(run_id: str) -> float:
    begun = datetime.fromisoformat(call("GET", f"/flow_runs/{run_id}")["state"]["timestamp"])
    return (datetime.now(UTC) - begun).total_seconds()


def _state(run_id: str) -> str:
    return str(call("GET", f"/flow_runs/{run_id}")["state"]["type"])


def _ended(run_id: str) -> str:
    """The state it ended in; empty while it has not."""
    state = _state(run_id)
    return "" if state in BEGUN | {"SCHEDULED"} else state


def _count(table: type[Any], *conditions: Any) -> int:
    with reading() as session:
        return int(session.exec(select(sa.func.count()).select_from(table).where(*conditions)).one())


def _shards(campaign_id: int, step: Step, *, done: bool) -> int:
    is_done = col(Shard.finished_at).is_not(None) if done else col(Shard.finished_at).is_(None)
    return _count(Shard, Shard.campaign_id == campaign_id, Shard.step == step, is_done)


def _made(campaign_id: int, *, done: bool = True) -> int:
    is_made = col(PrintRun.made_at).is_not(None) if done else col(PrintRun.made_at).is_(None)
    return _count(PrintRun, PrintRun.campaign_id == campaign_id, is_made)


def _all_once(campaign_id: int, members: int, *, items: int, parcels: int) -> None:
    """Every consignment judged, planned and papered once, whoever was killed."""
    with reading() as session:
        some = list(session.exec(select(Consignment).where(Consignment.campaign_id == campaign_id)))
        ids = [one.key for one in some]
        lines = session.exec(select(ParcelLine).where(col(ParcelLine.consignment_id).in_(ids))).all()
        boxes = session.exec(select(Parcel).where(Parcel.campaign_id == campaign_id)).all()
        told = session.exec(
            select(JournalEntry).where(
                JournalEntry.subject == Subject.consignment, col(JournalEntry.subject_id).in_(ids)
            )
        ).all()
        snapshots = _count(Snapshot, col(Snapshot.member_id).in_([one.member_id for one in some]))
    assert len(some) == len({one.member_id for one in some}) == snapshots == members
    assert {one.state for one in some} == {ConsignmentState.under_way}
    each = Counter((one.consignment_id, one.kit_item_id) for one in lines)
    assert len(each) == members * items
    assert set(each.values()) == {1}
    assert Counter(one.what for one in told) == {"planned": members, "ready": members, "under_way": members}
    assert len(boxes) == len({one.reference for one in boxes}) == parcels
    assert sorted(one.sequence for one in boxes) == list(range(1, parcels + 1))
    assert {one.stage for one in boxes} == {ParcelStage.printed}
    assert _shards(campaign_id, Step.judge, done=False) == _made(campaign_id, done=False) == 0
    assert _shards(campaign_id, Step.plan, done=True) == 1


def _files_are_rows() -> None:
    root = Path(settings().documents_url.removeprefix("file://"))
    with reading() as session:
        rows = {one.path: one.sha256 for one in session.exec(select(Artefact))}
    files = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    assert files == rows.keys()
    assert {path: hashlib.sha256((root / path).read_bytes()).hexdigest() for path in files} == rows


def _stock_is_balanced() -> None:
    """What is reserved is what the members are owed: each item once; seven are left of each."""
    with reading() as session:
        levels = [one for one in stock.levels(session) if one.item.sku.startswith(("books", "letters"))]
    assert {level.item.sku.partition("-")[0]: level.reserved for level in levels} == {
        "books": BOOKS,
        "letters": LETTERS,
    }
    assert {level.available for level in levels} == {7}
