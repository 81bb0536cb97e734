"""Kinds of organisations, and the organisation that hosts a member."""

from alembic import op

from qianli.store.reshaping import add_reference, allow, drop_reference

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

WAS = ("party_branch", "service_station")
NOW = (
    "party_branch", "city", "district", "township", "village", "community", "enterprise", "hub", "market", "chamber",
    "service_station",
)  # fmt: skip


def upgrade() -> None:
    allow("organisation", "kind", was=WAS, now=NOW)
    add_reference("member", "host_organisation_id", "organisation")
    op.create_index("ix_member_host_organisation_id", "member", ["host_organisation_id"])
    op.create_index("ix_organisation_parent_id", "organisation", ["parent_id"])


def downgrade() -> None:
    """Refused where an organisation is of a kind that the earlier schema does not know."""
    allow("organisation", "kind", was=NOW, now=WAS)
    op.drop_index("ix_organisation_parent_id", table_name="organisation")
    op.drop_index("ix_member_host_organisation_id", table_name="member")
    drop_reference("member", "host_organisation_id", "organisation")
