"""Our accounts with channels of messages: which are on, what is missing, what each can do."""

from qianli.channels.connected import CHANNEL, REGISTRY
from qianli.channels.live import Finds, Reports, Sends
from qianli.interfaces.accounts import Account, read_accounts
from qianli.settings import settings
from qianli.stages.interface_accounts import Accounts

ABILITIES = {Sends: "发送", Finds: "查发送记录", Reports: "收送达报告"}


def read() -> dict[str, Account]:
    """Every account in settings by code, complete or not."""
    return read_accounts(settings().channels, named=CHANNEL)


ACCOUNTS = Accounts(REGISTRY, read, ABILITIES, Reports)
usable, overview = ACCOUNTS.usable, ACCOUNTS.overview
