"""Refusing forms with characters our faces lack, before anything is laid out."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass

from qianli.documents.fonts import missing_characters
from qianli.errors import DocumentError


def refuse_missing(forms: Sequence[object]) -> None:
    """DocumentError whose `ids["forms"]` are the indexes of the forms that hold such a character."""
    strange = [index for index, form in enumerate(forms) if missing_characters("".join(_texts(form)))]
    if strange:
        raise DocumentError("文书里有字库没有的字，印出来会是空框，请核对姓名和地址。", forms=strange)


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
