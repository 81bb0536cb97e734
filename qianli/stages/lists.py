"""The plain lists of the console by name: a page of one, an act on a row of it, and all of it as a spreadsheet."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from models import Subject
from qianli.errors import NotFound
from qianli.folding import HIGHEST_ID, whole_number
from qianli.ledger.out import Sheet, write_xlsx
from qianli.stages.duplicates import PAIR
from qianli.stages.exporting import ledger_sheet
from qianli.stages.list_cases import CASES
from qianli.stages.list_messages import MESSAGES
from qianli.stages.list_people import PEOPLE
from qianli.stages.list_things import THINGS
from qianli.stages.listing import Asks, File, Line, Noun
from qianli.stages.unit import reading, writing
from qianli.store import journal
from qianli.store import lists as store
from qianli.store.lists import Sought

NOUNS: dict[str, Noun] = PEOPLE | CASES | THINGS | MESSAGES
AT_ONCE = 50
LONGEST_TEXT = 60
HOLDS_NAMES = "本表含个人信息，只供本组织办事：专人保管，用完删除，不要发到群里。"


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and the key the next page begins after, if there are more."""

    lines: list[Line]
    next: int | None


def noun(asks: Asks, name: str) -> Noun:
    """The list of this name; NotFound if there is none for who asks."""
    found = NOUNS.get(name)
    if found is None or (found.everywhere and asks.scope.root_id is not None):
        raise NotFound("没有这个清单，或者它要由管全部组织的同志来看。")
    return found


def sought(asks: Asks, name: str, form: Mapping[str, str]) -> Sought:
    """What a form or an address asks for; choices that are none are left out."""
    one, after = noun(asks, name), whole_number(form.get("after", ""), HIGHEST_ID * PAIR) or 0
    which = {each.name: form[each.name] for each in one.filters if each.takes(form.get(each.name, ""))}
    return Sought(form.get("text", "").strip()[:LONGEST_TEXT], which, after, AT_ONCE, asks.whole)


def look(asks: Asks, name: str, what: Sought) -> Page:
    """A page of a list."""
    found = noun(asks, name).find(asks, replace(what, most=AT_ONCE + 1))
    return Page(found[:AT_ONCE], found[AT_ONCE - 1].key if len(found) > AT_ONCE else None)


def act(asks: Asks, name: str, what: str, key: int, form: Mapping[str, str]) -> str | File:
    """Do something with a row; the answer is a sentence or a file. The right to do it was asked for before."""
    if not 0 < key <= (HIGHEST_ID * PAIR if name == "duplicates" else HIGHEST_ID):
        raise NotFound("没有这一行。")
    return noun(asks, name).acts[what].do(asks, key, form)


def export(asks: Asks, name: str, what: Sought) -> bytes:
    """Every row that is sought as XLSX; members as a ledger that can come back. The journal knows who took it."""
    one, everything = noun(asks, name), replace(what, after=0, most=None)
    if name == "members":
        with reading() as session:
            found = [member for member, _ in store.members(session, asks.scope, everything)]
            sheet, count = ledger_sheet(session, found), len(found)
    else:
        lines = one.find(asks, everything)
        columns = [title or "备注" for title in one.columns]
        notice = HOLDS_NAMES if one.personal else ""
        sheet, count = Sheet(one.title, columns, [line.cells for line in lines], notice=notice), len(lines)
    with writing(asks.by) as session:
        why = f"{one.title} {count} 行"
        journal.note(session, subject=Subject.user, ids=[asks.user_id], what="exported", why=why)
    return write_xlsx([sheet])
