"""Phones that are written to, what goes wrong on the way to them, and a clock."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from models import Campaign, Message, MessagePurpose
from qianli.channels import connected
from qianli.channels.live import To
from qianli.errors import InterfaceUnavailable
from qianli.interfaces.wire import at_once
from qianli.stages import message_desk, messages
from qianli.stages.unit import reading, writing
from qianli.stand_ins import plain_channel
from qianli.stand_ins.faults import Faults
from qianli.stand_ins.plain_channel import Keyed, Phones, Plain
from qianli.stand_ins.serving import serving
from qianli.testing import World, make_world, workspace

NOON = datetime(2027, 1, 6, 4, 0, tzinfo=UTC)  # 12:00 where the members are


@dataclass
class Desk:
    """Phones, what goes wrong on the way to them, a world whose members are written to, and a clock."""

    phones: Phones
    faults: Faults
    at: datetime = NOON
    world: World = field(default_factory=World)

    def people(self, members: int, **more: object) -> None:
        with writing("user:李主任") as session:
            self.world = make_world(session, members=members)
            session.get_one(Campaign, self.world.campaign).messages = ["plain"]
            messages.queue(session, [self.row(n, **more) for n in range(members)])

    def row(self, place: int, key: str = "", **more: object) -> dict[str, object]:
        return {
            "sending_key": key or f"TEST-2027-{place + 1:04d}-1", "purpose": MessagePurpose.follow_up,
            "organisation_id": self.world.organisation, "campaign_id": self.world.campaign,
            "consignment_id": self.world.consignments[place], "member_id": self.world.members[place],
            "channel": "plain", "text_code": "receipt_ask", "due_at": self.at - timedelta(hours=1), **more,
        }  # fmt: skip

    def send(self, *, take_over: bool = True) -> None:
        for shard in messages.shards():
            messages.run(shard, take_over=take_over, means=self.means())

    def means(self) -> message_desk.Means:
        return message_desk.Means(
            sleep=lambda _s: None, jitter=lambda: 0.5, acquire=lambda _account: at_once, now=lambda: self.at
        )

    def send_all(self, runs: int = 300) -> None:
        """Run after run, an hour apart at noon, until nothing waits."""
        for _ in range(runs):
            with suppress(InterfaceUnavailable):
                self.send()
            if not any(self.waits(one) for one in self.rows(Message)):
                return
            self.at += timedelta(minutes=2)
        raise AssertionError("it does not come to an end")

    @staticmethod
    def waits(one: Message) -> bool:
        return not (one.answered_at or one.failed_at or one.cancelled_at or one.unclear_at)

    def rows(self, model: type) -> list:
        with reading() as session:
            found = list(session.exec(select(model).order_by("id")))
            session.expunge_all()
        return found

    def received(self) -> Counter[str]:
        return Counter(one["key"] for one in self.phones.sent)


@contextmanager
def open_desk(place: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    phones, faults = Phones(), Faults()
    monkeypatch.setattr("qianli.stages.messages.now", lambda: NOON + timedelta(days=900))
    monkeypatch.setattr("qianli.interfaces.wire.TIMEOUT_S", (5, 0.3))
    faults.late_s = 0.5
    with (
        serving(faults.around(phones.app())) as url,
        workspace(place, database=database, CHANNELS__PLAIN__URL=url),
    ):
        speaks(monkeypatch, Keyed)
        yield Desk(phones, faults)


def speaks(monkeypatch: pytest.MonkeyPatch, kind: type[Plain], to: To = To.phone) -> None:
    monkeypatch.setitem(connected.MODULES, "plain", plain_channel.module(kind, to))
