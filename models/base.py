"""What every table shares: one registry with named constraints, state columns, aware datetimes."""

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import AutoString, Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = SQLModel.metadata


def state_type(enum: type[StrEnum], name: str) -> Any:
    """A column type that stores the enum's value as text and refuses anything else in the database."""
    return sa.Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


def state_field(enum: type[StrEnum], name: str, default: StrEnum, *, index: bool = False) -> Any:
    """A non-null state column; `name` names its CHECK constraint."""
    column = sa.Column(state_type(enum, name), nullable=False, index=index, default=default)
    return Field(default=default, sa_column=column)


def account_field() -> Any:
    """Our contract with the courier, by code; where nothing is said it is called like the courier."""
    column: Any = sa.Column(AutoString(length=40), nullable=False, default=_same_as_courier)
    return Field(default=None, sa_column=column)


def _same_as_courier(context: Any) -> Any:
    return context.get_current_parameters()["courier"]


def json_field() -> Any:
    """A JSON column, never null; the empty object is its default."""
    return Field(default_factory=dict, sa_column=sa.Column(sa.JSON, nullable=False, default=dict))


def json_list_field() -> Any:
    """A JSON column holding a list, never null."""
    return Field(default_factory=list, sa_column=sa.Column(sa.JSON, nullable=False, default=list))


class Row(SQLModel):
    """A row with a surrogate key."""

    id: int | None = Field(default=None, primary_key=True)

    @property
    def key(self) -> int:
        """The primary key of a row that has been flushed."""
        if self.id is None:
            raise ValueError(f"{type(self).__name__} has no id before it is flushed")
        return self.id
