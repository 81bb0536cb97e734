"""A random sample for a branch: drawn once, its sheet, what was found beside what was believed."""

from collections.abc import Callable

import pytest

from models import CampaignState, Finding, Organisation, ParcelStage, SampleMember
from qianli.cli import main
from qianli.documents.pdf import Pdf
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.stages import closing_report, samples
from qianli.stages.unit import reading, writing

BY, CODE = "user:李主任", "TEST-2027"


@pytest.fixture(autouse=True)
def no_paper(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The sheet's form, not drawn: drawing takes its time, and has a test of its own."""
    forms: list[object] = []

    def draw(form: object) -> Pdf:
        forms.append(form)
        return Pdf(b"%PDF-", 1, ())

    monkeypatch.setattr("qianli.documents.press.sample_sheet", draw)
    return forms


def drawn(**changes: object) -> samples.Made:
    asked = {"organisation": "青石镇党委", "margin_percent": 5, "confidence_percent": 95, "again": False, "by": BY}
    return samples.sample(CODE, **asked | changes)  # type: ignore[arg-type]


def test_drawn_once_found_and_told(dispatch: Callable, no_paper: list) -> None:  # type: ignore[type-arg]
    made = dispatch(members=3, stage=ParcelStage.handed_over)
    made.set(made.consignment(1), state="confirmed")
    made.set(made.consignment(2), state="denied")
    first = drawn()
    assert (first.new, first.seen.population, first.seen.drawn) == (True, 3, 3)
    assert (drawn().new, drawn(again=True).seen.number) == (False, 2)
    assert "TEST-2027-0001" in str(no_paper[0])
    assert "confirmed" not in str(no_paper[0]), "who asks does not know what is believed"
    assert {one.believed for one in made.rows(SampleMember)} == {Finding.has_complete, Finding.has_not, None}
    for number, finding in ((1, Finding.has_complete), (2, Finding.has_part), (3, Finding.not_reached)):
        assert samples.record(f"{CODE}-000{number}", finding, by=BY) == f"{CODE}-000{number}"
        samples.record(f"{CODE}-000{number}", finding, by=BY)
    _, second = samples.look(CODE)
    assert (second.total.drawn, second.total.reached, second.total.not_reached) == (3, 2, 1)
    assert (second.total.agreed.count, second.total.agreed.of) == (1, 2)
    assert [one.group for one in second.branches] == ["青石镇党委"]
    assert [what for what, _ in made.journal("consignment")].count("sample found") == 3
    assert made.states() == {1: "confirmed", 2: "denied", 3: "under_way"}, "only the member confirms"
    with reading() as session:
        remarks = closing_report.counted(session, made.campaign()).remarks
    assert second.sentence in remarks


def test_what_cannot_be_drawn_is_refused(dispatch: Callable) -> None:  # type: ignore[type-arg]
    dispatch(members=2, stage=None, state=CampaignState.approved)
    with writing(BY) as session:
        session.add(Organisation(name="河东街道党工委"))
    for branch in ("青石镇党委", "河东街道党工委"):
        with pytest.raises(RuleBroken, match="还没有寄出去"):
            drawn(organisation=branch)
    with pytest.raises(BadInput, match="允许误差"):
        drawn(margin_percent=0)
    with pytest.raises(NotFound):
        samples.record(f"{CODE}-0001", Finding.has_not, by=BY)


def test_the_command_line(dispatch: Callable, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[type-arg]
    dispatch(members=2, stage=ParcelStage.handed_over)
    assert main.execute(["campaign", "sample", CODE]) == 0
    assert "还没有抽过样" in capsys.readouterr().out
    assert main.execute(["campaign", "sample", CODE, "--margin", "5", "--for", "青石镇党委"]) == 0
    assert main.execute(["sample", "record", f"{CODE}-0001", "has_part"]) == 0
    assert main.execute(["campaign", "sample", CODE]) == 0
    assert "第 1 次抽样核实" in capsys.readouterr().out
