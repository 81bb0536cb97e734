"""The modules that speak interfaces, by code: what is switched on, what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from qianli.errors import ConfigurationError
from qianli.interfaces.accounts import Account, Need
from qianli.interfaces.wire import Wire


@dataclass(frozen=True)
class Connection:
    """An account as settings have it: its module's name, what is missing, whether it takes data to a third party."""

    account: Account
    name: str
    missing: tuple[Need, ...]
    is_third_party: bool

    @property
    def is_on(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


@dataclass(frozen=True)
class Registry:
    """Modules by code. `setting` is where accounts are written, `noun` what the modules are of: 快递."""

    modules: Mapping[str, ModuleType]
    setting: str
    noun: str

    def connections(self, accounts: Mapping[str, Account]) -> list[Connection]:
        """What is switched on, and what is missing, an account a line; ConfigurationError for an unknown module."""
        return [self.connection(account) for account in accounts.values()]

    def connect(self, account: Account, wire: Wire) -> Any:
        """What speaks under this account; what it can do, the Protocols of `live` tell (isinstance)."""
        connection = self.connection(account)
        if connection.missing:
            named = "、".join(f"{need.label}（{self.variable(account, need)}）" for need in connection.missing)
            raise ConfigurationError(f"{connection.name}的账号还缺：{named}。")
        return self.modules[account.module].connect(account, wire)

    def connection(self, account: Account) -> Connection:
        """One account; ConfigurationError for an unknown module."""
        module = self.modules.get(account.module)
        if module is None:
            known = "、".join(self.modules) or "（还没有）"
            raise ConfigurationError(f"{self.setting} 里的“{account.module}”没有接口；有接口的{self.noun}：{known}。")
        missing = tuple(account.missing(module.NEEDS))
        return Connection(account, module.NAME, missing, getattr(module, "THIRD_PARTY", False))

    def variable(self, account: Account, need: Need) -> str:
        """The setting a value is written into."""
        return f"{self.setting}__{(account.code or account.module).upper()}__{need.key.upper()}"
