"""Our contracts with couriers and channels: an account by code, its secrets from settings."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import SecretStr

COURIER = "courier"


@dataclass(frozen=True)
class Need:
    """A value an account must or may have; `label` is what its provider calls it."""

    key: str
    label: str
    default: str | None = None

    @property
    def is_optional(self) -> bool:
        """Whether the account works without it."""
        return self.default is not None


@dataclass(frozen=True)
class Account:
    """A contract of ours with one provider, whose interface `module` speaks. Never printed: its values are secrets."""

    code: str
    module: str
    values: Mapping[str, SecretStr]

    def missing(self, needs: tuple[Need, ...]) -> list[Need]:
        """What the account needs and settings do not give."""
        return [need for need in needs if not need.is_optional and not self._given(need.key)]

    def value(self, needs: tuple[Need, ...], key: str) -> str:
        """A value of the account, or its default."""
        default = next(need.default for need in needs if need.key == key)
        return self._given(key) or default or ""

    def further(self, key: str) -> str:
        """A value whose name is not known beforehand, such as the template of one text; empty if there is none."""
        return self._given(key)

    def _given(self, key: str) -> str:
        secret = self.values.get(key)
        return secret.get_secret_value().strip() if secret else ""


def read_accounts(written: Mapping[str, Mapping[str, SecretStr]], *, named: str = COURIER) -> dict[str, Account]:
    """The accounts in settings; an account's code is its module's, unless its own value `named` says otherwise."""
    found = {}
    for code, values in written.items():
        said = values.get(named)
        module = said.get_secret_value() if said else code
        found[code] = Account(code, module, {key: value for key, value in values.items() if key != named})
    return found
