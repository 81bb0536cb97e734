"""A study programme with a clock, its members and what they do."""

from datetime import UTC, datetime

import pytest

from models import Member, Organisation
from qianli.settings import ROOT
from qianli.stages import (
    call_ends,
    discussions,
    phone_calls,
    programmes,
    publishing,
    study_calls,
    study_closing,
    study_importing,
    study_links,
    studying,
    unit,
)
from qianli.stages.unit import reading, writing
from qianli.store import organisations
from qianli.store.scope import Scope
from qianli.testing import make_world

BY, CODE = "user:李主任", "WSDZB"
EXAMPLE = ROOT / "examples/study"
DISCUSSION = "  - {name: 季度讨论, rhythm: quarterly, discussion: true}\n"
TALK = "## 季度讨论\n### 我为家乡做件事\n日期：2027-01-04\n谈谈您的想法。\n"


def study_clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The instant it is; tests put another one in."""
    at = [datetime(2027, 1, 4, 1, 0, tzinfo=UTC)]
    for module in (
        unit,
        programmes,
        publishing,
        study_links,
        studying,
        discussions,
        study_calls,
        study_closing,
        phone_calls,
        call_ends,
    ):
        monkeypatch.setattr(module, "now", lambda: at[0])
    return at


def study_members(clock: list[datetime]) -> list[int]:
    """Three members of 青石镇党委 and one of the branch below it; the example's programme with a discussion."""
    with writing(BY) as session:
        made = make_world(session)
        branch = Organisation(name="一支部", parent_id=made.organisation)
        other = Organisation(name="外地党委")
        session.add_all([branch, other])
        session.flush()
        member = Member(organisation_id=branch.key, name="欧阳小芳", created_at=clock[0], updated_at=clock[0])
        member.details = {"smartphone": "否"}
        stranger = Member(organisation_id=other.key, name="赵敏", created_at=clock[0], updated_at=clock[0])
        session.add_all([member, stranger])
        session.flush()
        ids = [*made.members, member.key, stranger.key]
    content = (EXAMPLE / "programme.yaml").read_bytes() + DISCUSSION.encode()
    assert programmes.add(content, organisation="青石镇党委", by=BY).added
    assert not programmes.add(content, organisation="青石镇党委", by=BY).changed
    return ids


def take_in(content: bytes, name: str = "items.md") -> tuple[int, int, int]:
    done = study_importing.import_items(CODE, content, filename=name, by=BY)
    return done.accepted, done.unchanged, len(done.rejected)


def example() -> bytes:
    return (EXAMPLE / "items.md").read_bytes() + TALK.encode()


def visitor(member_id: int, organisation: str = "青石镇党委") -> study_links.Visitor:
    study_links.open_page(CODE, organisation, by=BY)
    url = next(one.url for one in study_links.own_links(CODE, organisation, by=BY) if one.member == member_id)
    return study_links.visitor(*url.split("/")[-2:], address="1.2.3.4")


def ids_of(title: str) -> int:
    return next(one.id for one in programmes.items(CODE) if one.title == title)


def scope_of(organisation: str) -> Scope:
    with reading() as session:
        return Scope(organisations.by_name(session, name=organisation).key)
