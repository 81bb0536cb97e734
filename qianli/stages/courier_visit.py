"""One run of questions to one account: within its limits and the time there is, each answer written down."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from qianli.campaigns.asking import LEAST_APART, next_question
from qianli.couriers.live import Asked, Subscribes, Told, Tracks
from qianli.errors import ConfigurationError, InterfaceUnavailable, QianliError, QuotaUsedUp, UnreadableAnswer
from qianli.interfaces.accounts import Account
from qianli.settings import settings
from qianli.stages.saying import record
from qianli.stages.unit import SYSTEM, local, now, writing
from qianli.store import following as store
from qianli.store.following import Due

logger = logging.getLogger(__name__)
BY = "courier"
PATIENCE = 3  # calls in a row that fail before an account is left alone until the next run
TRACKER_CHECKED = timedelta(days=1)  # how often a parcel that a tracker follows for us is asked about all the same


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


def may_subscribe(courier: Any) -> bool:
    """Whether it follows parcels for us; it has to know where to push to."""
    return isinstance(courier, Subscribes) and bool(settings().public_url)


@dataclass
class _Answers:
    told: list[Told] = field(default_factory=list)
    answered: list[Due] = field(default_factory=list)
    subscribed: list[Due] = field(default_factory=list)

    def whole(self) -> Told:
        """All of it as one."""
        corrected = {number: code for each in self.told for number, code in each.other_courier.items()}
        return Told(
            [one for each in self.told for one in each.said],
            [one for each in self.told for one in each.unread],
            [one for each in self.told for one in each.ended],
            corrected,
        )


@dataclass
class Visit:
    """A run of questions. A call that fails never stops the rest, but an account that keeps failing is left alone."""

    account: Account
    courier: Any
    ends_at: datetime
    failed: int = 0
    used_up: bool = False

    def is_over(self) -> bool:
        """Whether it failed too often, may not be called any more today, or the time is up."""
        return self.used_up or self.failed == PATIENCE or now() >= self.ends_at

    def ask(self, due: Sequence[Due]) -> None:
        """Ask about these, write down the answers and when to ask next; those it did not come to stay due."""
        answers = _Answers()
        left = {one.parcel_id: one.due_at for one in due}
        try:
            for call, some in self._calls(due, answers):
                if self.is_over() or not self._called(call, some, answers):
                    break
                for one in some:
                    del left[one.parcel_id]
        finally:  # what was answered before an account turned out to be wrong is not asked again
            self._write_down(answers, left)

    def _calls(self, due: Sequence[Due], answers: _Answers) -> Iterator[tuple[Callable[[], None], Sequence[Due]]]:
        new = [one for one in due if not one.is_subscribed] if may_subscribe(self.courier) else []
        for one in new:
            yield partial(self._subscribe, one, answers), [one]
        if isinstance(self.courier, Tracks):
            rest, size = [one for one in due if one not in new], self.courier.most_asked
            for start in range(0, len(rest), size):
                some = rest[start : start + size]
                yield partial(self._track, some, answers), some

    def _subscribe(self, one: Due, answers: _Answers) -> None:
        self.courier.subscribe(_asked(one), f"{settings().public_url}/hooks/{self.account.code}")
        answers.subscribed.append(one)

    def _track(self, some: Sequence[Due], answers: _Answers) -> None:
        answers.told.append(self.courier.track([_asked(one) for one in some]))
        answers.answered.extend(some)

    def _called(self, call: Callable[[], None], some: Sequence[Due], answers: _Answers) -> bool:
        """Make a call; False if today's are used up, so that nothing was asked."""
        try:
            call()
        except QuotaUsedUp:
            self.used_up = True
            return False
        except ConfigurationError:
            raise  # a person has to mend the account first
        except QianliError as error:
            self._failed(error, some, answers)
        else:
            self.failed = 0
        return True

    def _failed(self, error: QianliError, some: Sequence[Due], answers: _Answers) -> None:
        """A fault passes, and is asked again in half an hour; what cannot be answered is asked again like the rest."""
        passes = isinstance(error, InterfaceUnavailable)
        self.failed = self.failed + 1 if passes else 0
        if isinstance(error, UnreadableAnswer):
            answers.answered.extend(some)
        name = type(error).__name__
        logger.warning("%s: %d parcels could not be asked about: %s", self.account.code, len(some), name)

    def _write_down(self, answers: _Answers, left: dict[int, datetime]) -> None:
        told = answers.whole()
        heard(told, account=self.account)
        at = local(now())
        ours = [one.parcel_id for one in answers.subscribed]
        followed = {*ours, *(one.parcel_id for one in answers.answered if one.is_subscribed)}
        asked = [one for one in [*answers.answered, *answers.subscribed] if one.waybill_number not in told.ended]
        with writing(SYSTEM) as session:
            known = store.known(session, parcel_ids=[one.parcel_id for one in asked])
            store.plan(session, next_at=left | {
                parcel: at + TRACKER_CHECKED
                if parcel in followed
                else next_question(one.tracking, news_at=one.news_at, asked_at=at)
                for parcel, one in known.items()
            })  # fmt: skip
            store.subscribed(session, parcel_ids=ours, at=at)


def _asked(due: Due) -> Asked:
    return Asked(due.waybill_number, due.courier, (due.phone or "")[-4:])
