"""The prepared step of a case on paper: what our people call by, and what the courier is asked."""

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from models import Artefact, ArtefactKind, CaseOutcome, CaseReason, Parcel, Said, SaidVia
from qianli.campaigns.case_papers import CLAIMS, QUESTIONS
from qianli.errors import NotFound, RuleBroken
from qianli.stages import case_papers, cases, tracking
from qianli.stages.artefacts import fetch
from qianli.stages.receipt_recording import record_receipt
from qianli.stages.unit import reading, writing
from qianli.state_words import REASON
from qianli.testing import NOW, make_world

LATER = NOW + timedelta(days=14)
WITHOUT_PAPER = {
    CaseReason.conflicting_reports, CaseReason.one_sided_report, CaseReason.has_moved, CaseReason.do_not_contact,
    CaseReason.delete_data, CaseReason.message_unclear, CaseReason.not_told,
}  # fmt: skip


def text(path: str) -> str:
    done = subprocess.run(["pdftotext", "-", "-"], input=fetch(path), capture_output=True, check=True)
    return "".join(done.stdout.decode().split())


def test_every_reason_has_a_paper_but_those_that_need_none() -> None:
    assert {*QUESTIONS, *CLAIMS} == {*CaseReason} - WITHOUT_PAPER


def test_a_case_comes_with_its_papers(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not received though delivered: a sheet to call by, and an inquiry that tells nothing of the campaign."""
    for module in (tracking, case_papers):
        monkeypatch.setattr(module, "today", LATER.date)
    monkeypatch.setattr(tracking, "now", lambda: LATER)
    with writing("user:test") as session:
        world = make_world(session, members=2)
        session.execute(sa.update(Parcel).where(Parcel.id == world.parcels[0]).values(waybill_number="9812345678901"))
    tracking.import_events(
        "包裹编号,状态,时间\nT-00001-X,前台代收,2027-01-08 09:00\nT-00002-X,丢失,2027-01-09 09:00\n".encode(),
        filename="a.csv", by="user:test",
    )  # fmt: skip
    record_receipt(
        world.consignments[0], said=Said.not_received, problems={}, note="", via=SaidVia.phone, by="user:test"
    )
    found = {one.reason: one for one in cases.list_cases()}
    assert found.keys() == {CaseReason.lost, CaseReason.not_received}
    denied = found[CaseReason.not_received]
    assert (denied.courier_said, denied.number) == ("reception", "TEST-2027-0001")

    done = case_papers.prepare(denied.id, titles=REASON, by="user:test")
    with reading() as session:
        rows = {one.kind: one.path for one in session.execute(sa.select(Artefact)).scalars()}
    assert rows.keys() == {ArtefactKind.call_sheet, ArtefactKind.courier_claim}
    assert len(done.paths) == 2
    sheet, claim = text(rows[ArtefactKind.call_sheet]), text(rows[ArtefactKind.courier_claim])
    assert all(word in sheet for word in ("TEST-2027-0001", "前台代收", "青石镇党委", "驿站都问过没有", "1391234"))
    assert all(word in claim for word in ("快件查询申请", "9812345678901", "12.00元", "青石镇便民服务中心", "签收底单"))
    assert not [word for word in ("党", "TEST-2027", "千里传书", "家书") if word in claim]

    cases.resolve(denied.id, outcome=CaseOutcome.found, by="user:test")
    with pytest.raises(RuleBroken, match="已经办结"):
        case_papers.prepare(denied.id, titles=REASON, by="user:test")
    with pytest.raises(NotFound):
        case_papers.prepare(2**40, titles=REASON, by="user:test")
