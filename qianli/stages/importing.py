"""Importing a ledger of members: the file is read outside the transaction, everything it changes is one."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from models import ArtefactKind
from qianli.folding import visible
from qianli.ledger.columns import IGNORED, is_identity_card
from qianli.ledger.fixit import SENT, RefusedRow, fix_file
from qianli.ledger.members import Ledger, read_ledger
from qianli.ledger.out import Value
from qianli.ledger.problems import RowProblem
from qianli.stages.artefacts import publish_artefact
from qianli.stages.import_rows import RowsImport, as_text
from qianli.stages.moves import Addresses, Moves
from qianli.stages.unit import now, reading, today, writing
from qianli.store import ledger_imports, organisations

#: Label, rows done, rows in all (None: not known yet).
Told = Callable[[str, int, int | None], None]
__all__ = ["ColumnRead", "ImportResult", "Preview", "RowProblem", "import_members", "preview_members"]


def say_nothing(_label: str, _done: int, _total: int | None) -> None:
    """Nobody listens."""


@dataclass(frozen=True)
class ImportResult:
    """How many members were added, changed and left alone, and what a person has to look at."""

    added: int
    changed: int
    unchanged: int
    rejected: list[RowProblem]
    notices: list[RowProblem]
    fix_file: str | None


@dataclass(frozen=True)
class ColumnRead:
    """A title of the file, and the column it was read as; empty if it was not read."""

    sheet: str
    title: str
    name: str


@dataclass(frozen=True)
class Preview:
    """What an import would do, how the titles were understood, and the refused rows as a spreadsheet, if any."""

    result: ImportResult
    columns: list[ColumnRead]
    to_mend: bytes | None


def preview_members(
    content: bytes, *, filename: str, organisation: str, titles: Mapping[str, str] = MappingProxyType({})
) -> Preview:
    """What `import_members` would do with this file; nothing is written."""
    ledger = read_ledger(content, filename=filename, today=today(), titles=titles)
    moves = Moves(Addresses(), source=visible(filename), today=today(), at=now())
    with reading() as session:
        home = organisations.find(session, path=organisation)
        outcome = RowsImport(session, ledger, moves, home, home is None).run(into=None)
    refused = _in_order(ledger, ledger.refused + outcome.refused)
    notices = _in_order(ledger, ledger.notices + outcome.notices)
    result = ImportResult(outcome.added, outcome.changed, outcome.unchanged, refused, notices, None)
    return Preview(result, _columns(ledger), _mended(ledger, refused, outcome.current) if refused else None)


def _columns(ledger: Ledger) -> list[ColumnRead]:
    found = []
    for sheet, table in ledger.tables.items():
        names = {index: name for name, index in table.columns.items() if name not in IGNORED}
        found += [
            ColumnRead(sheet, title, names.get(index, ""))
            for index, title in sorted(table.headers.items())
            if title and not is_identity_card(title)
        ]
    return found


def import_members(
    content: bytes,
    *,
    filename: str,
    organisation: str,
    sheet: str | None = None,
    titles: Mapping[str, str] = MappingProxyType({}),
    dry_run: bool = False,
    told: Told = say_nothing,
    by: str,
) -> ImportResult:
    """Take a ledger in: good rows become or change members of `organisation`, bad rows go to a fix-it file.

    Rows with a key correct the member they were written from, here or below, names and dates too.
    Nobody is removed, nothing known is erased by an empty cell, the same file twice changes nothing.
    With `dry_run` the same is found out, and nothing is written. `told` hears how far it is. `titles`: see read_ledger.
    """
    ledger = read_ledger(
        content,
        filename=filename,
        today=today(),
        only=sheet,
        titles=titles,
        seen=lambda rows: told("正在读取台账", rows, None),
    )
    moves = Moves(Addresses(), source=visible(filename), today=today(), at=now())

    def so_far(rows: int) -> None:
        told("正在核对" if dry_run else "正在登记", rows, len(ledger.rows))

    if dry_run:
        with reading() as session:
            home = organisations.find(session, path=organisation)
            outcome = RowsImport(session, ledger, moves, home, home is None, so_far).run(into=None)
    else:
        with writing(by) as session:
            found = organisations.find(session, path=organisation)
            home = found or organisations.find_or_add(session, path=organisation)
            organisations.lock(session, ids=organisations.tree_ids(session, root_id=home.key))
            log = ledger_imports.Log(home.key, visible(filename), moves.at)
            outcome = RowsImport(session, ledger, moves, home, found is None, so_far, wrote=log).run(into=home.key)
            rejected = len({(one.sheet, one.row) for one in ledger.refused + outcome.refused})
            log.end(session, changed=outcome.changed, unchanged=outcome.unchanged, rejected=rejected)
    refused = _in_order(ledger, ledger.refused + outcome.refused)
    return ImportResult(
        added=outcome.added,
        changed=outcome.changed,
        unchanged=outcome.unchanged,
        rejected=refused,
        notices=_in_order(ledger, ledger.notices + outcome.notices),
        fix_file=_publish_fix_file(ledger, refused, outcome.current, by) if refused and not dry_run else None,
    )


def _in_order(ledger: Ledger, problems: list[RowProblem]) -> list[RowProblem]:
    """What concerns the file first, then by sheet as in the file, then by row."""
    place = {name: number for number, name in enumerate(ledger.tables, start=1)}
    return sorted(problems, key=lambda problem: (place.get(problem.sheet, 0), problem.row))


def _publish_fix_file(
    ledger: Ledger, refused: list[RowProblem], current: dict[tuple[str, int], dict[str, Value]], by: str
) -> str:
    """The same refusals are the same file."""
    content = _mended(ledger, refused, current)
    path = f"fix/members-{hashlib.sha256(content).hexdigest()[:12]}.xlsx"
    return publish_artefact(kind=ArtefactKind.fix_file, path=path, content=content, by=by)


def _mended(ledger: Ledger, refused: list[RowProblem], current: dict[tuple[str, int], dict[str, Value]]) -> bytes:
    """The refused rows with all their reasons."""
    reasons: dict[tuple[str, int], list[str]] = {}
    for problem in refused:
        said = f"{problem.column}：{problem.reason}" if problem.column else problem.reason
        reasons.setdefault((problem.sheet, problem.row), []).append(said)
    rows = [
        RefusedRow(sheet, row, _to_mend(ledger, sheet, row, current.get((sheet, row))), tuple(said))
        for (sheet, row), said in reasons.items()
    ]
    return fix_file(rows)


def _to_mend(ledger: Ledger, sheet: str, row: int, current: dict[str, Value] | None) -> dict[str, str]:
    """A refused row by its titles; a stale one as the ledger has it now, and beside it what differs in what was sent.

    Imported as it is, such a row changes nothing: nobody's work is overwritten by not looking.
    """
    sent = ledger.as_written(sheet, row)
    if current is None:
        return sent
    titles = {name: ledger.title(sheet, name) for name in ledger.tables[sheet].columns}
    now_there = {title: as_text(current.get(name)) for name, title in titles.items() if title in sent}
    key = titles["key"]
    differing = [f"{title}：{sent[title]}" for title in now_there if title != key and sent[title] != now_there[title]]
    return {**sent, **now_there, SENT: "；".join(differing)}
