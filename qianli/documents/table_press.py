"""Papers that are tables: packing slips, pick lists, manifests."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from qianli.documents import gates, manifest_layout, pick_list_layout, slip_layout
from qianli.documents.block_press import Paper, of_forms, press_pages, single_out
from qianli.documents.blocks import Page
from qianli.documents.forms import ManifestKind, ManifestPaper, PackingSlip, PickList
from qianli.documents.glyphs import faces_of
from qianli.documents.letter_press import Pressing
from qianli.documents.pdf import Pdf
from qianli.errors import DocumentError

PRESSING = Pressing()
SLIP = Paper("装箱单", "packing/packing_slip.html", ("packing/packing_slip.css",))
PICK_LIST = Paper("拣货单", "packing/pick_list.html", ("packing/pick_list.css",))
MANIFESTS = {
    ManifestKind.hand_over: Paper("交接单", "manifests/manifest.html", ("manifests/manifest.css",)),
    ManifestKind.bulk_post: Paper(
        "交寄清单", "manifests/bulk_post.html", ("manifests/manifest.css", "manifests/bulk_post.css")
    ),
}


def packing_slips(forms: Sequence[PackingSlip], pressing: Pressing = PRESSING) -> Pdf:
    """One slip a parcel, each beginning on a page of its own."""
    if not forms:
        raise ValueError("a paper needs at least one form")
    faces = faces_of(forms)
    slips = [list(slip_layout.pages(form)) for form in forms]
    firsts = accumulate(map(len, slips[:-1]), initial=1)
    with of_forms([number for number, slip in enumerate(slips) for _ in slip]):
        pdf = press_pages(SLIP, [page for slip in slips for page in slip], pressing)
    return replace(pdf, first_pages=tuple(firsts), faces=faces)


def pick_list(form: PickList, pressing: Pressing = PRESSING) -> Pdf:
    """Totals for the shelf, then parcel by parcel; a DocumentError's forms are the parcels at fault."""
    faces = _faces_of(replace(form, parcels=()), form.parcels)
    names = [f"拣货单上第 {one.sequence} 件（包裹 {one.reference}）" for one in form.parcels]
    return replace(_of_rows(PICK_LIST, list(pick_list_layout.pages(form)), pressing, names), faces=faces)


def manifest(form: ManifestPaper, pressing: Pressing = PRESSING) -> Pdf:
    """What the courier signs; a DocumentError's forms are the rows at fault."""
    faces = _faces_of(replace(form, rows=()), form.rows)
    names = [f"{form.number} 上第 {one.position} 行（包裹 {one.reference}）" for one in form.rows]
    made = _of_rows(MANIFESTS[form.kind], list(manifest_layout.pages(form)), pressing, names)
    return replace(made, faces=faces)


def _faces_of(head: object, rows: Sequence[object]) -> dict[str, str]:
    """Which face serves what ours lack; DocumentError names the rows that hold a character no face serves."""
    try:
        return faces_of([head, *rows])
    except DocumentError as error:
        lacking = [form - 1 for form in gates.at_fault(error)[0] if form]
        raise DocumentError(error.message, **{**error.ids, "forms": lacking}) from error


def _of_rows(paper: Paper, pages: Sequence[Page], pressing: Pressing, names: Sequence[str]) -> Pdf:
    """The paper; an error that names pages, of many rows each, names the rows at fault instead, if any is."""
    try:
        return replace(press_pages(paper, pages, pressing), first_pages=(1,))
    except DocumentError as error:
        try:
            single_out(error, paper, [[one for one in page if one.block.kind == "row"] for page in pages])
        except DocumentError as found:
            wrong, reason = gates.at_fault(found)
            if reason != gates.LAYOUT_FAILED or not wrong:
                raise
            said = f"一排{'、'.join(names[row] for row in wrong)}，排版程序就中断，试了几次都是这样；其余各行不受影响。"
            raise DocumentError(said, **found.ids) from error
