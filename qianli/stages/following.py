"""Parcels are followed: due ones are asked about, an account a shard, with no transaction open during a call."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from qianli.campaigns.asking import LEAST_APART, next_question
from qianli.couriers.accounts import Account, read_accounts
from qianli.couriers.connected import Connection, connect, connections
from qianli.couriers.live import Asked, Said, Subscribes, Told, Tracks
from qianli.couriers.registry import COURIERS
from qianli.couriers.wire import Wire
from qianli.errors import ConfigurationError, CourierUnavailable, QianliError
from qianli.settings import settings
from qianli.stages.saying import record
from qianli.stages.unit import SYSTEM, now, reading, writing
from qianli.store import following as store
from qianli.store.following import Due

logger = logging.getLogger(__name__)
BY = "courier"
AT_A_TIME = 100  # parcels claimed, asked about and written down together
LONGEST_RUN = timedelta(minutes=25)  # the next run begins after thirty
PATIENCE = 3  # calls in a row that fail before an account is left alone until the next run
TRACKER_CHECKED = timedelta(days=1)  # how often a parcel that a tracker follows for us is asked about all the same


def shards(_campaign_id: int = 0) -> list[int]:
    """The accounts with parcels to ask about, by their position among those that are on."""
    found = _followers()
    with writing(SYSTEM) as session:
        for connection, couriers in found:
            store.enrol(session, account=connection.account.code, couriers=couriers, at=now())
    with reading() as session:
        codes = [connection.account.code for connection, _ in found]
        return [place for place, code in enumerate(codes, 1) if store.is_due(session, account=code, at=now())]


def run(shard_id: int, *, take_over: bool = False) -> None:  # noqa: ARG001 - what is claimed is asked once, by anybody
    """Ask about everything that is due with one account. A call that fails never stops the rest."""
    found = _followers()
    if not 0 < shard_id <= len(found):
        return
    account = found[shard_id - 1][0].account
    courier, failed, ends_at = connect(account, Wire()), 0, now() + LONGEST_RUN
    while failed < PATIENCE and now() < ends_at:
        at = now()
        with writing(SYSTEM) as session:
            due = store.claim(session, account=account.code, at=at, until=at + LEAST_APART, most=AT_A_TIME)
        if not due:
            return
        failed = _ask(courier, account, due, failed)


def heard(told: Told, *, account: Account, by: str = BY) -> None:
    """What an answer or a push held: things said, numbers a tracker gave up, couriers it corrected."""
    if told.said:
        record(told.said, account=account, by=by)
    if told.ended or told.other_courier:
        with writing(by) as session:
            store.unsubscribed(session, account=account.code, numbers=told.ended, until=now() + LEAST_APART)
            store.correct(session, account=account.code, couriers=told.other_courier)
    if told.unread:
        logger.warning("%s: %d entries could not be read", account.code, len(told.unread))


def _followers() -> list[tuple[Connection, list[str]]]:
    """Accounts that answer or follow, with the couriers whose parcels each is asked about: trackers for the rest."""
    usable = [one for one in connections(read_accounts(settings().couriers)) if one.is_on and _follows(one)]
    own: dict[str, Connection] = {}
    for one in usable:
        if not one.is_third_party:
            own.setdefault(one.account.courier, one)
    rest = [code for code in COURIERS if code not in own]
    trackers = [(one, rest) for one in usable if one.is_third_party][:1]
    return [*((one, [courier]) for courier, one in own.items()), *trackers]


def _follows(connection: Connection) -> bool:
    """Whether it answers or follows; an account that a person has to mend does not stop the others."""
    try:
        return isinstance(connect(connection.account, Wire()), (Tracks, Subscribes))
    except ConfigurationError as error:
        logger.warning("%s cannot be asked: %s", connection.account.code, error.message)
        return False


def _ask(courier: Any, account: Account, due: Sequence[Due], failed: int) -> int:
    """Ask about these, write down the answers and when to ask next; the answer is how many calls failed last."""
    answered: list[Due] = []
    told: list[Told] = []
    subscribed: list[Due] = []

    def subscribe(some: Sequence[Due]) -> None:
        courier.subscribe(_asked(some[0]), f"{settings().public_url}/hooks/{account.code}")
        subscribed.extend(some)

    def track(some: Sequence[Due]) -> None:
        told.append(courier.track([_asked(one) for one in some]))
        answered.extend(some)

    new = [one for one in due if not one.is_subscribed] if _may_subscribe(courier) else []
    calls: list[tuple[Callable[[Sequence[Due]], None], Sequence[Due]]] = [(subscribe, [one]) for one in new]
    if isinstance(courier, Tracks):
        rest = [one for one in due if one not in new]
        size = courier.most_asked
        calls += [(track, rest[start : start + size]) for start in range(0, len(rest), size)]
    try:
        for call, some in calls:
            if failed == PATIENCE:
                break
            failed = 0 if _done(call, some, account) else failed + 1
    finally:  # what was answered before an account turned out to be wrong is not asked again
        _write_down(account, told, [*answered, *subscribed], subscribed)
    return failed


def _may_subscribe(courier: Any) -> bool:
    return isinstance(courier, Subscribes) and bool(settings().public_url)


def _done(call: Callable[[Sequence[Due]], None], some: Sequence[Due], account: Account) -> bool:
    try:
        call(some)
    except ConfigurationError:
        raise  # a person has to mend the account first
    except QianliError as error:
        logger.warning("%s: %d parcels could not be asked about: %s", account.code, len(some), type(error).__name__)
        return not isinstance(error, CourierUnavailable)
    return True


def _write_down(account: Account, told: Sequence[Told], answered: Sequence[Due], subscribed: Sequence[Due]) -> None:
    said: list[Said] = [one for each in told for one in each.said]
    ended = [one for each in told for one in each.ended]
    corrected = {number: code for each in told for number, code in each.other_courier.items()}
    heard(Told(said, [one for each in told for one in each.unread], ended, corrected), account=account)
    at = now().astimezone(ZoneInfo(settings().time_zone))
    followed = {one.parcel_id for one in [*subscribed, *(one for one in answered if one.is_subscribed)]}
    with writing(SYSTEM) as session:
        known = store.known(session, parcel_ids=[one.parcel_id for one in answered if one.waybill_number not in ended])
        store.plan(session, next_at={
            parcel: at + TRACKER_CHECKED
            if parcel in followed
            else next_question(one.tracking, news_at=one.news_at, asked_at=at)
            for parcel, one in known.items()
        })  # fmt: skip
        store.subscribed(session, parcel_ids=[one.parcel_id for one in subscribed], at=at)


def _asked(due: Due) -> Asked:
    return Asked(due.waybill_number, due.courier, (due.phone or "")[-4:])
