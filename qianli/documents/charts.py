"""Two small charts as inline drawings: a funnel of horizontal bars, and columns side by side. Sizes in mm."""

from collections.abc import Sequence

from markupsafe import Markup, escape

from qianli.documents.forms import Bar

WIDE = 165.0
RED, GREY, INK = "#d9241c", "#e6e6e6", "#222"
FONT = 'font-family="Noto Sans CJK SC"'
LABEL_WIDE, COUNT_WIDE, BAR_HIGH, BAR_STEP = 34.0, 30.0, 6.0, 9.5
COLUMNS_HIGH, WIDEST_COLUMN, MOST_LABELS = 42.0, 11.0, 24


def funnel_svg(bars: Sequence[Bar]) -> Markup:
    """One bar under the other, each with its count and its share of the first."""
    most = max([bar.count for bar in bars] + [1])
    first = bars[0].count if bars else 0
    room = WIDE - LABEL_WIDE - COUNT_WIDE
    drawn = []
    for place, bar in enumerate(bars):
        y = place * BAR_STEP
        share = f"（{bar.count / first:.0%}）" if first and place else ""
        drawn += [
            _text(LABEL_WIDE - 3, y + BAR_HIGH - 1.6, bar.label, "end"),
            _bar(LABEL_WIDE, y, room, BAR_HIGH, GREY),
            _bar(LABEL_WIDE, y, room * bar.count / most, BAR_HIGH, RED),
            _text(LABEL_WIDE + room + 3, y + BAR_HIGH - 1.6, f"{bar.count} 份{share}", "start"),
        ]
    return _svg(len(bars) * BAR_STEP, drawn)


def columns_svg(bars: Sequence[Bar], unit: str) -> Markup:
    """One column beside the other over a base line, each with its count above and its label below."""
    most = max([bar.count for bar in bars] + [1])
    step = min(WIDE / max(len(bars), 1), WIDEST_COLUMN * 1.6)
    left = (WIDE - step * len(bars)) / 2
    every = -(-len(bars) // MOST_LABELS)  # with many columns only every second, third … label
    base = COLUMNS_HIGH - 7
    drawn = [_bar(left, base, step * len(bars), 0.25, INK)]
    for place, bar in enumerate(bars):
        middle, high = left + step * (place + 0.5), (base - 6) * bar.count / most
        drawn.append(_bar(middle - step * 0.3, base - high, step * 0.6, high, RED))
        if bar.count:
            drawn.append(_text(middle, base - high - 1.2, str(bar.count), "middle"))
        if place % every == 0:
            drawn.append(_text(middle, base + 4.5, f"{bar.label} {unit}" if every == 1 else bar.label, "middle"))
    return _svg(COLUMNS_HIGH, drawn)


def _bar(x: float, y: float, width: float, height: float, colour: str) -> Markup:
    return Markup('<rect x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}" fill="{}"/>').format(
        x, y, width, height, colour
    )


def _text(x: float, y: float, text: str, anchor: str) -> Markup:
    size = 3.2 if anchor != "middle" else 2.8
    return Markup('<text x="{:.2f}" y="{:.2f}" font-size="{}" text-anchor="{}" fill="{}" ').format(
        x, y, size, anchor, INK
    ) + Markup(f"{FONT}>{escape(text)}</text>")  # noqa: S704 - escaped just here


def _svg(height: float, drawn: Sequence[Markup]) -> Markup:
    return (
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" width="{0}mm" height="{1:.1f}mm" viewBox="0 0 {0} {1:.1f}">'
        ).format(WIDE, height)
        + Markup("").join(drawn)
        + Markup("</svg>")
    )
