"""Forms that are read as they are needed: a hundred thousand letters take 200 MB, a block of them two."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar, overload

F = TypeVar("F")
AT_ONCE = 1000  # forms in a block


class InBlocks(Sequence[F]):
    """So many forms, read block by block by `read(start, end)`, which gives equal forms each time it is asked.

    One block is held at a time; whoever goes through them in order has each read once.
    """

    def __init__(self, forms: int, read: Callable[[int, int], Sequence[F]], at_once: int = AT_ONCE) -> None:
        self._forms, self._read, self._at_once = forms, read, at_once
        self._start, self._block = 0, list[F]()

    def __len__(self) -> int:
        return self._forms

    @overload
    def __getitem__(self, index: int) -> F: ...
    @overload
    def __getitem__(self, index: slice) -> list[F]: ...
    def __getitem__(self, index: int | slice) -> F | list[F]:
        if isinstance(index, slice):
            return [self[one] for one in range(self._forms)[index]]
        place = range(self._forms)[index] - self._start
        if not 0 <= place < len(self._block):
            self._start = range(self._forms)[index] // self._at_once * self._at_once
            self._block = []  # two at once would be one too many
            self._block = list(self._read(self._start, min(self._start + self._at_once, self._forms)))
            place = range(self._forms)[index] - self._start
        return self._block[place]

    def __iter__(self) -> Iterator[F]:
        return (self[index] for index in range(self._forms))
