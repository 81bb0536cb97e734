"""Charts as drawings inside the page, with a table behind each. Colours come from the stylesheet."""

from collections.abc import Sequence

from markupsafe import Markup, escape

WIDE, LABEL, COUNT, HIGH, STEP = 350, 124, 44, 18, 30
MOST = 34


def bars(rows: Sequence[tuple[str, int]], title: str) -> Markup:
    """One bar under the other, with its label before and its count behind it."""
    most = max([count for _, count in rows] + [1])
    room = WIDE - LABEL - COUNT
    drawn = [Markup("<title>{}</title>").format(title)]
    for place, (label, count) in enumerate(rows[:MOST]):
        y = place * STEP + 4
        drawn += [
            _text(LABEL - 10, y + 14, label, "end"),
            _rect("track", LABEL, y, room, HIGH),
            _rect("bar", LABEL, y, room * count / most, HIGH),
            _text(LABEL + room + 10, y + 14, str(count), "start"),
        ]
    height = max(len(rows[:MOST]), 1) * STEP
    head = Markup('<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {} {}">').format(WIDE, height)
    return head + Markup("").join(drawn) + Markup("</svg>")


def _rect(kind: str, x: float, y: float, width: float, height: float) -> Markup:
    return Markup('<rect class="{}" x="{}" y="{}" width="{:.1f}" height="{}" rx="3"/>').format(
        kind, x, y, width, height
    )


def _text(x: float, y: float, text: str, anchor: str) -> Markup:
    return Markup('<text x="{}" y="{}" text-anchor="{}" font-size="14">{}</text>').format(x, y, anchor, escape(text))
