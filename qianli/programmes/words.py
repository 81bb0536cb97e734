"""A month's items in other channels: as the text of a printed reader, and as words to read out over the telephone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter

WEB_ONLY = "（本篇的内容在网页上：{link}）"
LONGEST_HEADING = 30


@dataclass(frozen=True)
class MonthItem:
    """An item of the month; items come by column, then by day."""

    column: str
    title: str
    text: str
    link: str | None = None


def reader_text(programme: str, month: date, items: Sequence[MonthItem]) -> str:
    """What stands in a reader: the columns, and each item whole."""
    said = f"（{month.year}年{month.month}月）"
    lines = [f"# {programme[: LONGEST_HEADING - len(said)]}{said}"]
    for column, some in groupby(items, key=attrgetter("column")):
        lines.append(f"## {column}")
        for one in some:
            lines += [f"### {one.title}", *_paragraphs(one)]
    return "\n".join(lines) + "\n"


def _paragraphs(item: MonthItem) -> list[str]:
    if item.text:
        return item.text.split("\n")
    return [WEB_ONLY.format(link=item.link) if item.link else "（本篇是录音，请支部在电话里播放。）"]


def words_to_say(item: MonthItem) -> str:
    """The same item for a caller to read out: no marks, no address of a page."""
    text = item.text.replace("**", "").replace("\n- ", "\n").removeprefix("- ")
    return text or "这一篇要看网页或者听录音，请把大意讲给同志听。"
