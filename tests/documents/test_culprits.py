"""A form that ends the process that lays out is named, once others were seen to be good; nobody else is."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest

from qianli.documents import culprits, gates, press
from qianli.documents.forms import AddressLabel, Letter, ManifestPaper, PickList, Rehearsal, SampleLetter
from qianli.documents.layout_process import PROCESS
from qianli.errors import DocumentError, LayoutFailed
from qianli.testing_layout import DEADLY, deadly
from qianli.testing_letters import seeded_letters

Draw = Callable[[Sequence[int]], str]


def dying_of(*deadly: int, asked: list[int] | None = None) -> Draw:
    def draw(some: Sequence[int]) -> str:
        if asked is not None:
            asked.append(len(some))
        if set(deadly) & set(some):
            raise LayoutFailed("排版进程意外中止")
        return f"{len(some)} forms"

    return draw


def fine() -> None:
    pass


def test_what_fails_once_is_drawn_again() -> None:
    asked: list[int] = []

    def draw(some: Sequence[int]) -> str:
        return dying_of(*([0] if not asked else []), asked=asked)(some)

    assert culprits.named(7, draw, fine) == "7 forms"
    assert asked == [7, 7]


@pytest.mark.parametrize(("forms", "deadly"), [(200, [77]), (200, [0, 77, 78, 199]), (1, [0]), (2, [1])])
def test_who_is_deadly_is_named(forms: int, deadly: list[int]) -> None:
    asked: list[int] = []
    with pytest.raises(DocumentError) as caught:
        culprits.named(forms, dying_of(*deadly, asked=asked), fine)
    assert not isinstance(caught.value, LayoutFailed)
    assert gates.at_fault(caught.value) == (deadly, "layout_failed")
    assert len(asked) <= 2 + 17 * len(deadly)


@pytest.mark.parametrize("deadly", [[*range(200)], [*range(0, 200, 9)]])
def test_nobody_is_named_for_the_machine(deadly: list[int]) -> None:
    asked: list[int] = []
    with pytest.raises(LayoutFailed):
        culprits.named(200, dying_of(*deadly, asked=asked), fine)
    assert len(asked) < 100
    with pytest.raises(LayoutFailed, match="样张"):
        culprits.named(1, dying_of(0), lambda: (_ for _ in ()).throw(LayoutFailed("样张")))


def test_a_batch_too_large_for_its_limits_is_nobodys_fault() -> None:
    def draw(some: Sequence[int]) -> str:
        return dying_of(*(some if len(some) > 100 else ()))(some)

    with pytest.raises(LayoutFailed):
        culprits.named(200, draw, fine)


def test_what_is_wrong_otherwise_is_told_by_drawing_it_without_the_deadly_one() -> None:
    def draw(some: Sequence[int]) -> str:
        if 3 not in some and 5 in some:
            raise DocumentError("有文字超出了版面", forms=[some.index(5)])
        return dying_of(3)(some)

    with pytest.raises(DocumentError) as caught:
        culprits.named(8, draw, fine)
    assert gates.at_fault(caught.value) == ([3], "layout_failed")


@pytest.fixture
def armed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    deadly(monkeypatch)
    yield
    PROCESS.close()


@pytest.mark.slow
def test_a_letter_that_kills_the_engine_is_named_and_the_others_are_stamped(armed: None) -> None:
    letters, how = seeded_letters(3), press.Pressing("stamp", 7, worth=1)
    letters[1] = replace(letters[1], salutation=f"{DEADLY}同志：", name=DEADLY)
    with pytest.raises(DocumentError, match="排版程序就中断") as caught:
        press.letters(letters, "red_letter", how)
    assert gates.at_fault(caught.value) == ([1], "layout_failed")
    del letters[1]
    assert press.letters(letters, "red_letter", how).stamped == 2


@pytest.mark.slow
def test_so_is_a_label_among_others_on_its_sheet(armed: None) -> None:
    labels = [AddressLabel.sample()] * 3
    labels[1] = replace(labels[1], name=DEADLY)
    with pytest.raises(DocumentError) as caught:
        press.labels(labels, "a4_sheet")
    assert gates.at_fault(caught.value) == ([1], "layout_failed")


@pytest.mark.slow
@pytest.mark.parametrize("draw", [press.manifest, press.pick_list])
def test_so_is_a_row_of_a_table(armed: None, draw: Callable[[object], press.Pdf]) -> None:
    paper: ManifestPaper | PickList = ManifestPaper.sample(3) if draw is press.manifest else PickList.sample()
    if isinstance(paper, ManifestPaper):
        rows = paper.rows
        paper = replace(paper, rows=(rows[0], replace(rows[1], address=f"{DEADLY}路 1 号"), rows[2]))
    else:
        first, second, *others = paper.parcels
        paper = replace(paper, parcels=(first, replace(second, consignee=DEADLY), *others))
    with pytest.raises(DocumentError, match=r"2 (行|件)（包裹 3K-00002-7），排版程序就中断") as caught:
        draw(paper)
    assert gates.at_fault(caught.value) == ([1], "layout_failed")


@pytest.mark.slow
def test_so_is_a_sample_of_a_rehearsal_and_a_preview_says_what_to_do(armed: None) -> None:
    letters = seeded_letters(3)
    letters[1] = replace(letters[1], salutation=f"{DEADLY}同志：", name=DEADLY)
    form = replace(Rehearsal.sample(), samples=tuple(SampleLetter("随机抽取", one) for one in letters))
    with pytest.raises(DocumentError) as caught:
        press.rehearsal(form)
    assert gates.at_fault(caught.value) == ([1], "layout_failed")
    with pytest.raises(DocumentError, match=r"排版程序就中断.*改掉它再试"):
        press.preview(letters[1], "red_letter")
    assert press.preview(letters[0], "red_letter").pages == 1


def test_a_character_that_no_face_has_names_its_row() -> None:
    paper = ManifestPaper.sample(3)
    paper = replace(paper, rows=(*paper.rows[:2], replace(paper.rows[2], name="王\ue123明")))
    with pytest.raises(DocumentError) as caught:
        press.manifest(paper)
    assert gates.at_fault(caught.value) == ([2], "glyph_missing")


@pytest.mark.slow
def test_if_not_even_a_sample_can_be_drawn_it_is_the_machine(armed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = replace(Letter.sample(), name=DEADLY, salutation=f"{DEADLY}：")
    monkeypatch.setattr(Letter, "sample", classmethod(lambda _: sample))
    with pytest.raises(LayoutFailed, match="信号 11"):
        press.letters([sample, *seeded_letters(2)])
