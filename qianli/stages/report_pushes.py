"""What channels push: read, and written down with the messages it is about."""

import logging
from collections.abc import Sequence

from models import CourierPush
from qianli.channels.live import Delivery, Reports
from qianli.errors import DatabaseUnavailable, QianliError
from qianli.interfaces.pushes import Push
from qianli.stages.message_reports import heard

logger = logging.getLogger(__name__)
BY = "channel"
NOT_READ = "这条送达报告没有读成，原文已留存，请联系技术人员。"
#: Push id → how many reports it held, and what could not be read.
Outcomes = dict[int, tuple[int, str]]


def read(code: str, channel: Reports, some: Sequence[CourierPush]) -> Outcomes:
    """Read the pushes to one account and write down what they report, all at once if nothing stands against it."""
    told = {push.key: _told(channel, push) for push in some}
    together = [one for reports, _ in told.values() for one in reports]
    if _heard(code, together):
        return {id_: (len(reports), problem) for id_, (reports, problem) in told.items()}
    # One of them is at fault: the others are not kept from us.
    return {
        id_: (len(reports), problem) if _heard(code, reports) else (0, NOT_READ)
        for id_, (reports, problem) in told.items()
    }


def _told(channel: Reports, push: CourierPush) -> tuple[Sequence[Delivery], str]:
    try:
        return channel.read_push(Push(push.body, push.content_type)), ""
    except QianliError as error:
        return [], error.message
    except Exception as error:  # noqa: BLE001 - whatever a channel sends, the next push is read
        logger.error("a report to %s was not read: %s", push.account, type(error).__name__)  # noqa: TRY400 - may hold names
        return [], NOT_READ


def _heard(code: str, reports: Sequence[Delivery]) -> bool:
    """Write down what was reported; False if that cannot be, which the log tells without what it was."""
    try:
        heard(code, reports, by=BY)
    except DatabaseUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 - see read
        logger.error("reports to %s were not taken in: %s", code, type(error).__name__)  # noqa: TRY400 - names
        return False
    return True
