"""Papers that are tables: packing slips, pick lists, manifests."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from qianli.documents import manifest_layout, pick_list_layout, slip_layout
from qianli.documents.block_press import Paper, of_forms, press_pages
from qianli.documents.forms import ManifestKind, ManifestPaper, PackingSlip, PickList
from qianli.documents.glyphs import faces_of
from qianli.documents.letter_press import Pressing
from qianli.documents.pdf import Pdf

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
    """Totals for the shelf, then parcel by parcel."""
    faces = faces_of([form])
    return replace(press_pages(PICK_LIST, list(pick_list_layout.pages(form)), pressing), first_pages=(1,), faces=faces)


def manifest(form: ManifestPaper, pressing: Pressing = PRESSING) -> Pdf:
    """What the courier signs."""
    faces = faces_of([form])
    made = press_pages(MANIFESTS[form.kind], list(manifest_layout.pages(form)), pressing)
    return replace(made, first_pages=(1,), faces=faces)
