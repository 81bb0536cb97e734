"""Parcels are followed: due ones are asked about, an account a shard, with no transaction open during a call."""

import logging
from collections.abc import Callable
from datetime import timedelta

from sqlmodel import Session

from qianli.campaigns.asking import LEAST_APART
from qianli.couriers.connected import connect
from qianli.couriers.live import Tracks
from qianli.couriers.registry import COURIERS
from qianli.errors import ConfigurationError
from qianli.interfaces.connected import Connection
from qianli.interfaces.wire import Acquire, Wire
from qianli.stages import call_limits, courier_accounts
from qianli.stages.courier_visit import Visit, may_subscribe
from qianli.stages.third_parties import campaigns_asked_of
from qianli.stages.unit import SYSTEM, now, reading, writing
from qianli.store import following as store

logger = logging.getLogger(__name__)
AT_A_TIME = 100  # parcels claimed, asked about and written down together
LONGEST_RUN = timedelta(minutes=20)  # the next run begins after thirty; what is left then is due in it


def shards(_campaign_id: int = 0) -> list[int]:
    """The accounts with parcels to ask about, by their position among those that are on."""
    found = _followers()
    with writing(SYSTEM) as session:
        for connection, couriers in found:
            code, of = connection.account.code, campaigns_asked_of(session, connection)
            store.enrol(session, account=code, couriers=couriers, at=now(), campaigns=of)
    with reading() as session:
        return [place for place, (connection, _) in enumerate(found, 1) if _is_due(session, connection)]


def run(
    shard_id: int,
    *,
    take_over: bool = False,  # noqa: ARG001 - what is claimed is asked once, by anybody
    acquire: Callable[[str], Acquire] = call_limits.acquire,
) -> None:
    """Ask about everything that is due with one account, within its limits and the time there is."""
    found = _followers()
    if not 0 < shard_id <= len(found):
        return
    connection = found[shard_id - 1][0]
    account, only_new = connection.account, not _answers(connection)
    visit = Visit(account, connect(account, Wire(acquire=acquire(account.code))), now() + LONGEST_RUN)
    while not visit.is_over():
        at = now()
        with writing(SYSTEM) as session:
            due = store.claim(
                session, account=account.code, at=at, until=at + LEAST_APART, most=AT_A_TIME, only_new=only_new,
                campaigns=campaigns_asked_of(session, connection),
            )  # fmt: skip
        if not due:
            return
        visit.ask(due)


def _is_due(session: Session, connection: Connection) -> bool:
    only_new, of = not _answers(connection), campaigns_asked_of(session, connection)
    return store.is_due(session, account=connection.account.code, at=now(), only_new=only_new, campaigns=of)


def _followers() -> list[tuple[Connection, list[str]]]:
    """Accounts that answer or follow, with the couriers whose parcels each is asked about: trackers for the rest."""
    usable = [one for one in courier_accounts.usable() if _follows(one)]
    own: dict[str, Connection] = {}
    for one in usable:
        if not one.is_third_party:
            own.setdefault(one.account.module, one)
    rest = [code for code in COURIERS if code not in own]
    trackers = [(one, rest) for one in usable if one.is_third_party][:1]
    return [*((one, [courier]) for courier, one in own.items()), *trackers]


def _follows(connection: Connection) -> bool:
    """Whether it answers or follows; an account that a person has to mend does not stop the others."""
    try:
        return _answers(connection) or may_subscribe(connect(connection.account, Wire()))
    except ConfigurationError as error:
        logger.warning("%s cannot be asked: %s", connection.account.code, error.message)
        return False


def _answers(connection: Connection) -> bool:
    """Whether it can be asked; one that only pushes what it learns is given each parcel once."""
    return isinstance(connect(connection.account, Wire()), Tracks)
