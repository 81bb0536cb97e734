"""The same flows on a Dask cluster of several processes, chosen by one setting of the worker."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from models import Artefact, Parcel, ParcelStage, PrintRun
from qianli import launch
from qianli.launch.api import call
from qianli.settings import settings
from qianli.stages.approve import approve
from qianli.stages.unit import reading
from qianli.testing_machines import Machines, Process, qianli, until

pytestmark = pytest.mark.slow

MEMBERS = 30


def processes(worker: Process) -> list[psutil.Process]:
    """The processes of the run's own cluster."""
    return [one for one in worker.family() if any("spawn_main" in word for word in _words(one))]


def _words(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.NoSuchProcess:
        return []


def made() -> int:
    with reading() as session:
        query = select(sa.func.count()).select_from(PrintRun).where(col(PrintRun.made_at).is_not(None))
        return int(session.exec(query).one())


def test_shards_run_in_the_processes_of_a_cluster_and_one_of_them_may_die(
    machines: Machines, campaign: Callable[..., int]
) -> None:
    campaign_id = campaign("DASK", members=MEMBERS, letters=True)
    worker = machines.worker("m1", QIANLI_TASK_RUNNER="dask")
    assert launch.wait_for(launch.start_flow("prepare_campaign", campaign_id)).done
    approve("DASK", by="user:boss")
    run_id = launch.start_flow("fulfil_campaign", campaign_id)
    until(made, what="some papers are made")
    some = processes(worker)
    assert len(some) >= min(os.cpu_count() or 1, 2)
    some[0].kill()
    launch.wait_for(run_id)
    qianli("reconcile")
    _all_is_made_once()
    assert call("GET", f"/flow_runs/{run_id}")["state"]["type"] == "COMPLETED"


def _all_is_made_once() -> None:
    root = Path(settings().documents_url.removeprefix("file://"))
    with reading() as session:
        parcels = list(session.exec(select(Parcel)))
        files = {one.path: one.sha256 for one in session.exec(select(Artefact))}
        unmade = [run.key for run in session.exec(select(PrintRun)) if run.made_at is None]
    assert unmade == []
    assert len(parcels) == len({one.reference for one in parcels}) == MEMBERS
    assert {one.stage for one in parcels} == {ParcelStage.printed}
    there = [path for path in root.rglob("*") if path.is_file()]
    assert {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in there} == files
