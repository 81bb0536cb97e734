"""Letters of a campaign are stamped by setting; what stopped it is told, by number and without a name."""

import hashlib
import os
import subprocess
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from models import ArtefactKind, PrintRun, Subject
from qianli.documents import letter_plan, press
from qianli.documents.layout_process import PROCESS
from qianli.errors import LayoutFailed
from qianli.settings import ROOT, settings
from qianli.stages import papers
from qianli.stages.campaigns import documents
from qianli.stages.unit import reading, writing
from qianli.store import journal
from qianli.testing import workspace
from qianli.testing_campaign import CODE, NAMES, fulfilled

pytestmark = pytest.mark.slow


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
    assert [pdf.stamped for pdf in made] == [4 if how == "stamp" else 0]
    assert all(f"{name}同志：" in text for name in NAMES)


def test_a_run_that_could_not_be_stamped_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    glyph_ids = letter_plan.Plan.glyph_ids

    def faulty(self: letter_plan.Plan, number: int, stencils: letter_plan.Stencils) -> Any:
        right = glyph_ids(self, number, stencils)
        return lambda place: {**right(place), "覃": right(place).get("彭", b"0000")}

    monkeypatch.setattr(letter_plan.Plan, "glyph_ids", faulty)
    monkeypatch.setattr(press, "Pressing", partial(press.Pressing, worth=1))
    with workspace(tmp_path):
        (why,) = remarks(fulfilled())
        text = letters_text()
    assert "编号 YJZX-2027-0002 的书信套印出来与排版不一致" in why
    assert not any(name in why for name in NAMES)
    assert all(f"{name}同志：" in text for name in NAMES)


def test_a_run_whose_layout_failed_is_free_and_made_again_with_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PROCESS, "limits", PROCESS.limits)  # afterwards as before
    letters = press.letters

    def starved(*words: Any) -> press.Pdf:
        try:
            return letters(*words)
        finally:  # the workspace puts everything back
            os.environ["QIANLI_LAYOUT_MEMORY_MB"] = "4096"
            settings.cache_clear()

    monkeypatch.setattr(press, "letters", starved)
    with workspace(tmp_path, LAYOUT_MEMORY_MB="300"):  # too little to begin with
        with pytest.raises(LayoutFailed, match="内存"):
            fulfilled()
        left = [one for one in runs() if one.made_at is None]
        assert [one.kind for one in left] == [ArtefactKind.letter]
        assert all(one.lease_until is None for one in left)
        for one in left:
            papers.run(one.key)
        assert all(one.made_at for one in runs())
        first = digests(tmp_path)
        with writing("system") as session:
            for one in left:
                session.get_one(PrintRun, one.key).made_at = None
        for one in left:
            papers.run(one.key)
        assert digests(tmp_path) == first


def test_a_claim_lasts_as_long_as_its_drawing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    letters, drawn = press.letters, list[int]()

    def slow(*words: Any) -> press.Pdf:
        drawn.append(len(drawn))
        if len(drawn) == 1:
            time.sleep(1.5)  # longer than the lease
            (mine,) = [one for one in runs() if one.kind is ArtefactKind.letter]
            papers.run(mine.key)  # another worker looks whether it is free
        return letters(*words)

    monkeypatch.setattr(press, "letters", slow)
    with workspace(tmp_path, LEASE_S="1"):
        fulfilled()
        (made,) = [one for one in runs() if one.kind is ArtefactKind.letter]
        assert (made.attempt, drawn) == (1, [0])
        assert made.made_at


def runs() -> list[PrintRun]:
    with reading() as session:
        return list(session.exec(sa.select(PrintRun)).scalars())


def digests(root: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (root / "documents").rglob("*.pdf")}
