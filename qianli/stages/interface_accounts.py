"""Our accounts with providers of one kind: which are on, what is missing, what each can do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from qianli.errors import ConfigurationError
from qianli.interfaces.accounts import Account
from qianli.interfaces.connected import Connection, Registry
from qianli.interfaces.wire import Wire


@dataclass(frozen=True)
class Seen:
    """An account, or a module without one (`account` is empty). `missing` in words."""

    account: str
    module: str
    name: str
    is_on: bool
    missing: list[str]
    abilities: list[str]
    third_party_data: str


@dataclass(frozen=True)
class Accounts:
    """The accounts of one registry: `read` them from settings, tell what they can by these Protocols, in words."""

    registry: Registry
    read: Callable[[], Mapping[str, Account]]
    abilities: Mapping[Any, str]
    pushes: Any

    def usable(self) -> list[Connection]:
        """Those whose settings are complete."""
        return [one for one in self.registry.connections(self.read()) if one.is_on]

    def overview(self) -> list[Seen]:
        """Every account in settings, then the modules whose interface nobody switched on."""
        accounts = self.read()
        used = {one.module for one in accounts.values()}
        off = [Account("", code, {}) for code in self.registry.modules if code not in used]
        return [self._seen(one) for one in [*accounts.values(), *off]]

    def _seen(self, account: Account) -> Seen:
        module = self.registry.modules.get(account.module)
        data = getattr(module, "DATA", "") if getattr(module, "THIRD_PARTY", False) else ""
        try:
            connection = self.registry.connection(account)
            missing = [f"缺{one.label}（{self.registry.variable(account, one)}）" for one in connection.missing]
            found: Any = self.registry.connect(account, Wire()) if account.code and not missing else None
        except ConfigurationError as error:
            name = getattr(module, "NAME", account.module)
            return Seen(account.code, account.module, name, False, [error.message.rstrip("。")], [], data)
        able = [words for kind, words in self.abilities.items() if found is not None and isinstance(found, kind)]
        if found is not None and _turns_pushes_away(account, module):
            able.remove(self.abilities[self.pushes])
        return Seen(account.code, account.module, connection.name, found is not None, missing, able, data)


def _turns_pushes_away(account: Account, module: Any) -> bool:
    """Whether a secret that pushes are told by was left out."""
    key = getattr(module, "PUSH_SECRET", None)
    return key is not None and not account.value(module.NEEDS, key)
