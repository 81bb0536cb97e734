"""Importing a ledger of members: the file is read outside the transaction, everything it changes is one."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models import ArtefactKind, Member
from qianli.errors import BadInput
from qianli.ledger.fixit import RefusedRow, fix_file
from qianli.ledger.matching import Known, Matching, match
from qianli.ledger.members import Ledger, MemberRow, read_ledger
from qianli.ledger.merging import changes, first_values
from qianli.ledger.problems import RowProblem
from qianli.stages.artefacts import publish_artefact
from qianli.stages.import_notices import notices_of
from qianli.stages.unit import now, reading, today, writing
from qianli.stages.where import Whereabouts
from qianli.store import journal, members, organisations, residences

__all__ = ["ImportResult", "RowProblem", "import_members"]


@dataclass(frozen=True)
class ImportResult:
    """How many members were added, changed and left alone, and what a person has to look at."""

    added: int
    changed: int
    unchanged: int
    rejected: list[RowProblem]
    notices: list[RowProblem]
    fix_file: str | None


@dataclass
class _Outcome:
    """What one transaction did, or would do."""

    matching: Matching
    added: int
    changed: int
    notices: list[RowProblem]


def import_members(
    content: bytes, *, filename: str, organisation: str, sheet: str | None = None, dry_run: bool = False, by: str
) -> ImportResult:
    """Take a ledger in: good rows become or change members of `organisation`, bad rows go to a fix-it file.

    Nobody is removed, nothing known is erased by an empty cell, the same file twice changes nothing.
    With `dry_run` the same is found out, and nothing is written.
    """
    ledger = read_ledger(content, filename=filename, only=sheet)
    where = Whereabouts.of(ledger.rows, source=f"导入 {filename}", today=today())
    if dry_run:
        with reading() as session:
            outcome = _take_in(session, ledger, where, organisation, write=False)
    else:
        with writing(by) as session:
            outcome = _take_in(session, ledger, where, organisation, write=True)
    refused = ledger.refused + [
        RowProblem(row.sheet, row.row, ledger.title(row.sheet, "name"), reason)
        for row, reason in outcome.matching.refused
    ]
    refused.sort(key=lambda problem: (list(ledger.tables).index(problem.sheet), problem.row))
    return ImportResult(
        added=outcome.added,
        changed=outcome.changed,
        unchanged=len(outcome.matching.known) - outcome.changed,
        rejected=refused,
        notices=ledger.notices + outcome.notices,
        fix_file=None if dry_run or not refused else _publish_fix_file(ledger, refused, by),
    )


def _take_in(session: Session, ledger: Ledger, where: Whereabouts, path: str, *, write: bool) -> _Outcome:
    """Match the rows with the members there are, and write what changed; one transaction."""
    if write:
        home = organisations.find_or_add(session, path=path)
        organisations.lock(session, organisation_id=home.key)
    else:
        found = organisations.find(session, path=path)
        home = found
    organisation_id = home.key if home else None
    stored = _members_named(session, organisation_id, {row.name for row in ledger.rows}, lock=write)
    matching = match(ledger.rows, [_known(member) for member in stored])
    where.load(residences.mains(session, member_ids=[member.id for _, member in matching.known]))
    changed = {member.id: found for row, member in matching.known if (found := changes(member, row))}
    moved = {member.id for row, member in matching.known if where.report(member.id, row)}
    outcome = _Outcome(
        matching,
        added=len(matching.new),
        changed=len(changed.keys() | moved),
        notices=list(notices_of(ledger, matching, where)),
    )
    if write and organisation_id is not None:
        _write(session, organisation_id, matching, changed, moved, where)
    return outcome
