"""`column among these values`, however many there are, in one statement with one parameter.

`IN (?, ?, …)` carries a parameter a value: databases refuse more than some ten thousand, and every length is another
statement to prepare. Here the values travel together, as an array on PostgreSQL, as JSON on SQLite.
"""

import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class _Listed(sa.types.TypeDecorator[list[Any]]):
    """The values of one kind, as the dialect takes them."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, kind: type[sa.types.TypeEngine[Any]]) -> None:
        super().__init__()
        self.kind = kind

    def load_dialect_impl(self, dialect: sa.Dialect) -> Any:
        """An array where there are arrays."""
        return dialect.type_descriptor(ARRAY(self.kind()) if dialect.name == "postgresql" else sa.Text())

    def process_bind_param(self, value: list[Any] | None, dialect: sa.Dialect) -> Any:
        """A list stays one for PostgreSQL."""
        return value if dialect.name == "postgresql" else json.dumps(value, ensure_ascii=False)


class among(FunctionElement[bool]):  # noqa: N801 - reads as the condition it is
    """Whether a column's value is one of these: ids or texts; none of nothing."""

    type = sa.Boolean()
    inherit_cache = True
    name = "among"

    def __init__(self, column: Any, values: Iterable[int] | Iterable[str]) -> None:
        kind = sa.BigInteger if isinstance(column.type, sa.Integer) else sa.Text
        listed = sa.bindparam(None, list(dict.fromkeys(values)), type_=_Listed(kind), unique=True)
        super().__init__(column, listed)

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002 - as the base class has it
        """As it is: `(… IN …) = 1`, which SQLite would get otherwise, uses no index."""
        return self


@compiles(among, "sqlite")
def _sqlite(element: among, compiler: Any, **options: Any) -> str:
    column, listed = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({listed}))"  # noqa: S608 - a column and a parameter, both ours


@compiles(among, "postgresql")
def _postgresql(element: among, compiler: Any, **options: Any) -> str:
    column, listed = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} = ANY ({listed})"
