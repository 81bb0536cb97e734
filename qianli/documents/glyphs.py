"""Which face serves which rare character of forms; those with one that none serves are refused before any layout."""

from collections.abc import Sequence
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
    rare = RareCharacters()
    for index, form in enumerate(forms):
        served = {one: served_by(one) for one in rare.of(form)}
        if None in served.values():
            lacking.append(index)
        for one, family in served.items():
            found.setdefault(family or "", set()).add(one)
    if lacking:
        raise DocumentError(
            "文书里有字库没有的字，印出来会是空框，请核对姓名和地址。", forms=lacking, reason=GLYPH_MISSING
        )
    return {family: "".join(sorted(characters)) for family, characters in sorted(found.items())}


REMEMBERED = 4096  # texts; names are many, and seldom the same


class RareCharacters:
    """Characters that our own faces do not serve, of one form after another.

    Thousands of forms share most of what they hold: an ordinary text that was looked at is not looked at again.
    """

    def __init__(self) -> None:
        self._fields: dict[type, list[str]] = {}
        self._ordinary: set[str] = set()

    def of(self, form: object) -> set[str]:
        """Those of a form, however deep."""
        texts: list[str] = []
        self._collect(form, texts)
        if new := [text for text in texts if text not in self._ordinary]:
            found = rare_characters("".join(new))
            if found:
                return set().union(*map(rare_characters, texts))
            if len(self._ordinary) < REMEMBERED:
                self._ordinary.update(new)
        return set()

    def _collect(self, value: object, texts: list[str]) -> None:
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, tuple):
            for one in value:
                self._collect(one, texts)
        elif value is not None:
            for name in self._fields_of(type(value)):
                self._collect(getattr(value, name), texts)

    def _fields_of(self, kind: type) -> list[str]:
        if kind not in self._fields:
            self._fields[kind] = [one.name for one in fields(kind)] if is_dataclass(kind) else []
        return self._fields[kind]
