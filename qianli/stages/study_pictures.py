"""Pictures of a programme's items: drawn anew when they are taken in, kept with us, and shown by our own pages.

A page loads nothing from elsewhere: a picture that lies on another site is a link that says so.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlmodel import Session

from models import ArtefactKind
from qianli.errors import BadInput, NotFound
from qianli.ledger.problems import RowProblem
from qianli.programmes.items import ItemRow, Items, is_link
from qianli.receipts.photos import MOST_BYTES, redrawn
from qianli.stages import artefacts
from qianli.stages.study_links import Visitor
from qianli.stages.studying import GONE, published
from qianli.stages.unit import now, reading
from qianli.store import artefacts as rows

NO_FILES = "这里只导入表，不带图片文件“{name}”：请写图片的网址，或者请管理员连图片一起导入"
NOT_READ = "图片“{name}”读不出来：请用 JPG、PNG，不超过 {most} MB"


@dataclass
class Pictures:
    """What the rows of a file name: the pictures by their paths with us, and each name's path."""

    content: dict[str, bytes] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)
    refused: list[RowProblem] = field(default_factory=list)

    def shown(self, row: ItemRow) -> str | None:
        """What an item keeps: the link as it is, or our path."""
        return self.paths.get(row.picture, row.picture) if row.picture else None


def nothing(name: str) -> bytes:
    """There are no files beside."""
    raise BadInput(NO_FILES.format(name=name))


def drawn(found: Items, code: str, beside: Callable[[str], bytes]) -> Pictures:
    """The pictures that rows name by a file, drawn anew; what cannot be is refused row by row."""
    pictures = Pictures()
    for row in found.rows:
        if row.picture is None or is_link(row.picture) or row.picture in pictures.paths:
            continue
        try:
            raw = beside(row.picture)
        except BadInput as error:
            pictures.refused.append(RowProblem(row.sheet, row.row, "图片", error.message))
            continue
        try:
            content = redrawn(raw)
        except BadInput:
            why = NOT_READ.format(name=row.picture, most=MOST_BYTES // 1_000_000)
            pictures.refused.append(RowProblem(row.sheet, row.row, "图片", why))
            continue
        path = f"study/{code}/pictures/{hashlib.sha256(content).hexdigest()[:24]}.jpg"
        pictures.content[path], pictures.paths[row.picture] = content, path
    return pictures


def declare(session: Session, pictures: Pictures) -> None:
    """The rows of their files, before items speak of them."""
    paths = list(pictures.content)
    rows.find_or_add_all(session, kind=ArtefactKind.study_picture, paths=paths, campaign_id=None, at=now())


def publish(pictures: Pictures, *, by: str) -> None:
    """Their files; one that is there already is the same."""
    with reading() as session:
        waiting = rows.unpublished(session, paths=list(pictures.content))
    for path, id_ in waiting.items():
        artefacts.publish_declared(id_, pictures.content[path], None, by=by)


def picture(visitor: Visitor, item_id: int) -> bytes:
    """The picture of a published item, for whoever may read it; NotFound if there is none with us."""
    with reading() as session:
        path = published(session, visitor, item_id).item.picture
    if path is None or is_link(path):
        raise NotFound(GONE)
    try:
        return artefacts.fetch(path)
    except FileNotFoundError as error:
        raise NotFound(GONE) from error
