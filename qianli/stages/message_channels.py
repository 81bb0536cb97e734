"""The channels a campaign's messages may go through: those its definition names, and what is said of them before."""

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

from models import Campaign
from qianli.channels.connected import MODULES
from qianli.channels.live import To
from qianli.errors import BadInput
from qianli.interfaces.connected import Connection
from qianli.stages import channel_accounts
from qianli.store.messages import BY_HAND

NAME_BY_HAND = "人工发送"
PRICE = "price"
NOT_ON = "活动写明可以用消息渠道“{code}”，但接口没有接通，它的消息会一直等着；请管理员接通接口。"
COSTS = "给 {people} 人每人发一条，{name}约 {yuan} 元（每条 {price} 元），没有算在预计费用里。"
NO_PRICE = "{name}（{code}）的单价写得不对，请写每条多少元，如 0.045；发消息要花多少钱没有算出来。"


def refuse_strange(named: Sequence[str]) -> None:
    """BadInput for a name that is none: nothing would ever be sent, and nobody would notice."""
    known = [BY_HAND, *dict.fromkeys([*channel_accounts.read(), *MODULES])]
    if strange := [code for code in named if code not in known]:
        raise BadInput(f"messages 里的“{'、'.join(strange)}”不是消息渠道的账号；可以写：{'、'.join(known)}。")


def offered() -> dict[str, tuple[str, str]]:
    """Accounts that a campaign could name, and by hand: code → name, and whom its data would go to."""
    found = {one.account.code: (_name(one), _data(one)) for one in channel_accounts.usable()}
    return {**found, BY_HAND: (NAME_BY_HAND, "")}


def data_goes_to(campaign: Campaign) -> list[tuple[str, str]]:
    """Name and data of each third party that messages of this campaign go through."""
    return list(dict.fromkeys((one.name, _data(one)) for one in _named(campaign) if one.is_third_party))


def warnings(campaign: Campaign) -> list[str]:
    """Channels that are named and not on."""
    on = {BY_HAND, *(one.account.code for one in _named(campaign))}
    return [NOT_ON.format(code=code) for code in campaign.messages if code not in on]


def for_members(campaign: Campaign) -> str:
    """The account that a campaign's messages to single members go through: the first it names that is on, or by hand.

    A group's robot reaches nobody alone.
    """
    alone = {one.account.code for one in _named(campaign) if MODULES[one.account.module].TO is not To.group}
    return next((code for code in campaign.messages if code in {BY_HAND, *alone}), BY_HAND)


def known_by(campaign: Campaign) -> To:
    """What that account knows members by; a person who sends by hand knows the telephone."""
    code = for_members(campaign)
    return next((MODULES[one.account.module].TO for one in _named(campaign) if one.account.code == code), To.phone)


def costs(campaign: Campaign, *, people: int) -> list[str]:
    """What a message to each would cost, where an account says its price."""
    return [said for one in _named(campaign) if (said := _cost(one, people))]


def _cost(one: Connection, people: int) -> str:
    written = one.account.further(PRICE)
    if not written:
        return ""
    try:
        price = Decimal(written)
    except InvalidOperation:
        price = Decimal(-1)
    if not price.is_finite() or price < 0:
        return NO_PRICE.format(name=one.name, code=one.account.code)
    return COSTS.format(
        people=people, name=one.name, price=price.normalize().to_eng_string(), yuan=f"{people * price:,.2f}"
    )


def _named(campaign: Campaign) -> Iterator[Connection]:
    on = {one.account.code: one for one in channel_accounts.usable()} if campaign.messages else {}
    return (on[code] for code in campaign.messages if code in on)


def _name(one: Connection) -> str:
    return one.name if one.account.code == one.account.module else f"{one.name}（{one.account.code}）"


def _data(one: Connection) -> str:
    return str(MODULES[one.account.module].DATA) if one.is_third_party else ""
