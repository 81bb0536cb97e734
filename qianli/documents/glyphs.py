"""Which face serves which rare character of forms; those with one that none serves are refused before any layout."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass

from qianli.documents.fonts import rare_characters, served_by
from qianli.documents.gates import GLYPH_MISSING
from qianli.errors import DocumentError


def faces_of(forms: Sequence[object]) -> dict[str, str]:
    """Family → the characters it serves where our own faces lack them.

    DocumentError whose `ids["forms"]` are the indexes of the forms that hold a character no face serves.
    """
    found: dict[str, set[str]] = {}
    lacking: list[int] = []
    for index, form in enumerate(forms):
        served = {one: served_by(one) for one in rare_characters("".join(_texts(form)))}
        if None in served.values():
            lacking.append(index)
        for one, family in served.items():
            found.setdefault(family or "", set()).add(one)
    if lacking:
        raise DocumentError(
            "文书里有字库没有的字，印出来会是空框，请核对姓名和地址。", forms=lacking, reason=GLYPH_MISSING
        )
    return {family: "".join(sorted(characters)) for family, characters in sorted(found.items())}


def _texts(value: object) -> Iterator[str]:
    """Every text in a form, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(one)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))
