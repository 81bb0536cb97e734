"""What the press hands back."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pdf:
    """A finished file: its bytes, its pages, and on which page (from 1) each form begins, in order."""

    content: bytes
    pages: int
    first_pages: tuple[int, ...]
