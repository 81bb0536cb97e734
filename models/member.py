"""Members and where they live."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row, json_field, state_field


class ResidenceKind(StrEnum):
    """A temporary residence wins over the main one while it lasts."""

    main = "main"
    temporary = "temporary"


class AddressStatus(StrEnum):
    """How sure the reader is of an address."""

    exact = "exact"
    ambiguous = "ambiguous"
    incomplete = "incomplete"


class Member(Row, table=True):
    """The person a kit is for. Identity: home organisation, name, date of birth or of joining, phone as tie-break."""

    __tablename__ = "member"
    __table_args__ = (
        sa.Index("ix_member_organisation_id_name", "organisation_id", "name"),
        # Who could be one person: equal in two of these, or in the telephone.
        sa.Index("ix_member_name_born_on", "name", "born_on"),
        sa.Index("ix_member_name_joined_on", "name", "joined_on"),
        sa.Index("ix_member_phone", "phone"),
        # Of the few that have one: asked for those without, SQLite would take it for a way to nearly all rows.
        sa.Index(
            "ix_member_merged_into_id",
            "merged_into_id",
            sqlite_where=sa.text("merged_into_id IS NOT NULL"),
            postgresql_where=sa.text("merged_into_id IS NOT NULL"),
        ),
    )

    organisation_id: int = Field(foreign_key="organisation.id", description="Home.")
    host_organisation_id: int | None = Field(
        default=None, foreign_key="organisation.id", index=True, description="Where they live now, beside home."
    )
    name: str = Field(max_length=50)
    born_on: date | None = None
    joined_on: date | None = None
    phone: str | None = Field(default=None, max_length=32, description="Valid, as +8613912345678; else null.")
    phone_written: str | None = Field(
        default=None, max_length=64, description="What the ledger said, if no valid phone."
    )
    wrong_phone: str | None = Field(
        default=None, max_length=32, description="A number that was called and is not theirs."
    )
    away_since: date | None = None
    occupation: str | None = Field(default=None, max_length=100)
    dues_paid_until: date | None = Field(default=None, description="The last day party dues are paid for.")
    certificate_number: str | None = Field(default=None, max_length=32, description="Of the activity certificate.")
    certificate_issued_on: date | None = None
    certificate_checked_on: date | None = None
    details: dict[str, Any] = json_field()
    do_not_contact: bool = False
    deceased_on: date | None = Field(default=None, description="Never written to, never called from then on.")
    merged_into_id: int | None = Field(
        default=None, foreign_key="member.id", description="The same person's record that counts."
    )
    created_at: datetime
    updated_at: datetime
    version: int = 1


class Residence(Row, table=True):
    """One address of one member over [since, until); null means without beginning or end.

    No two main ones that are not superseded overlap: a trigger on SQLite, an exclusion constraint on PostgreSQL.
    """

    __tablename__ = "residence"
    __table_args__ = (
        sa.CheckConstraint("since IS NULL OR until IS NULL OR since < until", name="since_before_until"),
        sa.Index("ix_residence_member_id", "member_id"),
    )

    member_id: int = Field(foreign_key="member.id")
    kind: ResidenceKind = state_field(ResidenceKind, "kind", ResidenceKind.main)
    since: date | None = None
    until: date | None = None
    written: str = Field(max_length=300, description="The address as the ledger has it.")
    province: str | None = Field(default=None, max_length=32)
    city: str | None = Field(default=None, max_length=32)
    district: str | None = Field(default=None, max_length=32)
    detail: str = Field(default="", max_length=300)
    postcode: str | None = Field(default=None, max_length=6)
    status: AddressStatus = state_field(AddressStatus, "status", AddressStatus.incomplete)
    source: str = Field(max_length=100, description="Where it was reported: an import, a member's page.")
    reported_on: date = Field(description="The day the report speaks of; freshness is measured from here.")
    verified_at: datetime | None = None
    recorded_at: datetime
    superseded_at: datetime | None = None
