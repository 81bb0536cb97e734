"""Several machines: Prefect and our data on PostgreSQL, workers and webs as examples/systemd runs them, some killed.

Two campaigns at once. BOOKS is large: two thousand members in shared flats, a kit without a letter, so that its
slips and labels are few (WeasyPrint draws some twenty pages a second); what it says of so many holds for prepare,
approve and plan. LETTERS is small: fifty letters, slips and labels. Every paper is really drawn.

The same installation then fulfils DASK on a cluster of several processes, chosen by one setting of the worker.
"""

import json
import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psutil
import pytest
import requests
from sqlmodel import select

from models import (
    Consignment,
    Receipt,
    Step,
)
from qianli import launch
from qianli.cli.main import execute
from qianli.launch.api import call
from qianli.launch.runs import BEGUN, QUIET_S
from qianli.launch.zombies import install_automation
from qianli.receipts.codes import make_code
from qianli.settings import settings
from qianli.stages import packing, reconcile, sealing
from qianli.stages.approve import approve
from qianli.stages.codes import key
from qianli.stages.manifests import hand_over
from qianli.stages.steps import run_inline
from qianli.stages.unit import reading
from qianli.store import stock
from qianli.testing_machines import SELDOM_S, Machines, Process, free_port, listens, qianli, seldom, until
from tests.flows.served import all_once, files_are_rows, made, shards

pytestmark = pytest.mark.slow

MakeCampaign = Callable[..., int]
StartWorker = Callable[..., Process]

BY, BOSS = "user:test", "user:boss"
ASKED_S = 0.3  # between two questions to Prefect: a process of a flow takes seconds to begin
BOOKS, IN_ONE_FLAT = 2000, 50
LETTERS, CLUSTER = 50, 20


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


def test_workers_are_killed_and_each_member_is_served_once(worker: StartWorker, campaign: MakeCampaign) -> None:
    books = campaign("BOOKS", members=BOOKS, in_one_flat=IN_ONE_FLAT)
    letters = campaign("LETTERS", members=LETTERS, letters=True)
    pending = _left_pending(worker)
    workers = [worker("m1"), worker("m2")]

    # SIGKILL, in the middle of judging thousands
    runs = [launch.start_flow("prepare_campaign", id_) for id_ in (books, letters)]
    too_late = seldom(lambda: _ended(runs[0]))
    until(lambda: shards(books, Step.judge, done=True) > 3 or too_late(), what="some shards are judged")
    assert shards(books, Step.judge, done=False) > 3, "too late to be in the middle"
    _worker_of(runs[0], workers).kill()

    # SIGTERM, in the middle of drawing
    assert launch.wait_for(runs[1]).done
    approve("LETTERS", by=BOSS)
    drawing = launch.start_flow("fulfil_campaign", letters)
    too_late = seldom(lambda: _ended(drawing))
    until(lambda: made(letters) > 1 or too_late(), what="some papers are made")
    assert made(letters, done=False) > 3, "too late to be in the middle"
    _worker_of(drawing, workers).terminate()
    worker("m3")

    # What was cut off is gone on with by whoever asks again: shards are rows. LETTERS is left to reconcile.
    assert shards(books, Step.judge, done=False) > 0
    assert launch.wait_for(launch.start_flow("prepare_campaign", books)).done
    approve("BOOKS", by=BOSS)
    assert launch.wait_for(launch.start_flow("fulfil_campaign", books)).done

    # Both runs stay Running until the automation has heard nothing from them for 90 s; the other one is reconcile's.
    for run_id in (runs[0], drawing):
        assert until(lambda one=run_id: _ended(one), what="the automation marks it", every_s=SELDOM_S) == "CRASHED"
    assert "没有心跳" in call("GET", f"/flow_runs/{runs[0]}")["state"]["message"]
    silent = {"deadline_s": QUIET_S, "every_s": SELDOM_S}
    until(lambda: _silent_s(pending) > QUIET_S, what="the pending one is given up", **silent)
    until(reconcile.unfinished, what="the lease of what was cut off is past", every_s=SELDOM_S)
    with ThreadPoolExecutor() as two:
        asked = [two.submit(qianli, "reconcile", "--json") for _ in range(2)]
        driven = [json.loads(one.result()) for one in asked]
    assert sum(one["cleared_runs"] for one in driven) == 1
    assert _state(pending) == "CRASHED"
    assert {(one["campaign"], one["refused"]) for both in driven for one in both["driven"]} == {("LETTERS", None)}
    assert call("POST", "/flow_runs/count", {"flow_runs": {"state": {"type": {"any_": sorted(BEGUN)}}}}) == 0

    all_once(books, BOOKS, items=2, parcels=BOOKS // IN_ONE_FLAT)
    all_once(letters, LETTERS, items=3, parcels=LETTERS)
    files_are_rows()
    _stock_is_balanced()


def test_shards_run_in_the_processes_of_a_cluster_and_one_of_them_may_die(
    worker: StartWorker, campaign: MakeCampaign
) -> None:
    campaign_id = campaign("DASK", members=CLUSTER, letters=True)
    run_inline("prepare_campaign", campaign_id)
    approve("DASK", by=BOSS)
    begun = worker("m1", QIANLI_TASK_RUNNER="dask")
    run_id = launch.start_flow("fulfil_campaign", campaign_id)
    too_late = seldom(lambda: _ended(run_id))
    until(lambda: made(campaign_id) or too_late(), what="some papers are made", deadline_s=600)
    some = _cluster(begun)
    assert len(some) >= min(os.cpu_count() or 1, 2)
    some[0].kill()
    launch.wait_for(run_id)
    assert execute(["reconcile"]) == 0
    all_once(campaign_id, CLUSTER, items=3, parcels=CLUSTER)
    files_are_rows()
    assert _state(run_id) == "COMPLETED"


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


def _left_pending(worker: StartWorker) -> str:
    """A run whose worker was killed before it began: it never had a heartbeat, no automation knows of it."""
    begun = worker("m0")
    run_id = launch.start_flow("chase_receipts")
    taken_up = "a worker takes it up"
    until(lambda: call("GET", f"/flow_runs/{run_id}")["infrastructure_pid"], what=taken_up, every_s=ASKED_S)
    begun.kill()
    assert _state(run_id) == "PENDING"
    return run_id


def _cluster(worker: Process) -> list[psutil.Process]:
    """The processes of the run's own cluster."""
    return [one for one in worker.family() if any("spawn_main" in word for word in _words(one))]


def _words(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.NoSuchProcess:
        return []


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


def _stock_is_balanced() -> None:
    """What is reserved is what the members are owed: each item once; seven are left of each."""
    with reading() as session:
        levels = [one for one in stock.levels(session) if one.item.sku.startswith(("books", "letters"))]
    assert {level.item.sku.partition("-")[0]: level.reserved for level in levels} == {
        "books": BOOKS,
        "letters": LETTERS,
    }
    assert {level.available for level in levels} == {7}
