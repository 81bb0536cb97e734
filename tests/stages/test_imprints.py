"""A seal is printed with what was approved, and with nothing else."""

import subprocess
from pathlib import Path

import pytest

from models import ArtefactKind, CampaignState, ImprintKind, Subject
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.settings import ROOT
from qianli.stages import approve as approving
from qianli.stages import imprints, rehearse
from qianli.stages.approve import approve
from qianli.stages.campaigns import documents
from qianli.stages.kits import receive
from qianli.stages.steps import run_inline
from qianli.stages.unit import reading, writing
from qianli.store import campaigns, journal
from qianli.testing import World, make_world
from qianli.testing_imprints import seal_png

pytestmark = pytest.mark.slow

ORGANISATION, BY, CODE = "青石镇党委", "user:管理员", "TEST-2027"


@pytest.fixture
def world(place: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(approving, "try_design", lambda _design: None)
    with writing(BY) as session:
        made = make_world(session, state=CampaignState.prepared, stage=None)
        campaigns.by_id(session, campaign_id=made.campaign).imprints = ["seal"]
    return made


def put(ink: tuple[int, int, int] = (215, 40, 35)) -> imprints.ImprintLine:
    return imprints.put(ORGANISATION, ImprintKind.seal, seal_png(ink=ink), width_mm=None, by=BY)


def pictures() -> int:
    with reading() as session:
        return len(imprints.approved(session, campaigns.by_code(session, code=CODE)))


def test_an_organisation_has_one_of_each_kind(world: World) -> None:
    first = put()
    assert put() == first
    second = put(ink=(180, 20, 20))
    assert [one.sha256 for one in imprints.list_imprints(ORGANISATION)] == [second.sha256] != [first.sha256]
    with pytest.raises(BadInput, match="毫米"):
        imprints.put(ORGANISATION, ImprintKind.seal, seal_png(), width_mm=300, by=BY)
    imprints.withdraw(ORGANISATION, ImprintKind.seal, by=BY)
    with pytest.raises(NotFound, match="没有登记印章"):
        imprints.withdraw(ORGANISATION, ImprintKind.seal, by=BY)
    with reading() as session:
        told = [
            one.what
            for one in journal.entries(session, subject=Subject.organisation, subject_id=world.organisation)
            if one.what.startswith("seal")
        ]
    assert told == ["seal added", "seal withdrawn", "seal added", "seal withdrawn"]


def test_it_is_printed_only_as_it_was_approved(world: World) -> None:
    with pytest.raises(RuleBroken, match="还没有登记"):
        approve(CODE, by=BY)
    put()
    with pytest.raises(RuleBroken, match="没有有效的批准"):
        pictures()
    approve(CODE, by=BY)
    assert pictures() == 1
    put(ink=(180, 20, 20))
    with pytest.raises(RuleBroken, match="停用或更换"):
        pictures()
    with writing(BY) as session:
        campaign = campaigns.by_code(session, code=CODE)
        assert "请重新核对并批准" in (approving.require_valid(session, campaign) or "")
    approve(CODE, by=BY)
    assert pictures() == 1


def test_who_approves_is_told_and_sees_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearse, "try_design", lambda _design: None)
    put()
    done = rehearse.rehearse(CODE, by=BY)
    assert f"批准后，书信将印上“{ORGANISATION}”的印章；样张上没有，只留出位置。" in done.sentences


def test_letters_of_a_run_have_it(world: World) -> None:
    for sku in ("badge", "book"):
        receive(sku, 10, by=BY)
    put()
    approve(CODE, by=BY)
    run_inline("fulfil_campaign", world.campaign)
    (letters,) = [one for one in documents(CODE) if one["kind"] == ArtefactKind.letter]
    shown = ROOT / str(letters["path"])
    images = subprocess.run(["pdfimages", "-list", str(shown)], check=True, capture_output=True, text=True).stdout
    assert " smask " in images
