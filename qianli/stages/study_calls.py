"""Calls about a programme: its month read out to those without a smartphone, and a word with who was silent for long.

A member is called about a month once. Who was silent is seen by their own branch alone, on the list of calls too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlmodel import Session

from models import CallEnd, CallPurpose, Member, Programme, Subject, TookPart
from qianli.ledger import phones
from qianli.ledger.out import Sheet, Value, write_table
from qianli.programmes.schedule import month_of
from qianli.programmes.words import words_to_say
from qianli.stages.exporting import write_file
from qianli.stages.study_links import within
from qianli.stages.study_months import month_items, standings
from qianli.stages.unit import day_of, now, reading, today, writing
from qianli.state_words import CALL_END
from qianli.store import journal, participation, phone_calls, study_calls, study_month
from qianli.store.study_calls import Last

COLUMNS = ("编号", "姓名", "电话", "上次", "本人说的")
SOURCE = "电话送学"
TO_READ = (
    "{month}的学习内容请念给本人听，全文在“学习栏目”页。念过的点“已告知”；本人说学过了、一起学了的，点“参加了学习”。"
)
SILENT = (
    "很久没有参加学习：先问近况，再问学习上有没有难处，愿意的把{month}的内容讲一讲。"
    "说过话的点“已告知”；本人说学过了、一起学了的，点“参加了学习”。"
)


@dataclass(frozen=True)
class ToCall:
    """A member to be called about the programme; `noted`: what came of the last call, empty if there was none."""

    member: int
    name: str
    phone: str | None
    noted: str = ""


@dataclass(frozen=True)
class Spoken:
    """An item to be read out."""

    column: str
    title: str
    words: str


@dataclass(frozen=True)
class StudyCalls:
    """Who has no smartphone, and what to read to them."""

    people: list[ToCall]
    items: list[Spoken]


def silent(code: str, organisation: str) -> list[ToCall]:
    """Who of one branch has been silent for long, as calls to make: of this very branch, and nobody below it."""
    with reading() as session:
        return silent_of(session, *within(session, code, organisation))


def silent_of(session: Session, programme: Programme, branch_id: int) -> list[ToCall]:
    """The same of the branch with this id."""
    return _to_call(session, programme, _silent(session, programme, branch_id))


def _silent(session: Session, programme: Programme, branch_id: int) -> list[Member]:
    ids = [
        one.member_id
        for one in standings(session, programme, *month_of(today()))
        if one.organisation_id == branch_id and one.is_silent(today())
    ]
    return study_month.by_ids_to_call(session, ids=ids)


def calls(code: str, month: date, organisation: str) -> StudyCalls:
    """Who of an organisation and below has no smartphone, and the month's items as words to read out."""
    with reading() as session:
        programme, root_id = within(session, code, organisation)
        return calls_of(session, programme, month, root_id)


def calls_of(session: Session, programme: Programme, month: date, root_id: int) -> StudyCalls:
    """The same of the organisation with this id."""
    people = study_month.without_smartphone(session, organisation_id=root_id)
    items = month_items(session, programme, month)
    return StudyCalls(
        _to_call(session, programme, people), [Spoken(one.column, one.title, words_to_say(one)) for one in items]
    )


def _to_call(session: Session, programme: Programme, people: Sequence[Member]) -> list[ToCall]:
    last = study_calls.last(session, programme_id=programme.key, member_ids=[one.key for one in people])
    return [ToCall(one.key, one.name, one.phone, _noted(last.get(one.key))) for one in people]


def _noted(call: Last | None) -> str:
    """What came of the last call, with its day."""
    if call is None:
        return ""
    if call.ended_at is not None and call.outcome is not None:
        return f"{day_of(call.ended_at)}：{CALL_END[call.outcome]}"
    return f"{day_of(call.tried_at)}：没人接" if call.tried_at else "已列入电话名单"


def list_silent(code: str, organisation: str, *, by: str) -> int:
    """Put who has been silent for long on the one list of calls; the answer is how many were not on it this month."""
    with writing(by) as session:
        return list_silent_of(session, *within(session, code, organisation))


def list_silent_of(session: Session, programme: Programme, branch_id: int) -> int:
    """The same of the branch with this id."""
    people = _silent(session, programme, branch_id)
    return _list(session, programme, today(), people, SILENT, branch_only=True)


def list_calls(code: str, month: date, organisation: str, *, by: str) -> int:
    """Put who has no smartphone and no reader of the month on the one list of calls; how many that is new for."""
    with writing(by) as session:
        programme, root_id = within(session, code, organisation)
        return list_calls_of(session, programme, month, root_id)


def list_calls_of(session: Session, programme: Programme, month: date, root_id: int) -> int:
    """The same of the organisation with this id."""
    printed = study_month.printed(session, programme_id=programme.key, month=month_of(month)[0])
    people = [one for one in study_month.without_smartphone(session, organisation_id=root_id) if one.key not in printed]
    return _list(session, programme, month, people, TO_READ)


def _list(
    session: Session, programme: Programme, month: date, people: Sequence[Member], words: str, *,
    branch_only: bool = False,
) -> int:  # fmt: skip
    first = month_of(month)[0]
    rows = [
        {
            "call_key": f"study-{programme.key}-{first:%Y-%m}-{one.key}", "purpose": CallPurpose.study,
            "organisation_id": one.organisation_id, "member_id": one.key, "programme_id": programme.key,
            "study_month": first, "branch_only": branch_only, "words": words.format(month=_written(first)),
        }
        for one in people
    ]  # fmt: skip
    new = phone_calls.add(session, rows=rows, at=now())
    why = f"{_written(first)}，{len(new)} 人"
    journal.note(session, subject=Subject.programme, ids=[programme.key] if new else [], what="calls listed", why=why)
    return len(new)


def _written(month: date) -> str:
    return f"{month.year}年{month.month}月"


def took_part(session: Session, call: phone_calls.ToMake, *, by: str) -> None:
    """The member said on the telephone that they took part: it is participation from now on, and the call is over."""
    if call.programme_id is None or call.study_month is None:
        raise ValueError("a call about no programme")
    programme = session.get_one(Programme, call.programme_id)
    activity = f"{programme.name}：{_written(call.study_month)}的学习内容"
    if (call.member_id, today(), activity) not in participation.known(session, member_ids=[call.member_id]):
        row = {
            "member_id": call.member_id, "activity": activity, "held_on": today(), "how": TookPart.online,
            "source": SOURCE, "recorded_by": by, "recorded_at": now(),
        }  # fmt: skip
        participation.add_all(session, rows=[row])
        journal.note(session, subject=Subject.member, ids=[call.member_id], what="took_part", why=SOURCE)
    phone_calls.end(session, ids=[call.id], outcome=CallEnd.took_part, at=now())


def write_calls(path: Path, people: Sequence[ToCall]) -> None:
    """The list for whoever sits at the telephone, with a column for what the member says."""
    rows: list[list[Value]] = [
        [one.member, one.name, phones.display(one.phone) if one.phone else "", one.noted, ""] for one in people
    ]
    write_file(path, write_table(Sheet("电话名单", COLUMNS, rows), filename=path.name))
