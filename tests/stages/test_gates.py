"""What stops a letter never stops the run: rare names have their face, others are held by name."""

import subprocess
from pathlib import Path

from models import ArtefactKind, ParcelStage
from qianli.settings import ROOT
from qianli.stages.campaigns import documents
from qianli.stages.faces import lacking, served
from qianli.stages.status import status
from qianli.testing import workspace
from qianli.testing_campaign import CODE, fulfilled

RARE = ("张鿫", "བསྟན་འཛིན", "ئالىم", "ꆈꌠ", "覃\U00020023")
FACES = {
    "BabelStone Han": "鿫", "HanaMinB": "\U00020023", "Noto Naskh Arabic": "ئالىم", "Noto Sans Yi": "ꆈꌠ",
    "Noto Serif Tibetan": "བསྟན་འཛིན",
}  # fmt: skip
OF_MEMBERS = (ArtefactKind.letter, ArtefactKind.label, ArtefactKind.packing_slip, ArtefactKind.manifest)


def _text(path: object) -> str:
    done = subprocess.run(["pdftotext", ROOT / str(path), "-"], capture_output=True, check=True, encoding="utf-8")
    return "".join(done.stdout.split())


def test_rare_names_are_printed_and_their_faces_recorded(place: Path) -> None:
    fulfilled(("彭大勇", *RARE))
    assert status(CODE)["parcels"] == {ParcelStage.printed: len(RARE) + 1}
    for paper in (one for one in documents(CODE) if one["kind"] in OF_MEMBERS):
        assert {family: set(some) for family, some in paper["faces"].items()} == {
            family: set(some) for family, some in FACES.items()
        }
        text = _text(paper["path"])
        assert all(one in text for name in ("张鿫", "ꆈꌠ", "覃\U00020023") for one in name), paper["kind"]


def test_a_machine_without_further_faces_says_what_it_cannot_print(tmp_path: Path) -> None:
    with workspace(tmp_path, fresh=False, FONTS='["No Such Face:han,tibetan", "HanaMinB:yi,E000-E0FF"]'):
        (said,) = lacking()
        assert said == "本机没有字体 No Such Face，生僻汉字、藏文可能印不出来，有这种字的人会暂缓。"
        assert [one.family for one in served("鿫 བ张")] == [None, None, "Noto Serif CJK SC"]
    with workspace(tmp_path, fresh=False):
        assert lacking() == []
