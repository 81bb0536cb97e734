"""Whom a campaign is for, counted and prepared."""

import json
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, select

from models import Campaign, CampaignState, Consignment, Organisation
from qianli.cli import main
from qianli.errors import NotFound
from qianli.stages import audiences
from qianli.stages.steps import run_inline
from qianli.stages.unit import reading, writing
from qianli.store import campaigns
from qianli.testing import World, add_member, make_world

CODE = "TEST-2027"
FILE = Path("examples/qianli-letter/campaign.yaml").read_text(encoding="utf-8")


@pytest.fixture
def world(place: Path) -> World:
    """Two branches and a host; members in 晋江, 义乌 and 乌鲁木齐, away since 2020 unless said otherwise."""
    with writing("user:test") as session:
        world = make_world(session, members=0, state=CampaignState.draft, stage=None)
        world.organisation, root = _below(session, world.organisation, "一支部"), world.organisation
        host = _below(session, None, "科技园党委")
        add_member(session, world, 1, host_organisation_id=host)
        add_member(session, world, 2, away_since=date(2026, 7, 20))
        add_member(session, world, 3, away_since=date(2026, 7, 21))
        world.organisation = _below(session, root, "二支部")
        add_member(session, world, 4, away_since=None, host_organisation_id=host)
        add_member(
            session, world, 5, superseded_at=date(2026, 1, 1) and campaigns.by_code(session, code=CODE).created_at
        )
        _, home = add_member(session, world, 6)
        home.until = date(2027, 1, 20)  # moves to 广东 on the very day
        moved = home.model_copy(update={"id": None, "since": date(2027, 1, 20), "until": None, "province": "广东省"})
        session.add(type(home)(**moved.model_dump(exclude={"id"}) | {"city": "深圳市", "district": "南山区"}))
        world.organisation = host
        add_member(session, world, 7)
    return world


def _below(session: Session, parent: int | None, name: str) -> int:
    one = Organisation(name=name, parent_id=parent)
    session.add(one)
    session.flush()
    return one.key


def asked(**audience: object) -> audiences.Audience:
    with writing("user:test") as session:
        campaign: Campaign = campaigns.by_code(session, code=CODE)
        campaign.audience = audience
        session.add(campaign)
    return audiences.of_code(CODE)


def branches(found: audiences.Audience) -> dict[str, int]:
    return {one.organisation.split("/")[-1]: one.members for one in found.branches}


FUJIAN, GUANGDONG = ["福建省", None, None], ["广东省", "深圳市", None]


@pytest.mark.parametrize(
    ("audience", "counts", "left_out"),
    [
        ({}, {"一支部": 3, "二支部": 3}, (0, 0)),
        ({"organisations": ["一支部", "科技园党委"]}, {"一支部": 3, "科技园党委": 1}, (0, 0)),
        ({"organisations": ["科技园党委"], "managed_as": "host"}, {"科技园党委": 2}, (0, 0)),
        ({"organisations": ["科技园党委"], "managed_as": "either"}, {"科技园党委": 3}, (0, 0)),
        ({"divisions": [FUJIAN]}, {"一支部": 1, "二支部": 1}, (1, 0)),
        ({"divisions": [FUJIAN, GUANGDONG]}, {"一支部": 1, "二支部": 2}, (1, 0)),
        ({"away_months_at_least": 6}, {"一支部": 2, "二支部": 2}, (0, 1)),
        ({"away_months_at_most": 6}, {"一支部": 2}, (0, 1)),
        ({"divisions": [GUANGDONG], "away_months_at_least": 12, "managed_as": "host"}, {}, (0, 0)),
    ],
)
def test_counted_is_what_is_prepared(
    world: World, audience: dict[str, object], counts: dict[str, int], left_out: tuple[int, int]
) -> None:
    found = asked(**audience)
    assert branches(found) == counts
    assert (found.members, found.place_unknown, found.away_unknown) == (sum(counts.values()), *left_out)
    run_inline("prepare_campaign", world.campaign)
    with reading() as session:
        assert len(session.exec(select(Consignment)).all()) == found.members


def test_a_file_is_counted_before_it_is_registered(
    world: World, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "活动.yaml"
    written = FILE.replace("organisation: 青石街道云岭社区党委", "organisation: 青石镇党委")
    path.write_text(f"{written}\naudience: {{lives_in: [广东深圳, 福建], away_months_at_least: 6}}\n", encoding="utf-8")
    assert main.execute(["campaign", "audience", str(path)]) == 0
    said = capfd.readouterr().out
    assert "共 2 人" in said
    assert "另有 1 人不知道住在哪个省" in said
    assert "另有 1 人不知道何时外出" in said
    assert main.execute(["campaign", "audience", CODE, "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["members"] == 6
    assert main.execute(["campaign", "audience", "NO-SUCH"]) == 2
    with pytest.raises(NotFound):
        audiences.of_file(FILE.encode())
