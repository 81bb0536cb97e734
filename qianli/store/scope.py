"""What somebody of the staff may see: one organisation and all below it, as a condition inside the query."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from models import Organisation


@dataclass(frozen=True)
class Scope:
    """The tree below `root_id`; without one, everything."""

    root_id: int | None

    def covers(self, column: Any) -> sa.ColumnElement[bool]:
        """Whether the organisation in this column belongs to the tree."""
        if self.root_id is None:
            return sa.true()
        top = sa.select(col(Organisation.id)).where(col(Organisation.id) == self.root_id)
        tree = top.cte(recursive=True)
        tree = tree.union(sa.select(col(Organisation.id)).where(col(Organisation.parent_id) == tree.c.id))
        covered: sa.ColumnElement[bool] = column.in_(sa.select(tree.c.id))
        return covered
