"""A whole run, at the greatest verbosity and with every kind of error provoked: no log names anybody.

The story of `qianli demo` is told through a real Prefect server (each of its flows the first time, and once more to
fail), with the web beside it. Then all that was logged on the way (by this process, by server, flows and web, in
Prefect's database, in errors.log) is searched for every name, phone, address and code of the data.
"""

import json
import logging
import os
import re
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlmodel import select

from models import Consignment, Member, Residence, Snapshot
from qianli import launch
from qianli.cli import demo_story, main
from qianli.cli.common import context
from qianli.cli.demo_story import LETTERS, STUDY
from qianli.launch import children, together
from qianli.receipts.codes import display, make_code
from qianli.settings import ROOT, settings
from qianli.stages import packing, purging, receipts
from qianli.stages.unit import reading
from qianli.store import campaigns as rows
from qianli.testing import workspace
from qianli.testing_machines import free_port
from qianli.testing_prefect import furnish
from qianli.testing_story import inline
from qianli.web.server import configuration
from qianli.web.testing import serving

pytestmark = pytest.mark.slow
SECRET = b"test-secret"
NOTE = "门卫老孙代收，住隔壁三零二室"
LOUD = {
    "PREFECT_LOGGING_LEVEL": "DEBUG",
    "PREFECT_SERVER_LOGGING_LEVEL": "DEBUG",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "qianli,models,alembic,weasyprint,fontTools,uvicorn,asyncio",
}
WAIT_S = 60


class Told(demo_story.Teller):
    """The story in this process; each flow runs where flows run the first time it is asked for, here from then on."""

    def __init__(self, folder: Path) -> None:
        super().__init__(None, folder)
        self.given: set[tuple[str, ...]] = set()

    def run(self, *words: str) -> None:
        line = inline(words) if words[:2] in self.given else list(words)
        self.given.add(words[:2])
        assert main.execute(line) == 0, words

    def together(self, *words: str) -> None:
        for code in demo_story.EXAMPLES:
            self.run(*words, code)


class Everything(logging.Handler):
    """Keeps every line of every logger, with its traceback."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def logged() -> Iterator[Everything]:
    """What this process logs from here on, down to DEBUG; SQLAlchemy's echo of every row is off, as it is in use."""
    handler, root = Everything(), logging.getLogger()
    level = root.level
    loggers = [logging.getLogger(name) for name in ("qianli", "uvicorn", "weasyprint", "fontTools", "alembic")]
    before = {one: one.level for one in loggers}
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    for one in loggers:
        one.setLevel(logging.DEBUG)
    logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)
    for one, was in before.items():
        one.setLevel(was)


@pytest.fixture
def place(tmp_path: Path, prefect_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A workspace with ports and an errors.log of its own, where everybody is as loud as can be."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(context, "name", "周主任")
    monkeypatch.setattr(main, "VAR", tmp_path / "var")
    monkeypatch.setattr(main, "ROOT", tmp_path)
    monkeypatch.setattr(together, "HEALTHY_S", 600)  # other tests keep the machine busy
    ports = {"PREFECT_API_URL": f"http://127.0.0.1:{free_port()}/api", "WEB_PORT": str(free_port())}
    with workspace(tmp_path, **ports) as root:
        furnish(prefect_home)
        os.environ.update(LOUD)
        yield root


def codes_of(campaign: str) -> list[str]:
    """Confirmation codes that letters of the campaign carry."""
    with reading() as session:
        found = session.exec(select(Consignment).where(Consignment.code_hash.is_not(None))).all()
        id_ = rows.by_code(session, code=campaign).key
        return [make_code(SECRET, one.key, one.code_generation) for one in found if one.campaign_id == id_]


def secrets() -> set[str]:
    """Every name, phone, address and code there is, as a log might write it."""
    with reading() as session:
        people = [*session.exec(select(Member)), *session.exec(select(Snapshot))]
        homes = [*session.exec(select(Residence)), *session.exec(select(Snapshot))]
        found = {one.name for one in people}
        phones = {one.phone for one in people if one.phone}
        found |= phones | {phone.removeprefix("+86") for phone in phones}
        found |= {one.phone_written for one in people if isinstance(one, Member) and one.phone_written}
        found |= {one.written for one in homes if isinstance(one, Residence)}
        places = {one.detail for one in homes if one.detail}
        found |= places | {part for detail in places for part in re.split(r"\s+", detail) if len(part) > 4}
    for campaign in (LETTERS, STUDY):
        for code in codes_of(campaign):
            found |= {code, display(code)}
    return {one for one in found | {NOTE} if one.strip()}


def named_in(content: bytes, names: set[str]) -> list[str]:
    """Which of the names a log holds, as they are or as JSON and Python write them."""
    forms = {name: {name, json.dumps(name)[1:-1], repr(name)[1:-1], requests.utils.quote(name)} for name in names}
    return sorted(name for name, written in forms.items() if any(one.encode() in content for one in written))


@contextmanager
def as_strangers() -> Iterator[None]:
    """Browsers of members keep their own counsel: what our test's client logs is not ours."""
    client = logging.getLogger("urllib3")
    level = client.level
    client.setLevel(logging.WARNING)
    yield
    client.setLevel(level)


@as_strangers()
def visit(url: str, campaign: str) -> None:
    """What members and others do at the web: look, answer, mistype, send nonsense."""
    code, *more = codes_of(campaign)
    for path in ("/", "/r", f"/r/{code}", f"/r/{display(code)}", f"/r/{code}x", f"/r/{code[::-1]}", f"/{code}"):
        requests.get(url + path, timeout=WAIT_S)
    requests.post(f"{url}/r", data={"code": display(code)}, timeout=WAIT_S)
    requests.post(f"{url}/r/{code}", data={"said": "not_received", "note": NOTE}, timeout=WAIT_S)
    requests.post(f"{url}/r/{code}", data={"said": NOTE}, timeout=WAIT_S)
    requests.post(f"{url}/r/{more[0]}", data=NOTE.encode(), headers={"Content-Type": "text/plain"}, timeout=WAIT_S)
    requests.put(f"{url}/r/{code}", data=NOTE.encode(), timeout=WAIT_S)
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=WAIT_S) as raw:
        raw.sendall(f"GET /r/{code} HTTP/1.1\r\nHost {NOTE}\r\n\r\n".encode())
        raw.recv(1000)


def break_the_web(monkeypatch: pytest.MonkeyPatch, campaign: str, handler: logging.Handler) -> None:
    """Errors nobody foresaw, with data in them, before and after an answer was begun; and a domain error of ours."""
    code = codes_of(campaign)[0]

    def boom(*_words: Any, **_more: Any) -> Any:
        raise ValueError(f"{secrets()}")

    async def late(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        boom()

    config = configuration()
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi"):  # uvicorn hands nothing on to the root
        logging.getLogger(name).addHandler(handler)
    with as_strangers(), serving(config) as url:
        visit(url, campaign)
        with monkeypatch.context() as patched:
            patched.setattr(receipts, "find_by_code", boom)
            assert requests.get(f"{url}/r/{code}", timeout=WAIT_S).status_code == 500
        with monkeypatch.context() as patched:
            patched.setattr("starlette.routing.Router.__call__", lambda _self, *words: late(*words))
            with pytest.raises(requests.RequestException):
                requests.get(f"{url}/r/{code}", timeout=WAIT_S).raise_for_status()


def break_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error nobody foresaw, one of the database with a whole row in it, and refusals."""

    def boom(*_words: Any, **_more: Any) -> Any:
        raise ValueError(f"{secrets()}") from KeyError(f"{secrets()}")

    with monkeypatch.context() as patched:
        patched.setattr(packing, "pack_all", boom)
        assert main.execute(["parcel", "pack", "--all", STUDY]) == 1
    (id_, name, was), *_ = on_the_database(HELD, LETTERS)
    on_the_database(
        "UPDATE member SET away_since = ? WHERE id = ?", name, id_
    )  # no date: reading it fails, and says so
    assert main.execute(["member", "list"]) == 1
    assert main.execute(["campaign", "prepare", LETTERS, "--inline"]) == 1
    assert main.execute(["campaign", "prepare", LETTERS]) == 1  # in a flow, which tells of it in its own way
    on_the_database("UPDATE member SET away_since = ? WHERE id = ?", was, id_)
    assert main.execute(["reconcile"]) == 0


HELD = """
    SELECT member.id, member.name, member.away_since FROM member JOIN consignment ON member_id = member.id
    JOIN campaign ON campaign.id = campaign_id WHERE consignment.state = 'held' AND campaign.code = ?
"""


def on_the_database(statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Behind everybody's back."""
    with closing(sqlite3.connect(settings().database_url.removeprefix("sqlite:///"))) as connection, connection:
        return connection.execute(statement, values).fetchall()


def until_listening() -> str:
    place, limit = (settings().web_host, settings().web_port), time.monotonic() + WAIT_S
    while time.monotonic() < limit:
        with socket.socket() as trying:
            if trying.connect_ex(place) == 0:
                return f"http://{place[0]}:{place[1]}"
        time.sleep(0.05)
    raise AssertionError("the web did not start")


def test_no_log_names_anybody(
    place: Path, logged: Everything, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "courier"
    folder.mkdir()
    teller = Told(folder)
    with launch.engine(scheduled=False):
        web = children.start_web()
        try:
            arrive, prepare, send, *_ = demo_story.CHAPTERS
            for chapter in (arrive, prepare):
                chapter(teller)
            break_commands(monkeypatch)
            send(teller)
            visit(until_listening(), STUDY)
            break_the_web(monkeypatch, STUDY, logged)
            for chapter in demo_story.CHAPTERS[3:]:
                chapter(teller)
            names = secrets()
            purging.purge(LETTERS, reason="按上级要求", by="user:test")
        finally:
            web.stop()
    capfd.readouterr()
    files = [path for path in [*place.glob("prefect/**/*"), *place.glob("var/*.log")] if path.is_file()]
    logs = {path.relative_to(place).as_posix(): path.read_bytes() for path in files}
    logs["this process"] = "\n".join(logged.lines).encode()
    assert {"prefect/server.log", "prefect/flows.log", "prefect/web.log", "var/errors.log"} <= logs.keys()
    assert b"ValueError" in logs["var/errors.log"]
    assert b"ShardFailed" in logs["prefect/flows.log"]
    assert b"DEBUG" in logs["prefect/flows.log"]
    assert logs["this process"].count(b"unforeseen ValueError") == 2
    assert b"ASGI callable returned without completing response" in logs["this process"]
    assert len(names) > 80
    assert {name: found for name, content in logs.items() if (found := named_in(content, names))} == {}


def test_the_search_finds_what_is_there() -> None:
    said = json.dumps({"message": "张伟 moved"}).encode()
    assert named_in(said, {"张伟", "李娜"}) == ["张伟"]
    assert named_in("李娜".encode(), {"张伟", "李娜"}) == ["李娜"]
