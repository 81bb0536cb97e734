"""The member's page beside a bare FastAPI page on loopback, and the console over a large house.

    python -m tests.bench.web [CODES] [MEMBERS]

The same clients, uvicorn settings and codes; turns are taken. The bare page answers GET with as many bytes, and POST by
reading the form and inserting one row. Afterwards every answer that was taken has to be in the database. Then each page
of the console in a house of many members and 20 campaigns, in server time, beside the sign-in page. Exit code 1 if an
answer is lost, or a page takes more than five times as long as signing in.
"""

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import requests
import sqlalchemy as sa
import uvicorn
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from qianli.settings import settings
from qianli.stages.unit import writing
from qianli.store.session import engine
from qianli.testing import make_world, workspace
from qianli.web.server import configuration, listen
from qianli.web.testing import give_codes
from tests.bench import console

CODES, MEMBERS, CLIENTS, ROUNDS = 400, 100_000, 4, 3
FORM = b"said=all_here&note="
BARE = sa.table("bare_receipt", sa.column("code"), sa.column("body"))
IDENTITY = {"sqlite": "INTEGER PRIMARY KEY", "postgresql": "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"}
Figures = dict[str, object]


def main() -> None:
    """Both parts on both databases; print, and write `var/bench/web.json`."""
    asked = [int(one) for one in sys.argv[1:3]]
    codes, members = asked + [CODES, MEMBERS][len(asked) :]
    found = list[Figures]()
    for name, database in (("SQLite", "sqlite"), ("PostgreSQL", "postgresql")):
        with tempfile.TemporaryDirectory(prefix="qianli-bench-") as folder, workspace(Path(folder), database=database):
            found.append({"database": name, "member": _members_page(codes)})
        with tempfile.TemporaryDirectory(prefix="qianli-bench-") as folder, workspace(Path(folder), database=database):
            found[-1]["console"] = console.measure(members)
        print(json.dumps(found[-1], indent=2, ensure_ascii=False), flush=True)
    results = Path("var/bench")
    results.mkdir(parents=True, exist_ok=True)
    (results / "web.json").write_text(json.dumps(found, indent=2, ensure_ascii=False))
    sys.exit(0 if all(_holds(one) for one in found) else 1)


def _holds(one: Figures) -> bool:
    member, pages = one["member"], one["console"]
    return (
        isinstance(member, dict) and isinstance(pages, dict) and member["lost"] == 0 and pages["ratio"] <= console.MOST
    )


def _members_page(count: int) -> Figures:
    with writing("system") as session:
        world = make_world(session, members=count)
    codes = give_codes(world.consignments)
    made = engine(settings().database_url)
    with made.begin() as connection:
        identity = IDENTITY[made.dialect.name]
        connection.execute(
            sa.text(f"CREATE TABLE bare_receipt (id {identity}, code TEXT NOT NULL, body TEXT NOT NULL)")
        )
    taken: dict[str, list[float]] = {f"{side} {verb}": [] for side in ("ours", "bare") for verb in ("GET", "POST")}
    with _server("ours", 0) as ours:
        size = len(requests.get(f"{ours}/r/{codes[0]}", timeout=60).content)
        with _server("bare", size) as bare:
            sides = (("ours", ours), ("bare", bare))
            for _ in range(ROUNDS):
                for side, url in sides:
                    taken[f"{side} GET"] += asyncio.run(_asked(url, "GET", codes, 200))
            parts = [codes[start::ROUNDS] for start in range(ROUNDS)]
            for part in parts:  # each code is answered once: the second answer would be no work
                for side, url in sides:
                    taken[f"{side} POST"] += asyncio.run(_asked(url, "POST", part, 303))
    figures: Figures = {name: _spread(times) for name, times in taken.items()}
    return figures | {
        "codes": count, "clients": CLIENTS, "page_bytes": size, "lost": count - _confirmed(made),
        "ratio_get": round(_middle(taken["ours GET"]) / _middle(taken["bare GET"]), 1),
        "ratio_post": round(_middle(taken["ours POST"]) / _middle(taken["bare POST"]), 1),
        "load": [round(one, 1) for one in os.getloadavg()],
    }  # fmt: skip


def _spread(times: Sequence[float]) -> dict[str, float]:
    """Milliseconds."""
    return {
        "p50_ms": round(_middle(times) * 1000, 1),
        "p99_ms": round(statistics.quantiles(times, n=100)[98] * 1000, 1),
    }


def _middle(times: Sequence[float]) -> float:
    return statistics.median(times)


def _confirmed(made: sa.Engine) -> int:
    """Consignments that are confirmed and of which there is one receipt."""
    with made.connect() as connection:
        return int(connection.execute(sa.text(
            "SELECT count(*) FROM consignment c WHERE c.state = 'confirmed'"
            " AND (SELECT count(*) FROM receipt r WHERE r.consignment_id = c.id) = 1"
        )).scalar_one())  # fmt: skip


async def _asked(url: str, verb: str, codes: Sequence[str], status: int) -> list[float]:
    """Seconds each request took, clients taking turns; an answer that is not as expected ends the bench."""
    waiting, times = list(codes), list[float]()

    async def client() -> None:
        host, port = url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        while waiting:
            begun = time.perf_counter()
            writer.write(_request(verb, waiting.pop()))
            said = await _status(reader)
            times.append(time.perf_counter() - begun)
            assert said == status, (verb, said)
        writer.close()

    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return times


def _request(verb: str, code: str) -> bytes:
    head = f"{verb} /r/{code} HTTP/1.1\r\nHost: x\r\n"
    if verb == "GET":
        return f"{head}\r\n".encode()
    return (
        f"{head}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(FORM)}\r\n\r\n".encode() + FORM
    )


async def _status(reader: asyncio.StreamReader) -> int:
    """The status of an answer that was read to its end."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
    await reader.readexactly(length)
    return int(head.split(" ", 2)[1])


def bare(size: int) -> FastAPI:
    """The other side: a page of so many bytes, and one row for each form; nothing is looked up or checked."""
    app, made = FastAPI(openapi_url=None), engine(settings().database_url).execution_options(writing=True)

    def insert(code: str, body: str) -> None:
        with made.begin() as connection:
            connection.execute(sa.insert(BARE).values(code=code, body=body))

    @app.get("/r/{code}")
    def look(code: str) -> HTMLResponse:
        return HTMLResponse(f"<p>{code}".ljust(size))

    @app.post("/r/{code}")
    async def say(code: str, request: Request) -> RedirectResponse:
        await run_in_threadpool(insert, code, (await request.body()).decode())
        return RedirectResponse(f"/r/{code}", status_code=303)

    return app


def serve(side: str, size: int, port: int) -> None:
    """One side in this process, as `qianli serve` does it."""
    config = configuration()
    if side == "bare":
        config.app = bare(size)
    with listen("127.0.0.1", port) as listening:
        uvicorn.Server(config).run(sockets=[listening])


@contextmanager
def _server(side: str, size: int) -> Iterator[str]:
    """Servers and clients do not share an interpreter."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.web", side, str(size), str(port)])
    url = f"http://127.0.0.1:{port}"
    try:
        while process.poll() is None:
            try:
                requests.get(url, timeout=60)
            except requests.ConnectionError:
                time.sleep(0.05)
            else:
                break
        yield url
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in ("ours", "bare"):
        serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
