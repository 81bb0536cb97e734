"""Two workers sending at once: both know of the same messages, each goes once, none is lost, none is one too many."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from models import Campaign, Case, Message, MessagePurpose
from qianli.channels import connected
from qianli.channels.live import Accepted, Outgoing
from qianli.interfaces.wire import at_once
from qianli.stages import message_desk, messages
from qianli.stages.unit import reading, writing
from qianli.stand_ins import plain_channel
from qianli.stand_ins.plain_channel import Phones, Plain
from qianli.stand_ins.serving import serving
from qianli.testing import make_world, workspace

NOON = datetime(2027, 1, 6, 4, 0, tzinfo=UTC)  # 12:00 where the members are
MEMBERS, EACH, PER_WEEK = 8, 3, 2
PATIENCE_S = 30
MEANS = message_desk.Means(
    sleep=lambda _s: None, jitter=lambda: 0.5, acquire=lambda _account: at_once, now=lambda: NOON
)  # fmt: skip


def queue() -> None:
    """One message more to each member than a week has room for, one member's next to each other."""
    with writing("user:test") as session:
        world = make_world(session, members=MEMBERS)
        session.get_one(Campaign, world.campaign).messages = ["plain"]
        rows = [
            {
                "sending_key": f"{place}-{n}", "purpose": MessagePurpose.follow_up, "channel": "plain",
                "organisation_id": world.organisation, "campaign_id": world.campaign, "member_id": member,
                "consignment_id": world.consignments[place], "text_code": "receipt_ask",
                "due_at": NOON - timedelta(hours=1),
            }
            for place, member in enumerate(world.members) for n in range(EACH)
        ]  # fmt: skip
        messages.queue(session, rows)


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def test_two_workers_send_each_message_once(tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The channel knows no keys: whatever is asked for twice is there twice."""
    phones, both = Phones(takes_key=False), threading.Barrier(2, timeout=PATIENCE_S)
    senders: Counter[str] = Counter()
    looked = threading.local()
    due = messages.store.due

    class Told(Plain):
        def send(self, one: Outgoing) -> Accepted:
            senders[threading.current_thread().name] += 1
            return super().send(one)

    def due_to_both(*args: Any, **which: Any) -> list[int]:
        found = due(*args, **which)
        if not getattr(looked, "already", False):
            looked.already = True
            both.wait()  # neither begins before the other has read the same list
        return found

    monkeypatch.setitem(connected.MODULES, "plain", plain_channel.module(Told))
    monkeypatch.setattr(messages.store, "due", due_to_both)
    monkeypatch.setattr(messages, "now", lambda: NOON)
    with (
        serving(phones.app()) as url,
        workspace(tmp_path, database=database, CHANNELS__PLAIN__URL=url, MESSAGES_PER_WEEK=str(PER_WEEK)),
    ):
        queue()
        (shard,) = messages.shards()
        with ThreadPoolExecutor(2) as workers:
            for running in [workers.submit(messages.run, shard, means=MEANS) for _ in range(2)]:
                running.result(PATIENCE_S)
        with reading() as session:
            rows = list(session.exec(select(Message)))
            assert session.exec(select(Case)).all() == []
            answered = [one.sending_key for one in rows if one.answered_at]
            per_member = Counter(one.member_id for one in rows if one.answered_at)
            left = [(one.asked_at, one.lease_until, one.due_at) for one in rows if not one.answered_at]
    assert Counter(one["key"] for one in phones.sent) == Counter(answered)
    assert set(per_member.values()) == {PER_WEEK}
    assert len(per_member) == MEMBERS
    assert left == [(None, None, NOON + timedelta(days=7))] * MEMBERS * (EACH - PER_WEEK)
    assert len(senders) == 2, "both had something to send"
