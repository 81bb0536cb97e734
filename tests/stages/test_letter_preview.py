"""Samples of letters: marked, with a code that never works, and plain about what is missing."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from models import Member
from qianli.documents import press
from qianli.documents.forms import Letter
from qianli.errors import BadInput
from qianli.stages import letter_preview
from qianli.stages.letter_preview import Words, from_file, from_stored, preview
from qianli.stages.unit import writing
from qianli.testing import make_world

WORDS = Words("{姓名}{称谓}：", "您离开家乡{离乡时长}了，如今在{现居地}。**{姓名}，请保重**。", "red_letter")


@pytest.fixture
def world(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(letter_preview, "try_design", lambda _design: None)  # a trial of its own: tests/files
    with writing("user:test") as session:
        make_world(session)
    return place


def text_of(pdf: press.Pdf, place: Path) -> str:
    path = place / "paper.pdf"
    path.write_bytes(pdf.content)
    done = subprocess.run(["pdftotext", "-raw", str(path), "-"], check=True, capture_output=True)
    return "".join(done.stdout.decode().split())


def test_a_member_is_shown_with_the_campaigns_sender_and_a_mark(world: Path) -> None:
    made = preview(WORDS, member_id=2, campaign="TEST-2027")
    text = text_of(made.pdf, world)
    for wanted in ("欧阳小芳同志：", "六年六个月", "浙江省义乌市", "欧阳小芳，请保重", "青石镇党委", "TEST-2027-0000"):
        assert wanted in text
    assert "样张：仅供核对" in text
    assert "*" not in text
    assert made.missing == ()


def test_what_the_ledger_lacks_is_told_and_left_as_written(world: Path) -> None:
    with writing("user:test") as session:
        session.execute(sa.update(Member).values(away_since=None))
    made = preview(WORDS, member_id=1)
    assert made.missing == ("离乡时长",)
    assert "您离开家乡{离乡时长}了" in text_of(made.pdf, world)


def test_without_a_member_the_samples_are_shown(world: Path) -> None:
    stored = from_stored("t@1")
    assert stored.campaign == "TEST-2027"
    assert "致张伟同志" in text_of(preview(stored).pdf, world)
    own = from_file("{姓名}：\n您好，{支部}。".encode(), "letter.txt")
    assert "您好，文昌社区第一党支部。" in text_of(preview(replace(own, campaign=None)).pdf, world)


def test_a_character_that_no_font_has_is_named(world: Path) -> None:
    with pytest.raises(BadInput, match="书信里有字库没有的字：😀。请换一种写法"):
        preview(replace(WORDS, body="您好😀"))
    with writing("user:test") as session:
        session.execute(sa.update(Member).where(sa.column("id") == 2).values(name="欧阳\U0001f600"))
    with pytest.raises(BadInput, match="这名党员的资料里有字库没有的字：😀。请核对"):
        preview(WORDS, member_id=2)


def test_the_last_line_of_a_slip_without_an_address_stands_clear_of_the_rule(tmp_path: Path) -> None:
    """Date and signature float: with nothing beside them the line must be there all the same."""
    letter = replace(Letter.sample(), confirm_url=None, code=None, reply_address="", items=())
    path = tmp_path / "slip.pdf"
    path.write_bytes(press.preview(letter, "red_letter").content)
    done = subprocess.run(["pdftotext", "-bbox", str(path), "-"], check=True, capture_output=True).stdout.decode()
    below = max(float(line.split('yMax="')[1].split('"')[0]) for line in done.splitlines() if "日期" in line)
    assert below < 841.89 - 20 / 25.4 * 72 - 6  # the double rule is 20 mm from the foot of the page
