"""A real Prefect server and the flows process: through, refused, killed in the middle, driven on."""

import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import requests
import sqlalchemy as sa
from sqlmodel import select

from models import Artefact, CampaignState, Parcel, ParcelStage, PrintRun, Role, Snapshot
from qianli import launch
from qianli.cli.drive import drive
from qianli.errors import RuleBroken
from qianli.launch import api, runs, together
from qianli.launch.api import call
from qianli.launch.runs import ENDED
from qianli.settings import settings
from qianli.stages import artefacts, reconcile
from qianli.stages.approve import approve
from qianli.stages.unit import reading, writing
from qianli.store import stock
from qianli.testing import World, make_world, workspace
from qianli.testing_machines import free_port
from qianli.testing_prefect import furnish
from qianli.web.testing import Site, serving, signed_in

pytestmark = pytest.mark.slow
DEADLINE_S = 300
MEMBERS = 4
PREPARED = {"flow_runs": {"tags": {"all_": ["prepare_campaign"]}}}
T = TypeVar("T")


def until(look: Callable[[], T | None]) -> T:
    """Poll until there is an answer; a test that waits too long fails here."""
    limit = time.monotonic() + DEADLINE_S
    while time.monotonic() < limit:
        if (found := look()) is not None:
            return found
        time.sleep(0.05)
    raise AssertionError("nothing happened in time")


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine that other tests keep busy a server may take long to answer."""
    monkeypatch.setattr(api, "TIMEOUT_S", (20.0, 120.0))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, prefect_home: Path) -> Iterator[World]:
    """A prepared campaign with stock, a server and the flows; every letter is a print run of its own."""
    root: Path = tmp_path_factory.mktemp("flows")
    url = f"http://127.0.0.1:{free_port()}/api"
    with workspace(root, PREFECT_API_URL=url, PRINT_RUN_SIZE="1", LETTER_RUN_SIZE="1"):
        with writing("user:test") as session:
            made = make_world(session, members=MEMBERS, state=CampaignState.prepared, stage=None)
            for level in stock.levels(session):
                stock.receive(session, item_id=level.item.key, quantity=100)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(together, "HEALTHY_S", 600)  # other tests keep the machine busy
            furnish(prefect_home)
            with launch.engine(scheduled=False):
                yield made


def made_runs() -> int:
    with reading() as session:
        query = select(sa.func.count()).select_from(PrintRun).where(sa.column("made_at").is_not(None))
        return int(session.exec(query).one())


def test_a_refusal_inside_a_flow_comes_back_as_its_sentence(world: World) -> None:
    with pytest.raises(RuleBroken, match="还没有批准"):
        drive("fulfil_campaign", world.campaign, inline=False)


@pytest.fixture(scope="module")
def clicked(world: World) -> str:
    """Somebody clicks twice; the run, which is through. Whoever needs one that ended may have this: a run is dear."""
    run_ids = {launch.start_flow("prepare_campaign", world.campaign) for _ in range(2)}
    assert len(run_ids) == 1
    (run_id,) = run_ids
    assert launch.wait_for(run_id).done
    return run_id


def test_two_clicks_are_one_run_that_is_named(world: World, clicked: str) -> None:
    assert launch.wait_for(clicked).name == f"prepare_campaign-{world.campaign}-v1"
    assert launch.active_campaigns() == set()


def test_a_button_of_the_console_and_a_command_start_runs_of_the_same_name(world: World, clicked: str) -> None:
    with serving() as url, requests.Session() as browser:
        site = Site(url, world, [])
        form = {"csrf": signed_in(site, browser, Role.organiser)}
        campaign = f"{url}/console/campaigns/TEST-2027"
        pressed = [browser.post(f"{campaign}/prepare", data=form, timeout=DEADLINE_S) for _ in range(2)]
        assert ["started=1" in one.url for one in pressed] == [True, True]
    drive("prepare_campaign", world.campaign, inline=False)
    assert launch.active_campaigns() == set()
    names = [one["name"] for one in call("POST", "/flow_runs/filter", PREPARED)]
    assert {f"prepare_campaign-{world.campaign}-v{number}" for number in (1, 2)} <= set(names)


def test_killed_in_the_middle_and_driven_on_every_paper_is_made_once(world: World) -> None:
    approve("TEST-2027", by="user:boss")
    run_id = launch.start_flow("fulfil_campaign", world.campaign)
    until(lambda: made_runs() or _not_ended(run_id))
    assert launch.active_campaigns() == {world.campaign}
    _kill(call("GET", f"/flow_runs/{run_id}")["infrastructure_pid"])
    assert launch.wait_for(run_id).state == "CRASHED"
    assert 0 < made_runs() < _runs()
    assert [one.work for one in reconcile.unfinished()] == ["fulfil_campaign"]
    assert [one.refused for one in reconcile.reconcile_inline(by="user:test")] == [None]
    assert not reconcile.left("fulfil_campaign", world.campaign)
    assert reconcile.reconcile_inline(by="user:test") == []
    _all_is_made_once(world)


def test_a_run_left_running_by_a_vanished_process_is_cleared(world: World, clicked: str) -> None:
    """As after a power cut: nobody was there to say that it crashed."""
    running = {"type": "RUNNING", "name": "Running"}
    call("POST", f"/flow_runs/{clicked}/set_state", {"state": running, "force": True})
    assert launch.active_campaigns() == {world.campaign}
    assert until(lambda: launch.clear_stale_runs() or None) == 1
    assert launch.wait_for(clicked).state == "CRASHED"


def test_a_run_that_ended_is_not_marked_by_who_thinks_it_dead(clicked: str) -> None:
    """The automation, another reconcile and the run itself may all be faster."""
    before = launch.wait_for(clicked)
    assert not runs.mark_crashed(clicked)
    assert launch.wait_for(clicked) == before


def test_stale_runs_are_cleared_beyond_one_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a night without workers; they never had a heartbeat, and no process is noted on them."""
    monkeypatch.setattr(runs, "PAGE", 10)
    (flow,) = call("POST", "/flows/filter", {"flows": {"name": {"any_": ["chase_receipts"]}}})
    pending = {"flow_id": flow["id"], "state": {"type": "PENDING"}}
    for _ in range(runs.PAGE + 1):
        call("POST", "/flow_runs/", pending)
    assert launch.clear_stale_runs() == 0, "they are young"
    assert launch.clear_stale_runs(quiet_s=0) == runs.PAGE + 1
    assert launch.clear_stale_runs(quiet_s=0) == 0


def test_a_watch_for_dead_runs_is_installed(world: World) -> None:
    (automation,) = call("POST", "/automations/filter", {})
    assert automation["enabled"]
    assert "prefect.flow-run.Refused" in automation["trigger"]["expect"]


def test_prefect_keeps_no_personal_data(world: World) -> None:
    with reading() as session:
        secrets = {text for one in session.exec(select(Snapshot)) for text in (one.name, one.phone, one.detail) if text}
    kept = b"".join(path.read_bytes() for path in settings().prefect_home.rglob("*") if path.is_file())
    assert b"fulfil_campaign" in kept
    assert not [text for text in secrets if text.encode() in kept or json.dumps(text).strip('"').encode() in kept]


def _not_ended(run_id: str) -> int | None:
    state = call("GET", f"/flow_runs/{run_id}")["state"]
    assert state["type"] not in ENDED, state["message"]
    return None


def _kill(signed: str) -> None:
    host, _, pid = signed.rpartition(":")
    assert host == socket.gethostname()
    os.kill(int(pid), signal.SIGKILL)


def _runs() -> int:
    with reading() as session:
        return int(session.exec(select(sa.func.count()).select_from(PrintRun)).one())


def _all_is_made_once(world: World) -> None:
    assert made_runs() == _runs()
    with reading() as session:
        parcels = list(session.exec(select(Parcel)))
        files = list(session.exec(select(Artefact)))
    assert len(parcels) == len({one.reference for one in parcels}) == MEMBERS
    assert {one.stage for one in parcels} == {ParcelStage.printed}
    assert all(one.published_at and one.sha256 for one in files)
    root = Path(settings().documents_url.removeprefix("file://"))
    assert sorted(one.path for one in files) == sorted(
        str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()
    )
    assert all(artefacts.fetch(one.path) for one in files)
