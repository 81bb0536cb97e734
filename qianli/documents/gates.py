"""What stops single forms before anything is drawn, told by their indexes."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from qianli.errors import DocumentError

F = TypeVar("F")
L = TypeVar("L")


def each(forms: Sequence[F], layout: Callable[[F], L]) -> list[L]:
    """The layout of each form; a DocumentError tells which forms have none."""
    layouts, failed = [], {}
    for index, form in enumerate(forms):
        try:
            layouts.append(layout(form))
        except DocumentError as error:
            failed[index] = error
    if failed:
        first = next(iter(failed.values()))
        raise DocumentError(first.message, forms=list(failed)) from first
    return layouts


def among(error: DocumentError, indexes: Sequence[int]) -> DocumentError:
    """The same error about forms that were some of more, those with these indexes."""
    ids = dict(error.ids)
    forms = ids.get("forms")
    if isinstance(forms, list):
        ids["forms"] = [indexes[form] for form in forms]
    return DocumentError(error.message, **ids)
