"""Codes that nobody knows are listed without names, and mean what a person says from then on."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from models import DeliveredTo, Parcel, Tracking, TrackingEvent
from qianli.cli.main import app
from qianli.couriers.live import Said
from qianli.interfaces.accounts import Account
from qianli.settings import settings
from qianli.stages import cases, courier_accounts, saying
from qianli.stages.unit import reading, writing
from qianli.stand_ins.kuaidi100 import Tracker
from qianli.stand_ins.sf import Express
from qianli.store.tracking import set_waybills
from qianli.testing import NAMES, NOW, make_world

run = CliRunner().invoke
POST = Account("china_post", "china_post", {})
T = Tracking


@pytest.fixture
def parcels(place: Path) -> list[int]:
    with writing("system") as session:
        parcels = make_world(session).parcels
        set_waybills(session, numbers={parcel: f"981234567890{parcel}" for parcel in parcels}, year=2027)

    def said(place: int, code: str, hour: int, text: str = "") -> Said:
        return Said(f"981234567890{parcels[place]}", code, T.unknown, NOW + timedelta(days=1, hours=hour), text)

    told = [
        said(0, "999", 1),
        said(1, "999", 2, f"已交{NAMES[1]}\uff0c派件员\uff1a老周\uff0c电话13912340000"),
        said(2, "飞走了", 3),
        said(2, "801", 4), said(2, "客服备注", 5), said(2, "742", 6),
    ]  # fmt: skip
    saying.record(told, account=POST, by="courier")
    return parcels


def test_a_code_is_listed_until_a_person_says_what_it_means(parcels: list[int]) -> None:
    found = json.loads(run(app, ["courier", "unknown", "--json"]).stdout)
    assert [(one["courier"], one["code"], one["count"]) for one in found] == [
        ("china_post", "999", 2),
        ("china_post", "飞走了", 1),
    ]
    assert found[0]["example"] == "已交某某\uff0c派件员\uff1a某某\uff0c电话…"
    assert "飞走了" in run(app, ["courier", "unknown"]).stdout
    with reading() as session:
        before = [one.model_dump() for one in session.exec(select(TrackingEvent))]

    assert "2 件" in run(app, ["courier", "map", "china_post", "999", "refused"]).stdout
    assert sorted(one.reference for one in cases.list_cases() if one.reference) == ["T-00001-X", "T-00002-X"]
    words = ["courier", "map", "china_post", "999", "delivered", "--delivered-to", "reception"]
    assert json.loads(run(app, [*words, "--json"]).stdout)["parcels"] == 2
    assert cases.list_cases() == []  # it was no refusal after all
    run(app, ["courier", "map", "china_post", "飞走了", "unknown"])
    assert "没有不认识的状态码" in run(app, ["courier", "unknown"]).stdout
    with reading() as session:
        states = [(one.tracking, one.delivered_to) for one in session.exec(select(Parcel).order_by("id"))]
        assert [one.model_dump() for one in session.exec(select(TrackingEvent))] == before
    assert states == [(T.delivered, DeliveredTo.reception)] * 2 + [(T.unknown, None)]
    again = [Said(f"981234567890{parcels[2]}", "999", T.unknown, NOW + timedelta(days=3))]
    saying.record(again, account=POST, by="courier")  # a later event of the code means the same
    with reading() as session:
        assert session.get_one(Parcel, parcels[2]).tracking == T.delivered


def test_what_was_never_said_is_not_mapped(parcels: list[int]) -> None:
    refused = run(app, ["courier", "map", "china_post", "12345", "lost"])
    assert refused.exit_code != 0
    refused = run(app, ["courier", "map", "china_post", "999", "lost", "--delivered-to", "member"])
    assert refused.exit_code != 0


def test_accounts_are_listed_with_what_is_missing_and_what_they_can_do(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert courier_accounts.sentence() == courier_accounts.NONE
    half = {"china_post": {"sender_no": "1"}, "sf": Express().values, "pigeon": {}, "kuaidi100": Tracker().values("")}
    monkeypatch.setenv("QIANLI_COURIERS", json.dumps(half))
    settings.cache_clear()
    found = {one["account"]: one for one in json.loads(run(app, ["courier", "list", "--json"]).stdout)}
    assert found["sf"]["abilities"] == ["下单", "查轨迹"]  # without its secret every push is refused
    assert found["kuaidi100"]["abilities"] == ["查轨迹", "订阅", "收推送"]
    assert found["kuaidi100"]["third_party_data"] == "运单号、收件电话后四位"
    assert "QIANLI_COURIERS__CHINA_POST__SIGN_KEY" in "".join(found["china_post"]["missing"])
    assert "pigeon" in "".join(found["pigeon"]["missing"])
    assert "已接通：顺丰速运（sf）、快递100（kuaidi100）" in courier_accounts.sentence()
    assert Express().checkword not in run(app, ["courier", "list"]).stdout
    settings.cache_clear()
