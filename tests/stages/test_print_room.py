"""The print room on real papers: spoiled sheets are printed again once, packed only then, and the counts add up."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from models import ArtefactKind, ParcelStage
from qianli.cli import main
from qianli.errors import BadInput, RuleBroken
from qianli.settings import ROOT
from qianli.stages import packing, papers, print_room, reprinting
from qianli.testing import workspace
from qianli.testing_campaign import BY, CODE, fulfilled

pytestmark = pytest.mark.slow


@pytest.fixture
def campaign(tmp_path: Path) -> Iterator[int]:
    with workspace(tmp_path):
        yield fulfilled()


def run_of(kind: ArtefactKind) -> print_room.RunView:
    return next(one for one in print_room.look(CODE).runs if one.kind is kind)


def counts(kind: ArtefactKind) -> tuple[int, int, int, int]:
    one = next(one for one in print_room.look(CODE).kinds if one.kind is kind)
    assert (one.twice, one.without) == (0, 0)
    assert one.made == one.good + one.spoiled + one.voided
    return one.made, one.good, one.spoiled, one.waiting


def text(path: str, *options: str) -> str:
    done = subprocess.run(["pdftotext", *options, str(ROOT / path), "-"], capture_output=True, check=True)
    return "".join(done.stdout.decode().split())


def test_a_spoiled_letter_is_printed_again_as_it_was(campaign: int, capfd: pytest.CaptureFixture[str]) -> None:
    letters = run_of(ArtefactKind.letter)
    assert counts(ArtefactKind.letter) == (4, 4, 0, 0)
    done = reprinting.spoil(CODE, letters.number, [f"{CODE}-0003"], pages="2", reason="卡纸", by=BY)
    assert (done.spoiled, done.refused) == ([f"{CODE}-0002", f"{CODE}-0003"], [])
    again = reprinting.spoil(CODE, letters.number, [f"{CODE}-0003"], reason="卡纸", by=BY)
    assert (again.spoiled, again.already) == ([], [f"{CODE}-0003"])
    assert counts(ArtefactKind.letter) == (4, 2, 2, 2)

    packed = packing.pack_all(CODE, by=BY)
    assert len(packed.packed) == 2
    assert {reason for _, reason in packed.refused} == {packing.SPOILED}

    (made,) = reprinting.reprint(CODE, by=BY)
    assert (made.kind, made.sheets) == (ArtefactKind.letter, 2)
    assert reprinting.reprint(CODE, by=BY) == []
    assert text(made.path) == text(letters.path, "-f", "2", "-l", "3")
    assert counts(ArtefactKind.letter) == (6, 4, 2, 0)
    assert len(packing.pack_all(CODE, by=BY).packed) == 2
    assert print_room.look(CODE).parcels[ParcelStage.packed] == 4
    assert main.execute(["print", "list", CODE]) == 0
    shown = capfd.readouterr().out
    assert "单据和包裹的数目相符" in shown
    assert main.execute(["journal", CODE]) == 0
    told = capfd.readouterr().out
    assert "打坏了书信" in told
    assert "重印书信" in told


def test_killed_while_printing_again(campaign: int, monkeypatch: pytest.MonkeyPatch) -> None:
    label = run_of(ArtefactKind.label)
    references = [one.reference for one in packing.list_parcels(CODE)]
    reprinting.spoil(CODE, label.number, references[:1], reason="撕坏", by=BY)
    with monkeypatch.context() as patch:

        def killed(shard_id: int) -> None:
            raise KeyboardInterrupt

        patch.setattr(papers, "run", killed)
        with pytest.raises(KeyboardInterrupt):
            reprinting.reprint(CODE, by=BY)
    assert len(packing.pack_all(CODE, by=BY).refused) == 1
    (made,) = reprinting.reprint(CODE, by=BY)
    assert made.sheets == 1
    assert references[0].replace("-", "") in text(made.path).replace("-", "")
    assert counts(ArtefactKind.label) == (5, 4, 1, 0)
    # and the sheet that took its place can be spoiled in its turn
    reprinting.spoil(CODE, made.number, references[:1], reason="又卡了", by=BY)
    (third,) = reprinting.reprint(CODE, by=BY)
    assert counts(ArtefactKind.label) == (6, 4, 2, 0)
    assert third.number == made.number + 1


def test_what_came_out_of_the_printer(campaign: int) -> None:
    number = run_of(ArtefactKind.letter).number
    assert reprinting.came_out(CODE, [number, number], by=BY) == [number]
    assert reprinting.came_out(CODE, [number], by=BY) == []
    one = run_of(ArtefactKind.letter)
    assert one.printed_by == BY
    assert one.printed_at is not None


def test_what_cannot_be_is_told_in_words(campaign: int) -> None:
    letters, picks = run_of(ArtefactKind.letter).number, run_of(ArtefactKind.pick_list).number
    with pytest.raises(BadInput, match="没有第 99 印次"):
        reprinting.spoil(CODE, 99, ["x"], reason="卡纸", by=BY)
    with pytest.raises(RuleBroken, match="整份再打印一次"):
        reprinting.spoil(CODE, picks, [], pages="1", reason="卡纸", by=BY)
    with pytest.raises(BadInput, match="怎么坏的"):
        reprinting.spoil(CODE, letters, ["x"], reason=" ", by=BY)
    with pytest.raises(BadInput, match="姓名"):
        reprinting.spoil(CODE, letters, [f"{CODE}-0001"], reason="彭大勇的卡纸了", by=BY)
    with pytest.raises(BadInput, match="3-5,9"):
        reprinting.spoil(CODE, letters, [], pages="三", reason="卡纸", by=BY)
    with pytest.raises(BadInput, match="没有第 40 页"):
        reprinting.spoil(CODE, letters, [], pages="40", reason="卡纸", by=BY)
    done = reprinting.spoil(CODE, letters, [f"{CODE}-0999", f"{CODE}-0001"], reason="卡纸", by=BY)
    assert [name for name, _ in done.refused] == [f"{CODE}-0999"]
    assert done.spoiled == [f"{CODE}-0001"]
