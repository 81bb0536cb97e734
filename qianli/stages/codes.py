"""Confirmation codes with this installation's keys, and the limit on trying codes that do not exist."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import Session

from qianli.errors import ConfigurationError, TooManyTries
from qianli.receipts import codes
from qianli.settings import settings
from qianli.stages.unit import SYSTEM, now, reading, writing
from qianli.store import consignments, failed_codes

WINDOW = timedelta(minutes=10)


def keys() -> dict[str, bytes]:
    """Every key codes may have been made with, by its id, the current one first."""
    found = settings()
    secrets = {found.secret_id: found.secret} | {
        name: secret for name, secret in found.old_secrets.items() if name != found.secret_id
    }
    return {name: secret.get_secret_value().encode() for name, secret in secrets.items()}


def key(key_id: str) -> bytes:
    """One key; papers that are made again need the one their codes were made with."""
    try:
        return keys()[key_id]
    except KeyError as error:
        raise ConfigurationError(f"找不到确认码密钥“{key_id}”，请把它加入 QIANLI_OLD_SECRETS。") from error


def look_up_hashes(code: str) -> list[str]:
    """What a code would be stored as, under each key."""
    return [codes.look_up_hash(secret, code) for secret in keys().values()]


def give_codes(session: Session, *, consignment_ids: Iterable[int]) -> None:
    """The look-up hash of each consignment's confirmation code, where there is none yet; the code is never stored."""
    key_id = settings().secret_id
    secret = key(key_id)
    found = consignments.without_code(session, ids=consignment_ids)
    rows = [
        {
            "id": id_,
            "code_hash": codes.look_up_hash(secret, codes.make_code(secret, id_, generation)),
            "code_key_id": key_id,
        }
        for id_, generation in found.items()
    ]
    consignments.set_codes(session, rows=rows)


def count_failure(address: str) -> None:
    """Count one failed code of this network address; TooManyTries once it has had its share."""
    hashed, at = codes.address_hash(_current_key(), address), now()
    with reading() as session:  # a flood of failures is refused without ever taking the write lock
        _refuse_beyond_limit(failed_codes.counts(session, address_hash=hashed, since=at - WINDOW), at)
    with writing(SYSTEM) as session:
        _refuse_beyond_limit(failed_codes.counts(session, address_hash=hashed, since=at - WINDOW), at)
        failed_codes.forget(session, before=at - WINDOW)
        failed_codes.count_one(session, address_hash=hashed, window_at=at.replace(second=0, microsecond=0))


def refuse_over_limit(address: str) -> None:
    """TooManyTries if this network address had its share of failures; nothing is counted."""
    hashed, at = codes.address_hash(_current_key(), address), now()
    with reading() as session:
        _refuse_beyond_limit(failed_codes.counts(session, address_hash=hashed, since=at - WINDOW), at)


def _current_key() -> bytes:
    return settings().secret.get_secret_value().encode()


def _refuse_beyond_limit(counts: list[tuple[datetime, int]], at: datetime) -> None:
    left, limit = sum(count for _, count in counts), settings().failed_codes_per_10_min
    for window_at, count in counts:
        if left < limit:
            return
        left -= count
        if left < limit:
            wait = window_at + WINDOW - at
            raise TooManyTries("输错的次数太多了，请过几分钟再试。", wait_s=max(1, round(wait.total_seconds())))
