"""Whether any text of a laid-out page leaves its box. Knows the engine's boxes by their attributes only."""

from dataclasses import dataclass, replace
from typing import Any

TOLERANCE = 1.0  # CSS pixels
ASCENT, DESCENT = 0.88, 0.2  # of the font size: where the ink of Chinese and Latin ends


@dataclass(frozen=True)
class Room:
    """Where text may stand, in CSS pixels."""

    left: float
    right: float
    top: float
    bottom: float
    paper: float  # how wide the page is, which no box may leave


def leaves_its_box(page: Any) -> bool:
    """Whether any text stands outside the page, its block across, or a box of fixed height downwards."""
    return _leaves(page, Room(0, page.margin_width(), 0, page.margin_height(), page.margin_width()))


def _leaves(box: Any, room: Room) -> bool:
    if hasattr(box, "text"):
        return _outside(box, room)
    if box.style["transform"]:  # turned text is a watermark, not something to read
        return False
    inner = _narrowed(box, room)
    return any(_leaves(child, inner) for child in _children(box))


def _children(box: Any) -> list[Any]:
    return [child for child in getattr(box, "children", ()) if hasattr(child, "position_x")]


def _narrowed(box: Any, room: Room) -> Room:
    """Blocks say how far across; those of fixed height how far down. Absolutely placed boxes answer for themselves."""
    kind = type(box).__name__
    if "Line" in kind or kind in {"InlineBox", "PageBox", "TableRowBox", "TableRowGroupBox"}:
        return room
    left = box.position_x + box.margin_left
    if isinstance(box.width, float | int):
        room = replace(room, left=max(left, 0), right=min(left + box.border_width(), room.paper))
    if box.style["height"] != "auto" and isinstance(box.height, float | int):
        top = box.position_y + box.margin_top
        room = replace(room, top=top, bottom=top + box.border_height())
    return room


def _outside(box: Any, room: Room) -> bool:
    if not box.text.strip():
        return False
    size, baseline = box.style["font_size"], box.position_y + box.baseline
    return bool(
        box.position_x < room.left - TOLERANCE
        or box.position_x + box.width > room.right + TOLERANCE
        or baseline - ASCENT * size < room.top - TOLERANCE
        or baseline + DESCENT * size > room.bottom + TOLERANCE
    )
