"""The revision of the schema this program was written for; another program's database is not touched."""

import sqlalchemy as sa
from sqlmodel import Session

from qianli.errors import ConfigurationError

HEAD = "0048"  # the newest revision in migrations/versions; a test compares
NEVER_MADE = "数据库还没有建立，请先运行“qianli init”。"
ANOTHER_VERSION = (
    "数据库与程序版本不一致，这一步没有写入。"
    "请先更新这台机器上的程序并重新启动；程序已是最新的，请运行“qianli init”升级数据库。"
)
_version = sa.table("alembic_version", sa.column("version_num", sa.String))
_shared = sa.select(_version.c.version_num).with_for_update(read=True)


def require_own(session: Session) -> None:
    """Refuse to write for a program older or newer than the database.

    The row stays share-locked until the transaction ends: a migration waits for what was begun before it, and
    whatever begins after it sees the new revision.
    """
    found = session.execute(_shared).scalar()
    if found != HEAD:
        raise ConfigurationError(ANOTHER_VERSION if found else NEVER_MADE)


def lock_for_migration(connection: sa.Connection) -> None:
    """One migration at a time, and none while a transaction of ours is under way. SQLite's write lock does the same."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext("qianli migrations"))))
        if sa.inspect(connection).has_table(_version.name):
            connection.execute(sa.select(_version.c.version_num).with_for_update())
