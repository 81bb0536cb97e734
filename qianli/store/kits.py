"""Items and kits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Campaign, Item, ItemKind, Kit, KitItem, Paper
from qianli.errors import NotFound
from qianli.store import edits


@dataclass(frozen=True)
class Text:
    """What stands in a reader; of a month of a study programme also which."""

    written: str
    programme_id: int | None = None
    month: date | None = None


@dataclass(frozen=True)
class KitRow:
    """One line of a kit with its item."""

    kit_item_id: int
    position: int
    item_id: int
    sku: str
    name: str
    kind: ItemKind
    quantity: int
    weight_g: int
    unit_cost_fen: int
    paper: Paper | None = None
    text: str | None = None


def item_by_sku(session: Session, *, sku: str) -> Item:
    """One item; NotFound says what to do."""
    found = session.exec(select(Item).where(Item.sku == sku)).first()
    if found is None:
        raise NotFound(f"没有编号为“{sku}”的物品，请先用“kit add”登记资料包。", sku=sku)
    return found


def item_by_id(session: Session, *, item_id: int) -> Item | None:
    """One item, or None."""
    return session.get(Item, item_id)


def campaigns_with(session: Session, *, item_id: int) -> list[str]:
    """Codes of the campaigns whose kit holds this item."""
    query = (
        sa.select(col(Campaign.code))
        .join(KitItem, col(KitItem.kit_id) == col(Campaign.kit_id))
        .where(col(KitItem.item_id) == item_id)
        .order_by(col(Campaign.id))
    )
    return list(session.execute(query).scalars())


def write_item(session: Session, *, item: Item, version: int, name: str, weight_g: int) -> None:
    """Write what is known of an item now; Conflict if somebody changed it since `version`."""
    edits.claim(session, Item, versions={item.key: version})
    update = sa.update(Item).where(col(Item.id) == item.key).values(name=name, weight_g=weight_g)
    session.execute(update.execution_options(synchronize_session=False))
    session.refresh(item)


def items_by_sku(session: Session, *, skus: Sequence[str]) -> dict[str, Item]:
    """Those of the items that exist."""
    return {item.sku: item for item in session.exec(select(Item).where(col(Item.sku).in_(skus)))}


def latest(session: Session, *, code: str) -> Kit | None:
    """The newest version of a kit."""
    return session.exec(select(Kit).where(Kit.code == code).order_by(col(Kit.version).desc())).first()


def current(session: Session) -> list[Kit]:
    """The newest version of every kit, by code."""
    newest = sa.select(col(Kit.code), sa.func.max(col(Kit.version)).label("version")).group_by(col(Kit.code)).subquery()
    same = sa.and_(col(Kit.code) == newest.c.code, col(Kit.version) == newest.c.version)
    return list(session.exec(select(Kit).join(newest, same).order_by(col(Kit.code))))


def add(session: Session, *, kit: Kit, lines: Sequence[tuple[Item, int, Text | None]]) -> Kit:
    """A new kit version with its lines (item, quantity, text of a reader), in the order given."""
    session.add(kit)
    session.flush()
    rows = [
        {
            "kit_id": kit.key, "item_id": item.key, "quantity": quantity, "position": position,
            "text": text.written if text else None, "programme_id": text.programme_id if text else None,
            "study_month": text.month if text else None,
        }
        for position, (item, quantity, text) in enumerate(lines)
    ]  # fmt: skip
    session.execute(sa.insert(KitItem), rows)
    return kit


def rows(session: Session, *, kit_id: int | None) -> list[KitRow]:
    """The lines of a kit in order."""
    query = (
        select(KitItem, Item)
        .join(Item, col(Item.id) == col(KitItem.item_id))
        .where(KitItem.kit_id == kit_id)
        .order_by(col(KitItem.position))
    )
    return [
        KitRow(
            line.key,
            line.position,
            item.key,
            item.sku,
            item.name,
            item.kind,
            line.quantity,
            item.weight_g,
            item.unit_cost_fen,
            item.paper,
            line.text,
        )
        for line, item in session.exec(query)
    ]


def items_of_lines(session: Session, *, kit_item_ids: Iterable[int]) -> dict[int, Item]:
    """Kit item id → its item."""
    query = (
        sa.select(col(KitItem.id), Item)
        .join(Item, col(Item.id) == col(KitItem.item_id))
        .where(col(KitItem.id).in_(list(kit_item_ids)))
    )
    return dict(session.execute(query).tuples().all())
