"""Messages through channels, and cases about those nobody knows whether they were sent."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from qianli.store.reshaping import add_reference, drop_reference, extend, require, withdraw

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

WAS = (
    "(movement_id IS NULL AND campaign_id IS NOT NULL AND (parcel_id IS NULL) <> (consignment_id IS NULL))"
    " OR (movement_id IS NOT NULL AND campaign_id IS NULL AND parcel_id IS NULL AND consignment_id IS NULL)"
)
NOW = (
    "(message_id IS NULL AND movement_id IS NULL AND campaign_id IS NOT NULL"
    " AND (parcel_id IS NULL) <> (consignment_id IS NULL))"
    " OR (message_id IS NULL AND movement_id IS NOT NULL AND campaign_id IS NULL AND parcel_id IS NULL"
    " AND consignment_id IS NULL)"
    " OR (message_id IS NOT NULL AND movement_id IS NULL AND parcel_id IS NULL AND consignment_id IS NULL)"
)
OPEN = sa.text("resolved_at IS NULL AND message_id IS NOT NULL")
WAITING = sa.text("answered_at IS NULL AND failed_at IS NULL AND cancelled_at IS NULL AND unclear_at IS NULL")
POINTS_TO = ("organisation", "campaign", "consignment", "member", "artefact")


def upgrade() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sending_key", _text(64), nullable=False),
        sa.Column(
            "purpose", _word("purpose", "follow_up", "address_check", "notice", "study", "call_notice"), nullable=False
        ),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("consignment_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("channel", _text(40), nullable=False),
        sa.Column("text_code", _text(40), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("working_days", sa.Boolean(), nullable=False),
        _moment("due_at", nullable=False),
        _moment("queued_at", nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        _moment("started_at"),
        _moment("lease_until"),
        _moment("asked_at"),
        sa.Column("receiver_hash", _text(64), nullable=True),
        _moment("answered_at"),
        sa.Column("provider_id", _text(128), nullable=False),
        sa.Column("artefact_id", sa.Integer(), nullable=True),
        _moment("delivered_at"),
        _moment("failed_at"),
        sa.Column("failure_kind", _text(20), nullable=False),
        sa.Column("failure_words", _text(300), nullable=False),
        _moment("unclear_at"),
        _moment("cancelled_at"),
        sa.Column(
            "cancel_reason",
            _word(
                "cancel_reason",
                "confirmed",
                "do_not_contact",
                "gone",
                "no_number",
                "number_changed",
                "over",
                "withdrawn",
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(cancelled_at IS NULL) = (cancel_reason IS NULL)", name=op.f("ck_message_cancelled_with_reason")
        ),
        *(
            sa.ForeignKeyConstraint([f"{one}_id"], [f"{one}.id"], name=op.f(f"fk_message_{one}_id"))
            for one in POINTS_TO
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("sending_key", name=op.f("uq_message_sending_key")),
    )
    where = {"sqlite_where": WAITING, "postgresql_where": WAITING}
    op.create_index("ix_message_waiting", "message", ["channel", "due_at"], **where)
    op.create_index("ix_message_channel_provider_id", "message", ["channel", "provider_id"])
    for one in ("member", "consignment", "campaign"):
        op.create_index(f"ix_message_{one}_id", "message", [f"{one}_id"])
    extend("journal_entry", "subject", "message")
    extend("artefact", "kind", "message_sheet")
    extend("case_record", "reason", "message_unclear")
    add_reference("case_record", "message_id", "message")
    require("case_record", "ck_case_record_one_subject", was=WAS, now=NOW)
    where = {"sqlite_where": OPEN, "postgresql_where": OPEN}
    op.create_index("uq_case_record_open_message", "case_record", ["message_id", "reason"], unique=True, **where)


def downgrade() -> None:
    """Messages, the cases about them and what the journal says of them go: the earlier schema has no place for them."""
    op.execute("DELETE FROM case_record WHERE message_id IS NOT NULL")
    op.execute("DELETE FROM journal_entry WHERE subject = 'message'")
    op.execute("UPDATE message SET artefact_id = NULL")
    op.execute("DELETE FROM artefact WHERE kind = 'message_sheet'")
    op.drop_index("uq_case_record_open_message", table_name="case_record")
    require("case_record", "ck_case_record_one_subject", was=NOW, now=WAS)
    drop_reference("case_record", "message_id", "message")
    withdraw("case_record", "reason", "message_unclear")
    withdraw("artefact", "kind", "message_sheet")
    withdraw("journal_entry", "subject", "message")
    op.drop_table("message")


def _text(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=nullable)
