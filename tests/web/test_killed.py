"""The web's process is killed while members answer: whoever was told that it is written down finds it written down."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from sqlmodel import select

from models import Consignment, ConsignmentState, Receipt
from qianli.stages.unit import reading, writing
from qianli.testing import make_world, workspace
from qianli.web.testing import PATIENCE_S, Site, give_codes

MEMBERS, CLIENTS, ENOUGH = 48, 4, 12
SERVE = "import sys; from qianli.web.server import run; run('127.0.0.1', int(sys.argv[1]))"


@contextmanager
def apart() -> Iterator[tuple[str, int]]:
    """The web in a process of its own: its address and its number."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(port)])
    try:
        ends = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends:
            try:
                requests.get(f"http://127.0.0.1:{port}/r", timeout=5)
            except requests.ConnectionError:
                time.sleep(0.05)
            else:
                break
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.kill()
        process.wait()


def answered_until_killed(url: str, process: int, codes: list[str]) -> set[str]:
    """Codes whose answer was heard: the process is killed as soon as there are enough, with others on their way."""
    heard: set[str] = set()
    enough = threading.Event()

    def answer(code: str) -> None:
        try:
            said = requests.post(
                f"{url}/r/{code}", data={"said": "all_here"}, timeout=PATIENCE_S, allow_redirects=False
            )
        except requests.RequestException:
            return
        assert said.status_code == 303
        heard.add(code)
        if len(heard) >= ENOUGH and not enough.is_set():
            enough.set()
            os.kill(process, signal.SIGKILL)

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(answer, codes))
    return heard


def written(site: Site) -> dict[str, tuple[ConsignmentState, int]]:
    """Code → the state of its consignment, and how many receipts there are of it."""
    with reading() as session:
        states = [session.get_one(Consignment, id_).state for id_ in site.world.consignments]
        said = [one.consignment_id for one in session.exec(select(Receipt))]
    return {
        code: (state, said.count(id_))
        for code, state, id_ in zip(site.codes, states, site.world.consignments, strict=True)
    }


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_no_answer_that_was_taken_is_lost(url: str, tmp_path: Path, database: str) -> None:
    with workspace(tmp_path, database=database):
        with writing("system") as session:
            world = make_world(session, members=MEMBERS)
        site = Site(url, world, give_codes(world.consignments))
        with apart() as (there, process):
            heard = answered_until_killed(there, process, site.codes)
        assert ENOUGH <= len(heard) < MEMBERS
        found = written(site)
        assert {code for code in heard if found[code] != (ConsignmentState.confirmed, 1)} == set()
        again = [code for code in site.codes if code not in heard]
        for code in again:  # whoever heard nothing asks again
            assert site.post(f"/r/{code}", {"said": "all_here"}).status_code == 303
        assert set(written(site).values()) == {(ConsignmentState.confirmed, 1)}
