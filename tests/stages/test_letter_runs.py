"""Letters of a campaign are stamped by setting; what stopped it is told, by number and without a name."""

import subprocess
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from models import ArtefactKind, Subject
from qianli.documents import press, stamping
from qianli.settings import ROOT
from qianli.stages.approve import approve
from qianli.stages.campaigns import documents, new_campaign
from qianli.stages.importing import import_members
from qianli.stages.kits import add_kit, receive, stock_levels
from qianli.stages.steps import run_inline
from qianli.stages.unit import reading
from qianli.store import campaigns, journal
from qianli.testing import workspace

BY = "user:李主任"
CODE, EXAMPLE = "YJZX-2027", ROOT / "examples/study-books"
NAMES = ("彭大勇", "覃丽君", "欧阳小芳", "买买提·艾力")


def fulfilled() -> int:
    """A campaign of four members whose papers are made; its id."""
    rows = [
        f"{name},1390000340{n},2007-07-01,福建省泉州市晋江市陈埭镇鞋都路{n}号,2026-10-18,2012-03"
        for n, name in enumerate(NAMES)
    ]
    content = "\n".join(["姓名,手机号,入党时间,现居住地址,核实日期,外出时间", *rows]).encode()
    import_members(content, filename="名册.csv", organisation="临溪镇石门村党支部", by=BY)
    add_kit((EXAMPLE / "kit.yaml").read_bytes(), by=BY)
    new_campaign(
        (EXAMPLE / "campaign.yaml").read_bytes(), read_beside=lambda name: (EXAMPLE / name).read_bytes(), by=BY
    )
    for level in stock_levels():
        receive(level.item.sku, 10, by=BY)
    with reading() as session:
        campaign = campaigns.by_code(session, code=CODE).key
    run_inline("prepare_campaign", campaign)
    approve(CODE, by=BY)
    run_inline("fulfil_campaign", campaign)
    return campaign


def remarks(campaign: int) -> list[str]:
    with reading() as session:
        found = journal.entries(session, subject=Subject.campaign, subject_id=campaign)
        return [one.why for one in found if one.what == "letters not stamped"]


def letters_text() -> str:
    (paper,) = [one for one in documents(CODE) if one["kind"] == ArtefactKind.letter]
    done = subprocess.run(["pdftotext", str(ROOT / str(paper["path"])), "-"], capture_output=True, check=True)
    return "".join(done.stdout.decode().split())


@pytest.mark.parametrize("how", ["stamp", "layout"])
def test_letters_are_made_as_the_setting_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    made: list[press.Pdf] = []
    letters = press.letters

    def watched(*words: Any) -> press.Pdf:
        made.append(letters(*words))
        return made[-1]

    monkeypatch.setattr(press, "letters", watched)
    monkeypatch.setattr(press, "Pressing", partial(press.Pressing, worth=1))
    with workspace(tmp_path, PRESS=how):
        campaign = fulfilled()
        assert remarks(campaign) == []
        text = letters_text()
    assert [pdf.stamped for pdf in made] == [2 if how == "stamp" else 0]
    assert all(f"{name}同志：" in text for name in NAMES)


def test_a_run_that_could_not_be_stamped_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = stamping.Stamp.own

    def faulty(self: stamping.Stamp, texts: Any, glyph_ids: Any) -> bytes:
        return own(self, texts, {**glyph_ids, "serif": {**glyph_ids["serif"], "覃": glyph_ids["serif"]["彭"]}})

    monkeypatch.setattr(stamping.Stamp, "own", faulty)
    monkeypatch.setattr(press, "Pressing", partial(press.Pressing, worth=1))
    with workspace(tmp_path):
        (why,) = remarks(fulfilled())
        text = letters_text()
    assert "编号 YJZX-2027-0002 的书信套印出来与排版不一致" in why
    assert not any(name in why for name in NAMES)
    assert all(f"{name}同志：" in text for name in NAMES)
