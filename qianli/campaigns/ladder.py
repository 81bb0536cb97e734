"""The ladder: what is done for a member who has the parcel or the message, by what is heard, and says nothing.

Steps count from the delivery. It ends the moment the member speaks, and nobody is on it who asked to be left alone.
After a standstill several steps may be due at once: of messages only the last goes, calls and cases are all made.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from models import FollowUpDo
from qianli.campaigns.calendar_days import Calendar
from qianli.campaigns.sending import Hours, Rules, next_moment
from qianli.definitions import Definition, Number

CALL_AFTER_DAYS = 3
MOST_STEPS = 8
MOST_DAYS = 90
HOURS_OF_A_DAY = 24
LONGEST_WORDS = 100
D = FollowUpDo
Days = Annotated[int, Number, Field(ge=0, le=MOST_DAYS)]
Hour = Annotated[int, Number, Field(ge=0, le=HOURS_OF_A_DAY)]
WORDS = {D.message: "发消息", D.call: "打电话", D.case: "列为问题，由党组织联系"}


class Rung(Definition):
    """One step: so many days, or working days, after delivery.

    `text` is a message's code, or what the caller says; a message may be kept to hours narrower than the usual ones.
    """

    after_days: Days | None = None
    after_working_days: Days | None = None
    do: FollowUpDo
    text: str = Field("", max_length=LONGEST_WORDS)
    from_hour: Hour | None = None
    until_hour: Hour | None = None

    @model_validator(mode="after")
    def _one_count_of_days(self) -> Self:
        if self.after_days is not None and self.after_working_days is not None:
            raise ValueError("after_days 和 after_working_days 只写一个")
        if self.do is not D.case and self.days is None:
            raise ValueError("要写明送达后几天（after_days），或者几个工作日（after_working_days）")
        return self

    @model_validator(mode="after")
    def _only_what_the_step_uses(self) -> Self:
        if self.do is D.case and self.text:
            raise ValueError("列为问题的一步不写 text")
        if self.do is not D.message and (self.from_hour is not None or self.until_hour is not None):
            raise ValueError("from_hour、until_hour 只用于发消息的一步")
        if self.from_hour is not None and self.until_hour is not None and self.from_hour >= self.until_hour:
            raise ValueError("from_hour 要早于 until_hour")
        return self

    @property
    def days(self) -> int | None:
        """How many days of either kind."""
        return self.after_days if self.after_days is not None else self.after_working_days

    @property
    def in_working_days(self) -> bool:
        """Whether days off do not count; a message then goes on working days only."""
        return self.after_working_days is not None

    def hours(self, usual: Hours) -> Hours:
        """The usual hours, or what is left of them."""
        return narrowed(usual, self.from_hour, self.until_hour)

    def since(self, delivered_at: datetime, calendar: Calendar) -> datetime:
        """When it is due; `delivered_at` by the local clock."""
        days = self.days or 0
        if not self.in_working_days:
            return delivered_at + timedelta(days=days)
        return datetime.combine(calendar.add_working_days(delivered_at.date(), days).day, delivered_at.timetz())


def narrowed(usual: Hours, from_hour: int | None, until_hour: int | None) -> Hours:
    """What of the usual hours lies within others; the usual ones where nothing would be left."""
    found = Hours(
        max(usual.from_hour, usual.from_hour if from_hour is None else from_hour),
        min(usual.until_hour, usual.until_hour if until_hour is None else until_hour),
    )
    return found if found.from_hour < found.until_hour else usual


def check_ladder(rungs: Sequence[Rung]) -> None:
    """ValueError where the steps are in no order that can be climbed."""
    for before, after in pairwise(rungs):
        if before.do is D.case:
            raise ValueError("列为问题（case）是最后一步，后面不能再有")
        if before.days is not None and after.days is not None and after.days < before.days:
            raise ValueError("各步要按送达后的天数从小到大写")


def as_written(rungs: Iterable[Rung]) -> list[dict[str, Any]]:
    """The steps as they are kept."""
    return [one.model_dump(mode="json", exclude_defaults=True) for one in rungs]


def ladder(written: Iterable[Mapping[str, Any]], *, case_after_days: int) -> tuple[Rung, ...]:
    """The ladder of a campaign. Without one: a call after three days; a case comes last whatever is written."""
    rungs = [Rung.model_validate(one) for one in written] or [Rung(after_days=CALL_AFTER_DAYS, do=D.call)]
    last = rungs.pop() if rungs[-1].do is D.case else Rung(do=D.case)
    return (*rungs, last if last.days is not None else Rung(after_days=case_after_days, do=D.case))


@dataclass(frozen=True)
class Silence:
    """A member of whom nothing was heard. Moments are by the local clock.

    `taken` are the steps done; `had` when messages of any campaign were asked for or wait to be; `in_hand`: a case of
    theirs is open, so that somebody speaks with them anyway.
    """

    delivered_at: datetime
    taken: Mapping[int, datetime] = field(default_factory=dict)
    had: Sequence[datetime] = ()
    spoke: bool = False
    may_be_told: bool = True
    in_hand: bool = False


@dataclass(frozen=True)
class Taken:
    """A step to take now: its place, what it does, and for a message when it goes."""

    step: int
    rung: Rung
    at: datetime
    passed_over: bool = False


def due(rungs: Sequence[Rung], one: Silence, *, at: datetime, rules: Rules, calendar: Calendar) -> tuple[Taken, ...]:
    """What is to be done now, by step. A message the week has no room for today waits for another day."""
    if one.spoke or not one.may_be_told:
        return ()
    reached = [
        (step, rung) for step, rung in enumerate(rungs, 1)
        if step not in one.taken and rung.since(one.delivered_at, calendar) <= at
    ]  # fmt: skip
    found = [
        Taken(step, rung, at) for step, rung in reached
        if rung.do is D.call or (rung.do is D.case and not one.in_hand)
    ]  # fmt: skip
    if not one.in_hand:
        found += _messages([each for each in reached if each[1].do is D.message], one, at, rules, calendar)
    return tuple(sorted(found, key=lambda each: each.step))


def _messages(
    reached: list[tuple[int, Rung]], one: Silence, at: datetime, rules: Rules, calendar: Calendar
) -> list[Taken]:
    if not reached:
        return []
    step, rung = reached[-1]
    over = [Taken(earlier, each, at, passed_over=True) for earlier, each in reached[:-1]]
    if any(later > step for later in one.taken):
        return [*over, Taken(step, rung, at, passed_over=True)]  # by now they are being called
    moment = next_moment(
        at,
        Rules(rung.hours(rules.hours), rules.per_week),
        before=one.had,
        working_days=calendar if rung.in_working_days else None,
    )
    return [*over, Taken(step, rung, moment)] if moment.date() == at.date() else over


def timetable(
    rungs: Sequence[Rung], delivered_at: datetime, *, rules: Rules, calendar: Calendar
) -> list[tuple[Rung, datetime]]:
    """When each step would come for somebody who never speaks and hears of nothing else."""
    had: list[datetime] = []
    found = []
    for rung in rungs:
        moment = rung.since(delivered_at, calendar)
        if rung.do is D.message:
            own = Rules(rung.hours(rules.hours), rules.per_week)
            moment = next_moment(moment, own, before=had, working_days=calendar if rung.in_working_days else None)
            had.append(moment)
        found.append((rung, moment))
    return found
