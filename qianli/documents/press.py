"""The press: forms in, PDFs out, one function a paper."""

from collections.abc import Sequence
from typing import Literal

from qianli.documents import letter_layout
from qianli.documents.engine import Pdf, render
from qianli.documents.forms import AddressLabel, Letter, ManifestPaper, PackingSlip, PickList, Rehearsal, Report
from qianli.documents.glyphs import refuse_missing
from qianli.documents.templates import fill_template, stylesheet, template_checksum

__all__ = ["Pdf", "labels", "letters", "manifest", "packing_slips", "pick_list", "rehearsal", "report"]
BASE = "_base/base.css"


def letters(forms: Sequence[Letter], design: str = "red_letter") -> Pdf:
    """One letter a member, each beginning on a page of its own."""
    template_checksum(design)  # an unknown design is refused by name
    layouts = [letter_layout.of(form) for form in forms]
    return _press(forms, f"letters/{design}", letters=forms, layouts=layouts)


def labels(forms: Sequence[AddressLabel], layout: Literal["roll_100x150", "a4_sheet"]) -> Pdf:
    """Address labels: one a page on the roll, four a page on A4."""
    raise NotImplementedError


def packing_slips(forms: Sequence[PackingSlip]) -> Pdf:
    """One slip a parcel, each beginning on a page of its own."""
    raise NotImplementedError


def pick_list(form: PickList) -> Pdf:
    """Totals for the shelf, then parcel by parcel."""
    raise NotImplementedError


def manifest(form: ManifestPaper) -> Pdf:
    """What the courier signs."""
    raise NotImplementedError


def rehearsal(form: Rehearsal, design: str = "red_letter") -> Pdf:
    """Plain words, then sample letters marked 样张."""
    raise NotImplementedError


def report(form: Report) -> Pdf:
    """How the campaign ended."""
    raise NotImplementedError


def _press(forms: Sequence[object], name: str, *styles: str, **context: object) -> Pdf:
    """Fill the template called `name` and lay it out with the style sheet of the same name."""
    if not forms:
        raise ValueError("a paper needs at least one form")
    refuse_missing(forms)
    html = fill_template(f"{name}.html", **context)
    return render(html, *(stylesheet(style) for style in (BASE, *styles, f"{name}.css")))
