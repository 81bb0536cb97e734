"""The press: forms in, PDFs out, one function a paper."""

from collections.abc import Sequence
from typing import Literal

from qianli.documents.engine import Pdf, render
from qianli.documents.forms import AddressLabel, Letter, ManifestPaper, PackingSlip, PickList, Rehearsal, Report
from qianli.documents.glyphs import refuse_missing
from qianli.documents.label_layout import label_layout
from qianli.documents.letter_layout import letter_layout
from qianli.documents.manifest_layout import paginate
from qianli.documents.templates import fill_template, stylesheet, template_checksum

__all__ = ["Pdf", "labels", "letters", "manifest", "packing_slips", "pick_list", "rehearsal", "report"]
BASE = "_base/base.css"


def letters(forms: Sequence[Letter], design: str = "red_letter") -> Pdf:
    """One letter a member, each beginning on a page of its own."""
    template_checksum(design)  # an unknown design is refused by name
    layouts = [letter_layout(form) for form in forms]
    return _press(forms, f"letters/{design}", letters=forms, layouts=layouts)


def labels(forms: Sequence[AddressLabel], layout: Literal["roll_100x150", "a4_sheet"]) -> Pdf:
    """Address labels: one a page on the roll, 99 x 141 mm in two by two on A4."""
    layouts = [label_layout(form) for form in forms]
    return _press(forms, f"labels/{layout}", "labels/address_label.css", labels=forms, layouts=layouts)


def packing_slips(forms: Sequence[PackingSlip]) -> Pdf:
    """One slip a parcel, each beginning on a page of its own."""
    return _press(forms, "packing/packing_slip", slips=forms)


def pick_list(form: PickList) -> Pdf:
    """Totals for the shelf, then parcel by parcel."""
    return _press([form], "packing/pick_list", list=form)


def manifest(form: ManifestPaper) -> Pdf:
    """What the courier signs."""
    return _press([form], "manifests/manifest", paper=form, pages=paginate(form.rows))


def rehearsal(form: Rehearsal, design: str = "red_letter") -> Pdf:
    """Plain words, then sample letters marked 样张. Its first pages are the cover's and each sample's."""
    template_checksum(design)
    layouts = [letter_layout(sample.letter) for sample in form.samples]
    styles = (f"letters/{design}.css", "reports/common.css")
    return _press([form], "reports/rehearsal", *styles, rehearsal=form, layouts=layouts, design=design)


def report(form: Report) -> Pdf:
    """How the campaign ended."""
    return _press([form], "reports/closing", "reports/common.css", report=form)


def _press(forms: Sequence[object], name: str, *styles: str, **context: object) -> Pdf:
    """Fill the template called `name` and lay it out with the style sheet of the same name."""
    if not forms:
        raise ValueError("a paper needs at least one form")
    refuse_missing(forms)
    html = fill_template(f"{name}.html", **context)
    return render(html, *(stylesheet(style) for style in (BASE, *styles, f"{name}.css")))
