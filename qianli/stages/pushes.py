"""What couriers and channels push: taken raw, and read afterwards; cut off between the two, by the next run."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from models import CourierPush
from qianli.channels import connected as channels
from qianli.channels.live import Reports, Sorts
from qianli.couriers.connected import connect
from qianli.couriers.live import Pushes, Told
from qianli.errors import ConfigurationError, DatabaseUnavailable, NotFound, QianliError
from qianli.interfaces.accounts import Account, read_accounts
from qianli.interfaces.pushes import Push
from qianli.interfaces.wire import Wire
from qianli.settings import Settings, settings
from qianli.stages import channel_accounts, report_pushes
from qianli.stages.courier_visit import heard
from qianli.stages.unit import now, reading, writing
from qianli.store import pushes as store

logger = logging.getLogger(__name__)
BY = "courier"
UNREAD = 1
AT_A_TIME = 200
NOT_READ = "这条推送没有读成，原文已留存，请联系技术人员。"
SWITCHED_OFF = "这个账号已经停用或不会推送，没有读。"


@dataclass(frozen=True)
class _Pushing:
    """Who may push, by account code. A courier goes before a channel of the same name."""

    couriers: dict[str, Pushes]
    channels: dict[str, Reports]


def pushing(code: str) -> Pushes | Reports:
    """Who may push to this account; NotFound for one that is not on, or does not push."""
    found = _connected(settings())
    one = found.couriers.get(code) or found.channels.get(code)
    if one is None:
        raise NotFound("没有这个账号。")
    return one


def concerns_us(speaker: Pushes | Reports, push: Push) -> bool:
    """Whether an authentic push is kept: what people write to an official account is none of ours."""
    return not isinstance(speaker, Sorts) or speaker.concerns_us(push)


def _connected(current: Settings) -> _Pushing:
    """Those that push; made once for as long as these settings are in force."""
    global _kept  # noqa: PLW0603 - a push costs little more than its row
    kept = _kept
    if kept is None or kept[0] is not current:
        couriers = {code: one for code, one in _couriers(current) if isinstance(one, Pushes)}
        reporting = {code: one for code, one in _channels() if isinstance(one, Reports)}
        kept = _kept = (current, _Pushing(couriers, reporting))
    return kept[1]


def _couriers(current: Settings) -> Iterator[tuple[str, Any]]:
    for code, account in read_accounts(current.couriers).items():
        with suppress(ConfigurationError):  # one account that is not whole does not silence the others
            yield code, connect(account, Wire())


def _channels() -> Iterator[tuple[str, Any]]:
    for code, account in channel_accounts.read().items():
        with suppress(ConfigurationError):
            yield code, channels.REGISTRY.connect(account, channels.wire())


_kept: tuple[Settings, _Pushing] | None = None


def take(code: str, push: Push) -> None:
    """Store an authentic push as it came; nothing else happens to it now."""
    with writing(BY) as session:
        store.keep(session, account=code, content_type=push.content_type[:100], body=push.body, at=now())


def shards(_campaign_id: int = 0) -> list[int]:
    """One if anything is unread."""
    with reading() as session:
        return [UNREAD] if store.unread(session, after=0, most=1) else []


def run(shard_id: int = UNREAD, *, take_over: bool = False) -> None:  # noqa: ARG001 - read twice is read once
    """Read whatever is unread, some at a time."""
    last = 0
    while True:
        with reading() as session:
            some = store.unread(session, after=last, most=AT_A_TIME)
        if not some:
            return
        last = some[-1].key
        outcomes: dict[int, tuple[int, str]] = {}
        for code in sorted({push.account for push in some}):
            outcomes |= _read(code, [push for push in some if push.account == code])
        with writing(BY) as session:
            store.note_read(session, outcomes=outcomes, at=now())


def _read(code: str, some: Sequence[CourierPush]) -> dict[int, tuple[int, str]]:
    """Read the pushes to one account and write down what they say, all at once if nothing stands against it."""
    found = _connected(settings())
    courier, channel = found.couriers.get(code), found.channels.get(code)
    if courier is None and channel is not None:
        return report_pushes.read(code, channel, some)
    if courier is None:
        return {push.key: (0, SWITCHED_OFF) for push in some}
    account = read_accounts(settings().couriers)[code]
    read = {push.key: _told(courier, push) for push in some}
    if _heard(account, _together(list(read.values()))):
        return {id_: (len(told.said), _problem(told)) for id_, told in read.items()}
    # One of them is at fault: the others are not kept from us.
    return {
        id_: (len(told.said), _problem(told)) if _heard(account, told) else (0, NOT_READ) for id_, told in read.items()
    }


def _together(told: Sequence[Told]) -> Told:
    return Told(
        said=[said for one in told for said in one.said],
        ended=[number for one in told for number in one.ended],
        other_courier={number: other for one in told for number, other in one.other_courier.items()},
    )


def _heard(account: Account, told: Told) -> bool:
    """Write down what was said; False if that cannot be, which the log tells without what it was."""
    try:
        heard(told, account=account, by=BY)
    except DatabaseUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 - see _read
        logger.error("pushes to %s were not taken in: %s", account.code, type(error).__name__)  # noqa: TRY400 - names
        return False
    return True


def _told(courier: Pushes, push: CourierPush) -> Told:
    """What one says, and what of it could not be read."""
    try:
        return courier.read_push(Push(push.body, push.content_type))
    except QianliError as error:
        return Told(unread=[error.message])
    except Exception as error:  # noqa: BLE001 - whatever a courier sends, the next push is read
        logger.error("a push to %s was not read: %s", push.account, type(error).__name__)  # noqa: TRY400 - may hold names
        return Told(unread=[NOT_READ])


def _problem(told: Told) -> str:
    return "".join(sorted(set(told.unread)))
