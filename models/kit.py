"""What is sent: items, kits, stock."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row, state_field, state_type


class ItemKind(StrEnum):
    """Stock is counted; printed items are made by the press."""

    stock = "stock"
    printed = "printed"


class Paper(StrEnum):
    """What the press makes of a printed item."""

    letter = "letter"
    contact_card = "contact_card"
    reader = "reader"


class StockMove(StrEnum):
    """On hand = received - issued + put_back - written_off; reserved = reserved - released - issued."""

    received = "received"
    reserved = "reserved"
    released = "released"
    issued = "issued"
    put_back = "put_back"
    written_off = "written_off"


class Item(Row, table=True):
    """A stock-keeping unit, or a paper the press makes for each member."""

    __tablename__ = "item"

    sku: str = Field(max_length=40, unique=True)
    name: str = Field(max_length=100)
    kind: ItemKind = state_field(ItemKind, "kind", ItemKind.stock)
    paper: Paper | None = Field(
        default=None, sa_column=sa.Column(state_type(Paper, "paper"), nullable=True), description="Of printed items."
    )
    weight_g: int
    unit_cost_fen: int = 0
    version: int = 1


class Kit(Row, table=True):
    """A versioned list of items; never edited, a change is a new version."""

    __tablename__ = "kit"
    __table_args__ = (sa.UniqueConstraint("code", "version"),)

    code: str = Field(max_length=40)
    version: int = 1
    name: str = Field(max_length=100)
    checksum: str = Field(max_length=64)
    created_at: datetime


class KitItem(Row, table=True):
    """A line of a kit."""

    __tablename__ = "kit_item"
    __table_args__ = (
        sa.UniqueConstraint("kit_id", "item_id"),
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    kit_id: int = Field(foreign_key="kit.id")
    item_id: int = Field(foreign_key="item.id")
    quantity: int
    position: int
    text: str | None = Field(default=None, description="What stands in a reader.")
    programme_id: int | None = Field(
        default=None, foreign_key="programme.id", description="Of a reader with a month of the study programme."
    )
    study_month: date | None = Field(default=None, description="Which month, by its first day.")


class StockMovement(Row, table=True):
    """One change of stock; levels are sums of these."""

    __tablename__ = "stock_movement"
    __table_args__ = (
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
        sa.Index("ix_stock_movement_item_id_move", "item_id", "move"),
        sa.Index("ix_stock_movement_consignment_id", "consignment_id"),
    )

    item_id: int = Field(foreign_key="item.id")
    move: StockMove = state_field(StockMove, "move", StockMove.received)
    quantity: int
    campaign_id: int | None = Field(default=None, foreign_key="campaign.id")
    consignment_id: int | None = Field(default=None, foreign_key="consignment.id")
    parcel_line_id: int | None = Field(default=None, foreign_key="parcel_line.id")
    reason: str = Field(default="", max_length=200)
    actor: str = Field(max_length=64)
    at: datetime
