"""Accounts with providers as a table, the same for couriers and channels."""

from collections.abc import Sequence

from qianli.cli.common import emit, table
from qianli.stages.interface_accounts import Seen


def show_accounts(found: Sequence[Seen], *, title: str, column: str, as_json: bool) -> None:
    """Which is on, what is missing, what it can do, what a third party is told."""

    def show() -> None:
        rows = [
            [one.account or "—", one.name, _state(one), "、".join(one.abilities) or "—", one.third_party_data or "—"]
            for one in found
        ]
        table(title, ["账号", column, "是否接通", "能做什么", "第三方得到的数据"], rows)

    emit(found, as_json=as_json, show=show)


def _state(one: Seen) -> str:
    if one.is_on:
        return "已接通"
    return "；".join(one.missing) if one.account else "没有账号，" + "；".join(one.missing)
