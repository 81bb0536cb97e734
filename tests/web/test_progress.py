"""Live progress on a campaign's page: a stream from the rows, in bounds, for those who may see the campaign."""

import json
from collections.abc import Iterator

import pytest
import requests

from models import Organisation, Role, Shard, Step
from qianli.stages import console, progress, users
from qianli.stages.unit import now, writing
from qianli.store import shards
from qianli.web.console import progress as door
from qianli.web.testing import PASSWORD, Site, signed_in

HERE = "/console/campaigns/TEST-2027"


def cut(site: Site, pieces: int) -> None:
    with writing("system") as session:
        for position in range(pieces):
            session.add(
                Shard(
                    campaign_id=site.world.campaign, step=Step.judge, round=1, position=position, first_id=1, last_id=1
                )
            )


def finish_one(site: Site) -> None:
    with writing("system") as session:
        first = shards.unfinished(session, campaign_id=site.world.campaign, step=Step.judge)[0]
        row = shards.lock_unfinished(session, shard_id=first)
        assert row is not None
        shards.finish(session, shard=row, at=now())


def events(answer: requests.Response) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Name, id and data of each event as it comes."""
    found: dict[str, str] = {}
    for line in answer.iter_lines(decode_unicode=True):
        if line:
            name, _, value = line.partition(": ")
            found[name] = value
        elif "data" in found:
            yield found["event"], found["id"], json.loads(found["data"])
            found = {}


def test_a_stream_tells_what_changes_and_ends_when_nothing_moves(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "TICK_S", 0.05)
    cut(site, 2)
    with requests.Session() as browser:
        signed_in(site, browser, Role.reader)
        assert f'data-progress="{HERE}/progress"' in browser.get(site.url + HERE, timeout=60).text

        def listen(last: str = "") -> requests.Response:
            return browser.get(f"{site.url}{HERE}/progress", headers={"Last-Event-ID": last}, stream=True, timeout=20)

        with listen() as answer:
            assert answer.headers["Content-Type"].startswith("text/event-stream")
            told = events(answer)
            name, first, data = next(told)
            assert (name, data["sentence"]) == ("progress", progress.MOVES)
            assert {"label": "核对名单和地址（批）", "done": 0, "of": 2} in data["lines"]  # type: ignore[operator]
            finish_one(site)
            name, second, data = next(told)
            assert (name, second != first) == ("progress", True)
        with listen(second) as answer:  # the line was lost: what was seen is not told again
            told = events(answer)
            finish_one(site)
            assert next(told)[0] == "done"
            assert list(told) == []
        assert "data-progress" not in browser.get(site.url + HERE, timeout=60).text
    assert door.Streams.open == 0


def test_more_streams_than_are_kept_open_are_told_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "MOST_OPEN", 0)
    cut(site, 1)
    with requests.Session() as browser:
        signed_in(site, browser, Role.reader)
        answer = browser.get(f"{site.url}{HERE}/progress", timeout=20)
        assert answer.text.startswith(f"retry: {door.LATER_MS}\n\n")
        assert answer.text.count("event: progress") == 1


def test_a_flow_that_was_asked_for_is_waited_for(site: Site) -> None:
    with requests.Session() as browser:
        signed_in(site, browser, Role.reader)
        assert "data-progress" not in browser.get(site.url + HERE, timeout=60).text
        console.ask("TEST-2027", "fulfil_campaign", by="user:test")
        assert progress.WAITS in browser.get(site.url + HERE, timeout=60).text


def test_another_tree_sees_no_progress(site: Site) -> None:
    with writing("system") as session:
        session.add(Organisation(name="河东街道党工委"))
    users.add("out", name="李娜", role=Role.organiser, organisation="河东街道党工委", password=PASSWORD, by="user:root")
    with requests.Session() as browser:
        browser.post(f"{site.url}/console/sign-in", data={"login": "out", "password": PASSWORD}, timeout=60)
        assert browser.get(f"{site.url}{HERE}/progress", timeout=20).status_code == 404
