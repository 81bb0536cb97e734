"""What stops a letter never stops the run: rare names have their face, others are held by name."""

import shutil
import subprocess
from pathlib import Path

import pytest
import sqlalchemy as sa

from models import ArtefactKind, Member, ParcelStage, Residence
from qianli.documents import gates, press, templates
from qianli.documents.forms import ManifestPaper, Rehearsal
from qianli.documents.layout_process import PROCESS
from qianli.errors import DocumentError
from qianli.settings import ROOT
from qianli.stages import refusing, rehearse
from qianli.stages.approve import approve
from qianli.stages.campaigns import documents
from qianli.stages.faces import lacking, served
from qianli.stages.held import holds
from qianli.stages.status import status
from qianli.stages.steps import run_inline
from qianli.stages.unit import writing
from qianli.testing import workspace
from qianli.testing_campaign import BY, CODE, fulfilled, registered
from qianli.testing_layout import DEADLY, deadly

pytestmark = pytest.mark.slow

RARE = ("张鿫", "བསྟན་འཛིན", "ئالىم", "ꆈꌠ", "覃\U00020023")
FACES = {
    "BabelStone Han": "鿫", "HanaMinB": "\U00020023", "Noto Naskh Arabic": "ئالىم", "Noto Sans Yi": "ꆈꌠ",
    "Noto Serif Tibetan": "བསྟན་འཛིན",
}  # fmt: skip
OF_MEMBERS = (ArtefactKind.letter, ArtefactKind.label, ArtefactKind.packing_slip, ArtefactKind.manifest)


def _text(path: object) -> str:
    done = subprocess.run(["pdftotext", ROOT / str(path), "-"], capture_output=True, check=True, encoding="utf-8")
    return "".join(done.stdout.split())


@pytest.mark.parametrize("database", ["sqlite"])  # drawing takes long, and no statement is new here
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


LONG, PRIVATE = "Maximiliana-Theodora-Konstantina-Alexandrina", "王\ue123明"


@pytest.fixture(scope="module")
def narrow_templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Templates with a design of ours, which is tried out once."""
    folder = tmp_path_factory.mktemp("narrow") / "templates"
    shutil.copytree(templates.TEMPLATES, folder)
    letters = folder / "letters"
    for old in letters.glob("*red_letter.*"):
        text = old.read_text("utf-8").replace("_red_letter.html", "_narrow.html")
        (letters / old.name.replace("red_letter", "narrow")).write_text(text, "utf-8")
    with (letters / "narrow.css").open("a") as style:
        style.write("\n.salutation { white-space: nowrap; width: 100mm }\n")
    return folder


@pytest.fixture
def narrow(narrow_templates: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A design whose salutation must not be longer than its line, which only shows when it is drawn."""
    monkeypatch.setattr(templates, "TEMPLATES", narrow_templates)
    return "narrow"


def _held() -> dict[str, tuple[str, str]]:
    return {one.member: (one.reason.value, one.sentence) for one in holds(CODE)}


def _rename(old: str, new: str) -> None:
    with writing("test") as session:
        session.execute(sa.update(Member).where(Member.name == old).values(name=new))


def _letters() -> list[str]:
    return [_text(one["path"]) for one in documents(CODE) if one["kind"] == ArtefactKind.letter]


def test_who_cannot_be_printed_is_held_and_comes_later_alone(place: Path, narrow: str) -> None:
    campaign = fulfilled(("彭大勇", LONG, "覃丽君", PRIVATE), design=narrow)
    assert _held() == {
        LONG: ("does_not_fit", "有文字超出了版面，请缩短过长的内容。"),
        PRIVATE: ("glyph_missing", "姓名里的“\ue123”（U+E123）字库里没有，印出来会是空框。"),
    }
    assert status(CODE)["consignments"] == {"held": 2, "under_way": 2}
    assert status(CODE)["parcels"] == {"printed": 2, "voided": 1}
    (run,) = _letters()
    assert "彭大勇同志" in run
    assert "覃丽君同志" in run
    assert LONG not in run

    run_inline("prepare_campaign", campaign)  # nothing has changed: nothing is planned that would fall again
    assert set(_held()) == {LONG, PRIVATE}
    _rename(LONG, "马兰")
    run_inline("prepare_campaign", campaign)
    run_inline("fulfil_campaign", campaign)
    assert set(_held()) == {PRIVATE}
    assert status(CODE)["consignments"] == {"held": 1, "under_way": 3}
    _, supplement = _letters()
    assert supplement.count("同志：") == 1
    assert "马兰同志：" in supplement


def test_the_sentence_of_a_hold_says_what_is_missing_now(place: Path) -> None:
    campaign = registered(("彭大勇", PRIVATE))
    run_inline("prepare_campaign", campaign)
    _rename(PRIVATE, "王\ue124\ue125明")
    with writing("test") as session:
        session.execute(sa.update(Member).where(Member.name != "彭大勇").values(away_since=None))
    run_inline("prepare_campaign", campaign)
    said = [(one.reason.value, one.sentence) for one in holds(CODE)]
    assert ("glyph_missing", "姓名里的“\ue124”（U+E124）、“\ue125”（U+E125）字库里没有，印出来会是空框。") in said
    (missing,) = [sentence for reason, sentence in said if reason == "missing_value"]
    assert "离乡时" in missing
    assert not any("王" in sentence for _, sentence in said)


@pytest.mark.parametrize("database", ["sqlite"])  # drawing takes long, and no statement is new here
def test_whoever_shares_the_parcel_goes_in_another_one(place: Path, narrow: str) -> None:
    campaign = registered(("彭大勇", LONG, "覃丽君"), design=narrow)
    with writing("test") as session:
        session.execute(sa.update(Residence).values(detail="陈埭镇鞋都路1号"))
    run_inline("prepare_campaign", campaign)
    approve(CODE, by=BY)
    run_inline("fulfil_campaign", campaign)
    after = status(CODE)
    assert (after["consignments"], after["parcels"]) == ({"held": 1, "under_way": 2}, {"voided": 1})
    assert after["open"]["to_fulfil"] == 2
    run_inline("fulfil_campaign", campaign)
    after = status(CODE)
    assert (after["parcels"], after["open"]["to_fulfil"]) == ({"printed": 1, "voided": 1}, 0)
    (letters,) = [text for text in _letters() if text]
    assert letters.count("同志：") == 2
    assert LONG not in letters


def test_who_kills_the_layout_process_is_held_by_name_and_stays_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with workspace(tmp_path):
        deadly(monkeypatch)
        campaign = fulfilled(("彭大勇", DEADLY, "覃丽君"))
        assert {name: reason for name, (reason, _) in _held().items()} == {DEADLY: "layout_failed"}
        assert status(CODE)["consignments"] == {"held": 1, "under_way": 2}
        assert status(CODE)["parcels"] == {"printed": 2, "voided": 1}
        (run,) = _letters()
        assert "彭大勇同志" in run
        assert "覃丽君同志" in run
        assert DEADLY not in run

        run_inline("prepare_campaign", campaign)  # the same letter would do it again
        assert set(_held()) == {DEADLY}
        assert refusing.release([f"{CODE}-0002"], by=BY).released == (f"{CODE}-0002",)
        monkeypatch.undo()  # the program was mended
        PROCESS.close()
        run_inline("prepare_campaign", campaign)
        run_inline("fulfil_campaign", campaign)
        assert _held() == {}
        assert f"{DEADLY}同志：" in _letters()[1]


def test_a_row_of_a_manifest_that_cannot_be_laid_out_is_held_and_the_others_are_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, manifest = "一排 YJZX-2027-J001 上第 2 行，排版程序就中断。", press.manifest

    def dying(form: ManifestPaper, pressing: press.Pressing) -> press.Pdf:
        wrong = [place for place, row in enumerate(form.rows) if row.name == DEADLY]
        if wrong:
            raise DocumentError(said, forms=wrong, reason=gates.LAYOUT_FAILED)
        return manifest(form, pressing)

    monkeypatch.setattr(press, "manifest", dying)
    with workspace(tmp_path):
        fulfilled(("彭大勇", DEADLY, "覃丽君"))
        assert _held() == {DEADLY: ("layout_failed", said)}
        assert status(CODE)["parcels"] == {"printed": 2, "voided": 1}
        (paper,) = [_text(one["path"]) for one in documents(CODE) if one["kind"] == ArtefactKind.manifest]
    assert "彭大勇" in paper
    assert "覃丽君" in paper
    assert DEADLY not in paper


def test_a_sample_that_cannot_be_laid_out_is_left_out_of_the_rehearsal_which_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rehearsal = press.rehearsal

    def dying(form: Rehearsal, design: str) -> press.Pdf:
        wrong = [place for place, one in enumerate(form.samples) if one.letter.name == DEADLY]
        if wrong:
            raise DocumentError("排版程序就中断。", forms=wrong, reason=gates.LAYOUT_FAILED)
        return rehearsal(form, design)

    monkeypatch.setattr(press, "rehearsal", dying)
    with workspace(tmp_path):
        run_inline("prepare_campaign", registered(("彭大勇", DEADLY)))
        shown = rehearse.drawn(CODE, by=BY)
        assert [one.number for one in shown.samples] == [f"{CODE}-0001"]
        assert any(f"一排 {CODE}-0002 的书信" in one for one in shown.told.sentences)
        assert "排版程序就中断" in _text(shown.told.path)
