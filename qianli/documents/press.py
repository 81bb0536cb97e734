"""The press: forms in, PDFs out, one function a paper."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from qianli.documents import culprits, gates, typeset
from qianli.documents.card_press import contact_cards
from qianli.documents.designs import measures
from qianli.documents.forms import (
    CallList,
    CallSheet,
    CourierClaim,
    HandoverRecord,
    LedgerReview,
    Letter,
    Rehearsal,
    Report,
    SampleSheet,
    StudyMonth,
    ToldRehearsal,
)
from qianli.documents.glyphs import faces_of
from qianli.documents.imprints import Picture
from qianli.documents.in_blocks import InBlocks
from qianli.documents.label_press import labels
from qianli.documents.letter_design import LetterDesign
from qianli.documents.letter_layout import letter_layout
from qianli.documents.letter_press import BASE, Pressing, letter_styles, press_files, press_letters
from qianli.documents.pdf import Pdf
from qianli.documents.reader_press import readers
from qianli.documents.table_press import manifest, packing_slips, pick_list
from qianli.documents.templates import fill_template, stylesheet, template_checksum
from qianli.errors import DocumentError, LayoutFailed

__all__ = [
    "InBlocks",
    "Pdf",
    "Pressing",
    "call_lists",
    "call_sheet",
    "contact_cards",
    "courier_claim",
    "handover_record",
    "labels",
    "letter_files",
    "letters",
    "manifest",
    "packing_slips",
    "pick_list",
    "preview",
    "readers",
    "rehearsal",
    "report",
    "sample_sheet",
    "study_month",
]
PRESSING = Pressing()
DEADLY = (
    "一排这封信，排版程序就中断，试了几次都是这样。"
    "请看姓名和正文里有没有不寻常的字符，改掉它再试；还是不行的，请技术人员检查。"
)


def letters(
    forms: Sequence[Letter],
    design: str = "red_letter",
    pressing: Pressing = PRESSING,
    pictures: tuple[Picture, ...] = (),
    out: Path | None = None,
) -> Pdf:
    """One letter a member, each beginning on a page of its own, and always as the layout engine would draw it.

    With `out` the file is written there as it grows, and its bytes are not held; forms may be `InBlocks` then.
    """
    template_checksum(design)  # an unknown design is refused by name
    faces = _faces(forms)
    pdf = gates.refuse_more_pages(press_letters(forms, design, pressing, pictures, out), measures(design).most_pages)
    return replace(pdf, faces=faces)


def letter_files(
    forms: Sequence[Letter], design: str, pressing: Pressing = PRESSING, pictures: tuple[Picture, ...] = ()
) -> Iterator[Pdf]:
    """The same letters in a file each, one after the other, with nothing of anybody else's in it."""
    template_checksum(design)
    _faces(forms)
    return press_files(forms, design, pressing, pictures)


def preview(form: Letter, design: str) -> Pdf:
    """One letter to look at, marked 样张."""
    template_checksum(design)
    layout = gates.each([form], lambda one: letter_layout(one, design))[0]
    styles = letter_styles(design)

    def draw(_: Sequence[int]) -> Pdf:
        return _press([form], "reports/proof", *styles, letter=form, layout=layout, design=design)

    try:
        return culprits.named(1, draw, LetterDesign(design).sound)
    except DocumentError as error:
        if gates.at_fault(error)[1] == gates.LAYOUT_FAILED:
            raise DocumentError(DEADLY, **error.ids) from error
        raise


def rehearsal(form: Rehearsal, design: str = "red_letter") -> Pdf:
    """Plain words, then sample letters marked 样张. Its first pages are the cover's and each sample's.

    A DocumentError's forms are samples that cannot be laid out; without them the others can be shown.
    """
    template_checksum(design)
    letters, drawn = [sample.letter for sample in form.samples], LetterDesign(design)
    layouts = gates.each(letters, lambda one: letter_layout(one, design))
    styles = [*letter_styles(design), *map(stylesheet, ("reports/common.css", "reports/proof.css"))]

    def draw() -> Pdf:
        return _press([form], "reports/rehearsal", *styles, rehearsal=form, layouts=layouts, design=design)

    try:
        return draw()
    except LayoutFailed:
        culprits.named(len(letters), lambda some: drawn.render([letters[one] for one in some]), drawn.sound)
    return draw()  # none of them did it: by chance, perhaps


def told_rehearsal(form: ToldRehearsal) -> Pdf:
    """Plain words, and how it reads or sounds."""
    return _press([form], "reports/rehearsal_told", stylesheet("reports/common.css"), rehearsal=form)


def report(form: Report) -> Pdf:
    """How the campaign ended."""
    return _press([form], "reports/closing", stylesheet("reports/common.css"), report=form)


def ledger_review(form: LedgerReview) -> Pdf:
    """What of the ledger has to be looked at, by branch."""
    return _press([form], "reports/ledger_review", stylesheet("reports/common.css"), review=form)


def study_month(form: StudyMonth) -> Pdf:
    """A month of a study programme, by branch."""
    return _press([form], "reports/study_month", stylesheet("reports/common.css"), study=form)


def call_sheet(form: CallSheet) -> Pdf:
    """Whom to call about a case, and what to ask."""
    return _press([form], "cases/call_sheet", stylesheet("cases/common.css"), sheet=form)


def call_lists(forms: Sequence[CallList]) -> Pdf:
    """Calls to make, a caller a sheet, with boxes to tick."""
    return _press(forms, "cases/call_list", stylesheet("cases/common.css"), sheets=forms)


def sample_sheet(form: SampleSheet) -> Pdf:
    """Whom a branch calls or visits to find out, with boxes to tick."""
    return _press([form], "cases/sample_sheet", stylesheet("cases/common.css"), sheet=form)


def courier_claim(form: CourierClaim) -> Pdf:
    """An inquiry or claim, for the courier's counter."""
    return _press([form], "cases/courier_claim", stylesheet("cases/common.css"), claim=form)


def handover_record(form: HandoverRecord) -> Pdf:
    """What both sides keep of a hand-over signed on our page."""
    return _press([form], "manifests/handover_record", record=form)


def _faces(forms: Sequence[object]) -> dict[str, str]:
    """Which face serves what ours lack; DocumentError if none does."""
    if not forms:
        raise ValueError("a paper needs at least one form")
    return faces_of(forms)


def _press(forms: Sequence[object], name: str, *styles: str, **context: object) -> Pdf:
    """Fill the template called `name` and lay it out with these style sheets and that of the same name."""
    faces = _faces(forms)
    html = fill_template(f"{name}.html", **context)
    pdf = typeset.render(html, stylesheet(BASE), *styles, stylesheet(f"{name}.css"))
    return replace(pdf, faces=faces)
