"""The couriers with an interface of their own: a line each. Their accounts come from settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from qianli.couriers import china_post, kuaidi100, sf, words
from qianli.couriers.accounts import Account, Need
from qianli.couriers.live import Books
from qianli.couriers.wire import Wire
from qianli.errors import ConfigurationError

#: Courier code → module with `NAME`, `NEEDS`, `LIMITS`, `connect(account, wire)`; `is_known(code)` if it tracks,
#: `PUSH_SECRET` if pushes need an optional value, `THIRD_PARTY` and `DATA` (what it is told) if it is one.
MODULES: dict[str, ModuleType] = {"china_post": china_post, "kuaidi100": kuaidi100, "sf": sf}


@dataclass(frozen=True)
class Connection:
    """An account as settings have it: the courier's name, what is missing, whether it takes data to a third party."""

    account: Account
    name: str
    missing: tuple[Need, ...]
    is_third_party: bool

    @property
    def is_on(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


def connections(accounts: Mapping[str, Account]) -> list[Connection]:
    """What is switched on, and what is missing, an account a line; ConfigurationError for a courier nobody knows."""
    return [_connection(account) for account in accounts.values()]


def connect(account: Account, wire: Wire) -> Any:
    """The courier under this account; what it can do, the Protocols of `live` tell (isinstance)."""
    connection = _connection(account)
    if connection.missing:
        named = "、".join(f"{need.label}（QIANLI_COURIERS__{account.code.upper()}__{need.key.upper()}）"
                          for need in connection.missing)  # fmt: skip
        raise ConfigurationError(f"{connection.name}的账号还缺：{named}。")
    return MODULES[account.courier].connect(account, wire)


def takes_bookings(account: Account) -> bool:
    """Whether its courier does; one that cannot be set up says why when it is asked to."""
    try:
        return isinstance(connect(account, Wire()), Books)
    except ConfigurationError:
        return True


def is_known(courier: str, code: str) -> bool:
    """Whether a code, or a word, is in the tables, if only as one that says nothing of where the parcel is."""
    module = MODULES.get(courier)
    of_module = getattr(module, "is_known", None)
    return words.is_known(code) or bool(of_module and of_module(code))


def _connection(account: Account) -> Connection:
    module = MODULES.get(account.courier)
    if module is None:
        known = "、".join(MODULES) or "（还没有）"
        raise ConfigurationError(f"QIANLI_COURIERS 里的“{account.courier}”没有接口；有接口的快递：{known}。")
    return Connection(account, module.NAME, tuple(account.missing(module.NEEDS)), getattr(module, "THIRD_PARTY", False))
