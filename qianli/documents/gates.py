"""What stops single forms, told by their indexes: the others can be printed without them."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from qianli.documents.pdf import Pdf
from qianli.errors import DocumentError, LayoutFailed

F = TypeVar("F")
L = TypeVar("L")
#: Why a form is stopped, as its consignment's hold names it.
GLYPH_MISSING, DOES_NOT_FIT, LAYOUT_FAILED = "glyph_missing", "does_not_fit", "layout_failed"


def each(forms: Sequence[F], layout: Callable[[F], L]) -> list[L]:
    """The layout of each form; a DocumentError tells which forms have none."""
    layouts, failed = [], {}
    for index, form in enumerate(forms):
        try:
            layouts.append(layout(form))
        except LayoutFailed:
            raise  # that may be the machine's fault
        except DocumentError as error:
            failed[index] = error
    if failed:
        first = next(iter(failed.values()))
        alike = [index for index, error in failed.items() if at_fault(error)[1] == at_fault(first)[1]]
        raise DocumentError(first.message, forms=alike, reason=at_fault(first)[1]) from first
    return layouts


def refuse_more_pages(pdf: Pdf, most: int | None) -> Pdf:
    """The same file; DocumentError tells which forms have more pages than their design allows."""
    ends = [*pdf.first_pages, pdf.pages + 1][1:]  # a design may forget to say where letters begin
    counts = [end - first for first, end in zip(pdf.first_pages, ends, strict=True)]
    if most and (long := [index for index, pages in enumerate(counts) if pages > most]):
        said = f"书信超过了版式规定的 {most} 页，请缩短正文，或换一种版式。"
        raise DocumentError(said, forms=long, reason=DOES_NOT_FIT)
    return pdf


def at_fault(error: DocumentError) -> tuple[list[int], str]:
    """The forms that an error is about, and why they cannot be printed; none if it is about all or the template."""
    forms = error.ids.get("forms")
    indexes = [one for one in forms if isinstance(one, int)] if isinstance(forms, list) else []
    return indexes, str(error.ids.get("reason") or DOES_NOT_FIT)


def among(error: DocumentError, indexes: Sequence[int]) -> DocumentError:
    """The same error, of the same kind, about forms that were some of more, those with these indexes."""
    ids = dict(error.ids)
    forms = ids.get("forms")
    if isinstance(forms, list):
        ids["forms"] = [indexes[form] for form in forms]
    return type(error)(error.message, **ids)
