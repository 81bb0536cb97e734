"""Pushes taken by `/hooks/{account}` beside a bare FastAPI route that inserts one row, both under uvicorn on loopback.

    python -m tests.bench.hooks [COUNT]

The same bodies, clients, uvicorn settings and database; turns are taken in several rounds. Pushes of a turn are read
before the next turn begins, so that reading is in nobody's time; a last, longer turn is taken while they are read.
Afterwards the rows are counted: every push that was answered as taken has to be there and has to have been read. Exit
code 1 if one is missing or the rate is below half.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import requests
import sqlalchemy as sa
import uvicorn
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from qianli.settings import settings
from qianli.stages import pushes
from qianli.stand_ins.kuaidi100 import Tracker
from qianli.store import schema
from qianli.store.session import engine
from qianli.testing_postgresql import database
from qianli.web.server import configuration, listen
from qianli.web.soon import Soon

ROUNDS, CLIENTS, COUNT, WARM_UP, LEAST = 7, 4, 600, 60, 0.5
LONG = 12_000  # pushes; longer than pushes are left unread
PATIENCE_S = 300
DESK, NUMBER = Tracker(), "9812345678901"
BARE = sa.table("bare_push", sa.column("account"), sa.column("body"))
IDENTITY = {"sqlite": "INTEGER PRIMARY KEY", "postgresql": "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"}


def main() -> None:
    """Take turns on both databases, count, print, and write `var/bench/hooks.json`."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    found = []
    with tempfile.TemporaryDirectory(prefix="qianli-bench-") as folder:
        url = f"sqlite:///{folder}/qianli.db"
        schema.upgrade(url)
        found.append({"database": "SQLite", **_measure(url, count)})
    with database(migrated=True) as url:
        found.append({"database": "PostgreSQL", **_measure(url, count)})
    results = Path("var/bench")
    results.mkdir(parents=True, exist_ok=True)
    (results / "hooks.json").write_text(json.dumps(found, indent=2))
    print(json.dumps(found, indent=2))
    sys.exit(0 if all(one["lost"] == 0 and one["ratio"] >= LEAST for one in found) else 1)


def _measure(url: str, count: int) -> dict[str, object]:
    os.environ["QIANLI_DATABASE_URL"] = url
    os.environ["QIANLI_COURIERS"] = json.dumps({"kuaidi100": DESK.values("http://127.0.0.1:1")})
    settings.cache_clear()
    made = engine(url)
    identity = IDENTITY[made.dialect.name]
    kind = "BLOB" if made.dialect.name == "sqlite" else "BYTEA"
    with made.begin() as connection:
        connection.execute(
            sa.text(f"CREATE TABLE bare_push (id {identity}, account TEXT NOT NULL, body {kind} NOT NULL)")
        )
    body = _body()
    with _server("ours") as ours, _server("bare") as bare:
        for one in (ours, bare):
            _rate(one, body, WARM_UP)
        rates = []
        for turn in range(ROUNDS):
            _until_read(made)
            sides = {one: _rate(one, body, count) for one in ((ours, bare) if turn % 2 else (bare, ours))}
            rates.append((sides[ours], sides[bare]))
        _until_read(made)
        long = _rate(ours, body, LONG * count // COUNT)
        begun = time.monotonic()
        _until_read(made)
        read_after = time.monotonic() - begun
    sent = WARM_UP + ROUNDS * count
    kept, plain = _rows(made)
    ratios = [one / two for one, two in rates]
    return {
        "pushes": sent + LONG * count // COUNT, "lost": sent + LONG * count // COUNT - kept + sent - plain,
        "body_bytes": len(body), "clients": CLIENTS, "ratio": round(statistics.median(ratios), 2),
        "ratios": [round(one, 2) for one in ratios],
        "qianli_a_second": round(statistics.median(one for one, _ in rates)),
        "bare_a_second": round(statistics.median(two for _, two in rates)),
        "while_read_a_second": round(long), "all_read_after_s": round(read_after, 1),
        "load": [round(one, 1) for one in os.getloadavg()],
    }  # fmt: skip


def bare() -> FastAPI:
    """The other side: body in, one row in a table of the same shape, an answer out; nothing checked."""
    app, made = FastAPI(openapi_url=None), engine(settings().database_url).execution_options(writing=True)

    def insert(account: str, body: bytes) -> None:
        with made.begin() as connection:
            connection.execute(sa.insert(BARE).values(account=account, body=body))

    @app.post("/hooks/{account}")
    async def push(account: str, request: Request) -> JSONResponse:
        await run_in_threadpool(insert, account, await request.body())
        return JSONResponse({"result": True, "returnCode": "200", "message": "成功"})

    return app


def serve(side: str, port: int) -> None:
    """One side in this process, as `qianli serve` does it."""
    config = configuration(Soon(pushes.run))
    if side == "bare":
        config.app = bare()
    with listen("127.0.0.1", port) as listening:
        uvicorn.Server(config).run(sockets=[listening])


@contextmanager
def _server(side: str) -> Iterator[str]:
    """Servers and clients do not share an interpreter."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.hooks", side, str(port)])
    url = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                requests.get(url, timeout=5)
            except requests.ConnectionError:
                time.sleep(0.05)
            else:
                break
        yield url
    finally:
        process.terminate()
        process.wait()


def _body() -> bytes:
    """A callback of a parcel with ten entries, as a courier repeats them."""
    entries = [
        {"ftime": f"2027-01-14 {hour:02d}:00:00", "statusCode": "1002", "context": "快件已到达某处理中心"}
        for hour in range(10)
    ]
    DESK.know(NUMBER, *entries, state="0")
    return urlencode(DESK.callback_of(NUMBER)).encode()


def _rate(url: str, body: bytes, count: int) -> float:
    """Pushes a second that were answered as taken; any other answer ends the bench."""
    own = threading.local()

    def send(_: int) -> None:
        if not hasattr(own, "session"):
            own.session = requests.Session()
        answer = own.session.post(
            f"{url}/hooks/kuaidi100", data=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
        )
        assert answer.json()["returnCode"] == "200", answer.status_code

    with ThreadPoolExecutor(CLIENTS) as pool:
        begun = time.monotonic()
        list(pool.map(send, range(count)))
        return count / (time.monotonic() - begun)


def _until_read(made: sa.Engine) -> None:
    """Until no push is unread."""
    table, ends = sa.table("courier_push", sa.column("read_at")), time.monotonic() + PATIENCE_S
    unread = sa.select(sa.func.count()).select_from(table).where(table.c.read_at.is_(None))
    while time.monotonic() < ends:
        with made.connect() as connection:
            if not connection.execute(unread).scalar_one():
                return
        time.sleep(0.2)
    sys.exit("pushes were not read")


def _rows(made: sa.Engine) -> tuple[int, int]:
    tables = [sa.table(name) for name in ("courier_push", "bare_push")]
    with made.connect() as connection:
        kept, plain = (connection.execute(sa.select(sa.func.count()).select_from(one)).scalar_one() for one in tables)
    return kept, plain


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in ("ours", "bare"):
        serve(sys.argv[1], int(sys.argv[2]))
    else:
        main()
