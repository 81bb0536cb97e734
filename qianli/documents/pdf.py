"""What the press hands back."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pdf:
    """A finished file: its bytes, its pages, and on which page (from 1) each form begins, in order.

    `stamped` is how many forms were stamped; a `remark`, in Chinese, says why none was although they should have been.
    """

    content: bytes
    pages: int
    first_pages: tuple[int, ...]
    stamped: int = 0
    remark: str = ""
