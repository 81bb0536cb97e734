"""Rows that people edit carry a version: whoever read an older one is refused."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from qianli.errors import Conflict
from qianli.store.batches import batched

STALE = "有 {count} 条记录在您读取之后被别人改过，这次的修改没有写入：请重新查看或重新导出，再改一次。"


def claim(session: Session, model: Any, *, versions: Mapping[int, int]) -> None:
    """Id → version as read: raise each by one; Conflict, and nothing is written, if one of them is not current."""
    claimed: set[int] = set()
    for pairs in batched(versions.items()):
        update = (
            sa.update(model)
            .where(sa.tuple_(model.id, model.version).in_(pairs))
            .values(version=model.version + 1)
            .returning(model.id)
            .execution_options(synchronize_session=False)
        )
        claimed |= set(session.execute(update).scalars())
    if lost := sorted(versions.keys() - claimed):
        raise Conflict(STALE.format(count=len(lost)), ids=lost)
