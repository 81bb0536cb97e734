"""One item of a programme as a visitor sees it, with what was said of it where it is a discussion."""

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

from models import Programme
from qianli.errors import NotFound
from qianli.programmes.items import is_link
from qianli.stages.discussions import Place, Voice, voices
from qianli.stages.study_links import Visitor
from qianli.stages.study_lists import head
from qianli.stages.studying import published
from qianli.stages.unit import reading, today, writing
from qianli.store import contributions, study


@dataclass(frozen=True)
class ItemPage:
    """One item, and what the member has to do with it.

    `further`: it shows what others said from a place on, without the text; `more` leads on from there, if any.
    """

    id: int
    programme: str
    organisation: str
    who: str
    column: str
    title: str
    text: str
    link: str | None
    picture: str | None
    audio: str | None
    day: date
    discussion: bool
    studied_on: date | None = None
    own: str = ""
    own_released: bool = False
    voices: list[Voice] = field(default_factory=list)
    further: bool = False
    more: str = ""

    @property
    def is_pictured(self) -> bool:
        """Whether there is a picture with us, which the page shows."""
        return self.picture is not None and not is_link(self.picture)

    @property
    def outward(self) -> list[tuple[str, str, str]]:
        """What lies on other sites: the address, what it is called here, and the name of the site."""
        named = ((self.link, "看原文"), (self.picture, "看图片"), (self.audio, "听录音"))
        return [(href, word, urlsplit(href).hostname or "") for href, word in named if href and is_link(href)]

    @property
    def blocks(self) -> list[tuple[bool, list[tuple[bool, str]]]]:
        """The text in paragraphs: whether each is a point of a list, and its pieces with whether they are strong."""
        found = []
        for line in filter(None, self.text.split("\n")):
            is_point = line.startswith("- ")
            pieces = line.removeprefix("- ").split("**")
            found.append((is_point, [(bool(place % 2), one) for place, one in enumerate(pieces) if one]))
        return found


def item_page(visitor: Visitor, item_id: int, *, after: str = "") -> ItemPage:
    """One published item; NotFound for every other. `after` is where the page before this one of a discussion ended."""
    place = Place.read(after) if after else None
    with reading() as session:
        shown = published(session, visitor, item_id)
        if place and not shown.column.discussion:
            raise NotFound("这一篇不是讨论，没有后面的发言。")
        programme = session.get_one(Programme, visitor.group.programme_id)
        mark, own = None, None
        if visitor.member:
            mark = study.studied(session, member_id=visitor.member.key, item_ids=[item_id]).get(item_id)
            own = contributions.of_member(session, item_id=item_id, member_id=visitor.member.key)
        item = shown.item
        said, more = voices(session, visitor, item_id, after=place) if shown.column.discussion else ([], None)
        name, organisation, who = head(session, programme, visitor)
        return ItemPage(
            item.key, name, organisation, who, shown.column.name, item.title, item.text, item.link, item.picture,
            item.audio, item.planned_on, shown.column.discussion,
            studied_on=mark.held_on if mark else None,
            own=own.text if own else "",
            own_released=bool(own and own.released_at),
            voices=said,
            further=place is not None,
            more=str(more or ""),
        )  # fmt: skip


def count_opening(item_id: int) -> None:
    """One more opening, in sum: a statistic that no rule looks at, and nobody's name."""
    with writing("system") as session:
        study.count_opening(session, item_id=item_id, on=today())
