"""The study programme: its pages, and what members do there."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from qianli.store.reshaping import add_reference, drop_reference, extend, withdraw

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

RHYTHMS = ("daily", "weekly", "monthly", "quarterly")
LIVE = sa.text("revoked_at IS NULL")
STUDIED = sa.text("study_item_id IS NOT NULL")


def upgrade() -> None:
    _programmes()
    _pages()
    op.create_table(
        "study_opening",
        _id(),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        *_keys("study_opening", item_id="study_item"),
        sa.UniqueConstraint("item_id", "opened_on", name=op.f("uq_study_opening_item_id_opened_on")),
    )
    op.create_table(
        "contribution",
        _id(),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("text", _text(1000), nullable=False),
        sa.Column("written_at", _moment(), nullable=False),
        sa.Column("released_at", _moment(), nullable=True),
        sa.Column("released_by", _text(64), nullable=True),
        *_keys("contribution", item_id="study_item", member_id="member"),
        sa.UniqueConstraint("item_id", "member_id", name=op.f("uq_contribution_item_id_member_id")),
    )
    op.create_index("ix_contribution_member_id", "contribution", ["member_id"])
    add_reference("participation", "study_item_id", "study_item")
    op.create_index(
        "uq_participation_study", "participation", ["study_item_id", "member_id"],
        unique=True, sqlite_where=STUDIED, postgresql_where=STUDIED,
    )  # fmt: skip
    add_reference("kit_item", "programme_id", "programme")
    op.add_column("kit_item", sa.Column("study_month", sa.Date(), nullable=True))
    extend("journal_entry", "subject", "programme")


def _programmes() -> None:
    op.create_table(
        "programme",
        _id(),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("code", _text(40), nullable=False),
        sa.Column("name", _text(50), nullable=False),
        sa.Column("created_at", _moment(), nullable=False),
        *_keys("programme", organisation_id="organisation"),
        sa.UniqueConstraint("code", name=op.f("uq_programme_code")),
    )
    op.create_index("ix_programme_organisation_id", "programme", ["organisation_id"])
    op.create_table(
        "study_column",
        _id(),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", _text(20), nullable=False),
        _state("rhythm", *RHYTHMS),
        _state("holidays", "publish", "skip"),
        sa.Column("discussion", sa.Boolean(), nullable=False),
        sa.Column("at_once", sa.Integer(), nullable=False),
        *_keys("study_column", programme_id="programme"),
        sa.UniqueConstraint("programme_id", "name", name=op.f("uq_study_column_programme_id_name")),
    )
    op.create_table(
        "study_item",
        _id(),
        sa.Column("column_id", sa.Integer(), nullable=False),
        sa.Column("title", _text(30), nullable=False),
        sa.Column("text", _text(), nullable=False),
        *(sa.Column(name, _text(300), nullable=True) for name in ("link", "picture", "audio")),
        sa.Column("planned_on", sa.Date(), nullable=False),
        _state("state", "planned", "published", "withdrawn"),
        sa.Column("published_at", _moment(), nullable=True),
        sa.Column("announce", sa.Boolean(), nullable=False),
        *_keys("study_item", column_id="study_column"),
        sa.UniqueConstraint("column_id", "title", name=op.f("uq_study_item_column_id_title")),
    )
    op.create_index("ix_study_item_state_planned_on", "study_item", ["state", "planned_on"])


def _pages() -> None:
    op.create_table(
        "study_group",
        _id(),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("key_id", _text(40), nullable=False),
        sa.Column("token_hash", _text(64), nullable=False),
        sa.Column("created_at", _moment(), nullable=False),
        sa.Column("revoked_at", _moment(), nullable=True),
        *_keys("study_group", programme_id="programme", organisation_id="organisation"),
        sa.UniqueConstraint(
            "programme_id",
            "organisation_id",
            "generation",
            name=op.f("uq_study_group_programme_id_organisation_id_generation"),
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_study_group_token_hash")),
    )
    op.create_index(
        "uq_study_group_live", "study_group", ["programme_id", "organisation_id"],
        unique=True, sqlite_where=LIVE, postgresql_where=LIVE,
    )  # fmt: skip
    op.create_table(
        "study_pass",
        _id(),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("key_id", _text(40), nullable=False),
        sa.Column("code_hash", _text(64), nullable=False),
        sa.Column("created_at", _moment(), nullable=False),
        *_keys("study_pass", programme_id="programme", member_id="member"),
        sa.UniqueConstraint("programme_id", "member_id", name=op.f("uq_study_pass_programme_id_member_id")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_study_pass_code_hash")),
    )
    op.create_index("ix_study_pass_member_id", "study_pass", ["member_id"])


def downgrade() -> None:
    op.execute("DELETE FROM journal_entry WHERE subject = 'programme'")
    withdraw("journal_entry", "subject", "programme")
    op.drop_column("kit_item", "study_month")
    drop_reference("kit_item", "programme_id", "programme")
    op.drop_index("uq_participation_study", "participation")
    drop_reference("participation", "study_item_id", "study_item")
    for table in (
        "contribution", "study_opening", "study_pass", "study_group", "study_item", "study_column", "programme",
    ):  # fmt: skip
        op.drop_table(table)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), nullable=False)


def _text(length: int | None = None) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length) if length else sqlmodel.sql.sqltypes.AutoString()


def _moment() -> sqlmodel.sql.sqltypes.UTCDateTime:
    return sqlmodel.sql.sqltypes.UTCDateTime()


def _state(name: str, *values: str) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=False)


def _keys(table: str, **to: str) -> list[sa.Constraint]:
    foreign = [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in to.items()
    ]
    return [*foreign, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))]
