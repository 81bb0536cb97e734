"""Our accounts with couriers: which are on, what is missing, what each can do."""

from qianli.couriers.connected import REGISTRY
from qianli.couriers.live import Books, Pushes, Redirects, Subscribes, Tracks
from qianli.interfaces.accounts import Account, read_accounts
from qianli.settings import settings
from qianli.stages.interface_accounts import Accounts

ABILITIES = {Books: "下单", Redirects: "改地址", Tracks: "查轨迹", Subscribes: "订阅", Pushes: "收推送"}
NONE = "没有接通快递公司的接口，运单号和轨迹用表格往来。"


def _read() -> dict[str, Account]:
    return read_accounts(settings().couriers)


ACCOUNTS = Accounts(REGISTRY, _read, ABILITIES, Pushes)
usable, overview = ACCOUNTS.usable, ACCOUNTS.overview


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
