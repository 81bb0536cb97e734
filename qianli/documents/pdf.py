"""What the press hands back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Pdf:
    """A finished file: its bytes, its pages, and on which page (from 1) each form begins, in order.

    One that was written to a `path` as it grew has no bytes here.
    `on_fronts` says that each form begins on the front of a sheet, after an empty page where that is needed.
    `faces` tells which characters another family than our own served.
    `stamped` is how many forms were stamped, `checked` how many of them were compared with a plain layout, in so much
    CPU; a `remark`, in Chinese, says why none was although they should have been.
    """

    content: bytes
    pages: int
    first_pages: tuple[int, ...]
    stamped: int = 0
    on_fronts: bool = False
    checked: int = 0
    check_cpu_s: float = field(default=0.0, compare=False)
    remark: str = ""
    faces: Mapping[str, str] = field(default_factory=dict)
    path: Path | None = None
