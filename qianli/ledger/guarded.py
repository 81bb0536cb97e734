"""What stands before the quick XML parser, which by itself would take whatever entities it is given."""

from typing import Any
from xml.parsers.expat import ParserCreate


class Guarded:
    """XML read in portions; up to its first element, where alone entities are declared, another parser refuses them."""

    def __init__(self, source: Any) -> None:
        self.source: Any = source
        guard: Any = ParserCreate()
        guard.EntityDeclHandler = guard.UnparsedEntityDeclHandler = guard.ExternalEntityRefHandler = _refuse
        guard.StartElementHandler = self._begun
        self.guard, self.begun = guard, False

    def read(self, size: int = -1) -> bytes:
        """The next portion; ValueError where it declares an entity."""
        read: bytes = self.source.read(size)
        if not self.begun:
            self.guard.Parse(read, not read)
        return read

    def _begun(self, *_element: object) -> None:
        self.begun = True


def _refuse(*_entity: object) -> None:
    raise ValueError("no spreadsheet has entities")
