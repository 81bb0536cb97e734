"""Messages of a campaign that people send by hand, for the console: sheets to take along, results to bring back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from qianli.errors import NotFound
from qianli.stages import message_sheets
from qianli.stages.unit import now, reading
from qianli.store import artefacts, console, message_facts
from qianli.store.message_facts import Counts
from qianli.store.scope import Scope

NAME = "messages-"


@dataclass(frozen=True)
class Seen:
    """How far the messages are, how many are due and on no sheet yet, and the sheets there are: name and since when."""

    counts: Counts
    due: int
    sheets: list[tuple[str, datetime]]


def look(scope: Scope, code: str) -> Seen:
    """Of a campaign within a scope."""
    with reading() as session:
        id_ = console.campaign(session, scope, code=code).key
        found = artefacts.unerased(session, beginning=f"{code}/{NAME}", before=now())
        return Seen(
            message_facts.counts(session, campaign_id=id_),
            len(message_facts.to_give_out(session, campaign_id=id_, at=now())),
            [(one.path.rpartition("/")[2], one.published_at) for one in found if one.published_at],
        )


def make(scope: Scope, code: str, *, by: str) -> int:
    """Write what is due on a sheet; how many messages stand on it."""
    with reading() as session:
        console.campaign(session, scope, code=code)
    return sum(one.messages for one in message_sheets.give_out(code, by=by))


def sheet(scope: Scope, code: str, name: str, fetch: Callable[[str], bytes]) -> bytes:
    """One of them; NotFound if there is none, or it was erased."""
    if name not in dict(look(scope, code).sheets):
        raise NotFound("没有这张表，或者它已经按期清除。")
    return fetch(f"{code}/{name}")


def take(scope: Scope, code: str, content: bytes, filename: str, *, by: str) -> message_sheets.Results:
    """The results on a sheet; those of other campaigns are refused line by line."""
    with reading() as session:
        id_ = console.campaign(session, scope, code=code).key
    return message_sheets.results(content, filename, campaign_id=id_, by=by)
