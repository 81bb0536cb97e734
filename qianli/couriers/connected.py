"""The couriers with an interface of their own: a line each. Their accounts come from settings."""

from types import ModuleType

from qianli.couriers import china_post, kuaidi100, sf, words
from qianli.couriers.live import Books
from qianli.errors import ConfigurationError
from qianli.interfaces.accounts import Account
from qianli.interfaces.connected import Registry
from qianli.interfaces.wire import Wire

#: Courier code → module with `NAME`, `NEEDS`, `LIMITS`, `connect(account, wire)`; `is_known(code)` if it tracks,
#: `PUSH_SECRET` if pushes need an optional value, `THIRD_PARTY` and `DATA` (what it is told) if it is one.
MODULES: dict[str, ModuleType] = {"china_post": china_post, "kuaidi100": kuaidi100, "sf": sf}


REGISTRY = Registry(MODULES, "QIANLI_COURIERS", "快递")
connections, connect = REGISTRY.connections, REGISTRY.connect


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
