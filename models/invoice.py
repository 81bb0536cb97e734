"""What couriers bill: their invoices, and line by line which parcel and what for."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row, state_field


class Charge(StrEnum):
    """What a line of an invoice is for."""

    carriage = "carriage"
    return_carriage = "return_carriage"
    insurance = "insurance"
    packing = "packing"
    surcharge = "surcharge"
    reduction = "reduction"
    other = "other"


class Invoice(Row, table=True):
    """One file of one account; what was refused of it may come in later, from the same file or its fix-it file."""

    __tablename__ = "invoice"
    __table_args__ = (sa.UniqueConstraint("account", "sha256"),)

    courier: str = Field(max_length=20)
    account: str = Field(max_length=40, description="Our account with the courier, by code.")
    sha256: str = Field(max_length=64, description="Of the file's bytes.")
    imported_at: datetime
    imported_by: str = Field(max_length=64)


class InvoiceLine(Row, table=True):
    """What is billed for one parcel under one head. A parcel pays once under each, whatever invoices say."""

    __tablename__ = "invoice_line"
    __table_args__ = (
        sa.UniqueConstraint("parcel_id", "charge"),
        sa.Index("ix_invoice_line_invoice_id", "invoice_id"),
    )

    invoice_id: int = Field(foreign_key="invoice.id")
    parcel_id: int = Field(foreign_key="parcel.id")
    charge: Charge = state_field(Charge, "charge", Charge.carriage)
    billed_fen: int = Field(description="Below zero for a reduction.")
    billed_weight_g: int | None = Field(default=None, description="What the courier reckoned with, if it says so.")
