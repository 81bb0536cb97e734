"""`qianli init`: the database."""

from qianli.cli import common
from qianli.settings import settings
from qianli.store import schema


def init(as_json: common.JsonOption = False) -> None:
    """建立数据库，或升级到当前版本。"""
    revision = schema.upgrade(settings().database_url)
    common.emit({"revision": revision}, as_json=as_json, show=lambda: common.say(f"数据库已就绪（版本 {revision}）。"))
