"""Organisations: the tree of branches a member belongs to."""

from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row, state_field


class OrganisationKind(StrEnum):
    """What an organisation is in the tree: a level of the administration, or a place where members work and live."""

    party_branch = "party_branch"
    city = "city"
    district = "district"
    township = "township"
    village = "village"
    community = "community"
    enterprise = "enterprise"
    hub = "hub"
    market = "market"
    chamber = "chamber"
    service_station = "service_station"


class Organisation(Row, table=True):
    """A node of the tree; a member's home, perhaps also a host."""

    __tablename__ = "organisation"
    __table_args__ = (
        sa.UniqueConstraint("parent_id", "name"),
        # Null is not equal to null: without this two roots could share a name.
        sa.Index(
            "uq_organisation_root_name",
            "name",
            unique=True,
            sqlite_where=sa.text("parent_id IS NULL"),
            postgresql_where=sa.text("parent_id IS NULL"),
        ),
    )

    name: str = Field(max_length=100, index=True)
    parent_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    kind: OrganisationKind = state_field(OrganisationKind, "kind", OrganisationKind.party_branch)
    version: int = 1
