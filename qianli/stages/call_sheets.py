"""Call sheets: the list of calls on paper, for those who sit at the telephone."""

from collections import defaultdict
from dataclasses import dataclass

from qianli.documents import press
from qianli.documents.forms import CallList, CallListRow
from qianli.errors import BadInput
from qianli.stages.phone_calls import Call, listed
from qianli.stages.unit import local, today
from qianli.store.scope import Scope

NOBODY = "还没有分给人"


@dataclass(frozen=True)
class Sheets:
    """The call sheets as one PDF, a caller a page; how many callers and calls."""

    content: bytes
    callers: int
    calls: int


def sheets(scope: Scope, *, caller_id: int | None = None) -> Sheets:
    """Call sheets by caller of what is due today; of one caller, if that is said. They hold personal data."""
    by_caller: dict[str, list[Call]] = defaultdict(list)
    for one in listed(scope):
        if local(one.due_at).date() <= today() and not one.is_wrong and caller_id in (None, one.caller_id):
            by_caller[one.caller].append(one)
    if not by_caller:
        raise BadInput("今天没有要打的电话，出不了单子。")
    forms = [
        CallList(caller=caller or NOBODY, made_on=today(), rows=tuple(_row(one) for one in calls))
        for caller, calls in sorted(by_caller.items(), key=lambda each: (each[0] == "", each[0]))
    ]
    return Sheets(press.call_lists(forms).content, len(forms), sum(len(one.rows) for one in forms))


def _row(one: Call) -> CallListRow:
    return CallListRow(one.number or one.about, one.member, one.phone, one.organisation, one.words, one.tries)
