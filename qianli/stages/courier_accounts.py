"""Our accounts with couriers: which are on, what is missing, what each can do."""

from dataclasses import dataclass
from typing import Any

from qianli.couriers.accounts import Account, read_accounts
from qianli.couriers.connected import MODULES, Connection, connect, connections
from qianli.couriers.live import Books, Pushes, Redirects, Subscribes, Tracks
from qianli.couriers.wire import Wire
from qianli.errors import ConfigurationError
from qianli.settings import settings

ABILITIES = {Books: "下单", Redirects: "改地址", Tracks: "查轨迹", Subscribes: "订阅", Pushes: "收推送"}
NONE = "没有接通快递公司的接口，运单号和轨迹用表格往来。"


@dataclass(frozen=True)
class CourierAccount:
    """An account, or a courier with an interface and no account (`account` is empty). `missing` in words."""

    account: str
    courier: str
    name: str
    is_on: bool
    missing: list[str]
    abilities: list[str]
    third_party_data: str


def usable() -> list[Connection]:
    """Our accounts whose settings are complete."""
    return [one for one in connections(read_accounts(settings().couriers)) if one.is_on]


def overview() -> list[CourierAccount]:
    """Every account in settings, then the couriers whose interface nobody switched on."""
    accounts = read_accounts(settings().couriers)
    used = {one.courier for one in accounts.values()}
    off = [Account("", code, {}) for code in MODULES if code not in used]
    return [_seen(one) for one in [*accounts.values(), *off]]


def sentence() -> str:
    """All that in one line, for the start."""
    found = [one for one in overview() if one.account]
    on = "、".join(f"{one.name}（{one.account}）" for one in found if one.is_on)
    off = "；".join(f"{one.name}（{one.account}）：{'、'.join(one.missing)}" for one in found if not one.is_on)
    said = [
        f"快递接口已接通：{on}。" if on else "",
        f"快递接口还不能用，{off}。详见 qianli courier list。" if off else "",
    ]
    return "".join(said) or NONE


def _seen(account: Account) -> CourierAccount:
    module = MODULES.get(account.courier)
    data = getattr(module, "DATA", "") if getattr(module, "THIRD_PARTY", False) else ""
    try:
        (connection,) = connections({account.code: account})
        missing = _missing(connection)
        courier: Any = connect(account, Wire()) if account.code and not missing else None
    except ConfigurationError as error:
        name = getattr(module, "NAME", account.courier)
        return CourierAccount(account.code, account.courier, name, False, [error.message.rstrip("。")], [], data)
    able = [words for kind, words in ABILITIES.items() if courier is not None and isinstance(courier, kind)]
    if courier is not None and _turns_pushes_away(account):
        able.remove(ABILITIES[Pushes])
    return CourierAccount(account.code, account.courier, connection.name, courier is not None, missing, able, data)


def _missing(connection: Connection) -> list[str]:
    code = (connection.account.code or connection.account.courier).upper()
    return [f"缺{need.label}（QIANLI_COURIERS__{code}__{need.key.upper()}）" for need in connection.missing]


def _turns_pushes_away(account: Account) -> bool:
    """Whether a secret that pushes are told by was left out."""
    needs = MODULES[account.courier].NEEDS
    key = getattr(MODULES[account.courier], "PUSH_SECRET", None)
    return key is not None and not account.value(needs, key)
