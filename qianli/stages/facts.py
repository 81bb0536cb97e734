"""The six facts: how complete each branch's ledger is, and whom it lacks what of."""

from dataclasses import dataclass
from pathlib import Path

from models import Member
from qianli.ledger.columns import VARIANTS
from qianli.ledger.facts import FACTS, named
from qianli.ledger.out import Sheet, Value, write_table, write_xlsx
from qianli.stages.exporting import NOTICE, ledger_rows, write_file
from qianli.stages.unit import reading, today
from qianli.store import facts, members, organisation_tree, organisations

TO_FILL = (
    "name", "born_on", "joined_on", "phone", "address", "address_on", "away_since", "occupation", "dues_paid_until",
)  # fmt: skip
BEHIND = "党费已过期"


@dataclass(frozen=True)
class BranchFacts:
    """Of one branch: members, fact → of how many it is known, of how many all six, of how many dues are behind."""

    organisation: str
    members: int
    known: dict[str, int]
    complete: int
    behind: int


@dataclass(frozen=True)
class MemberFacts:
    """A member who lacks something; `missing` in words."""

    id: int
    name: str
    organisation: str
    missing: str


@dataclass(frozen=True)
class FactsReport:
    """Branches with members, in the order of the tree, and everybody who lacks something."""

    branches: list[BranchFacts]
    lacking: list[MemberFacts]


def report(organisation: str | None = None) -> FactsReport:
    """The six facts of an organisation and everything below it, or of all, as of today."""
    with reading() as session:
        root_id = organisations.by_name(session, name=organisation).key if organisation is not None else None
        nodes = organisation_tree.nodes(session, root_id=root_id)
        paths = {one.id: one.path for one in nodes}
        known = {one.organisation_id: one for one in facts.by_branch(session, organisation_ids=list(paths), on=today())}
        lacking = facts.lacking(session, organisation_ids=list(paths), on=today())
    branches = [
        BranchFacts(paths[id_], one.members, one.known, one.complete, one.behind)
        for id_ in paths
        if (one := known.get(id_))
    ]
    place = {id_: number for number, id_ in enumerate(paths)}
    lacking.sort(key=lambda one: place[one.organisation_id])
    return FactsReport(
        branches,
        [MemberFacts(one.member_id, one.name, paths[one.organisation_id], named(one.missing)) for one in lacking],
    )


def write_report(path: Path, found: FactsReport) -> None:
    """Who lacks what, with row keys, to be filled in and imported; in XLSX a sheet with the numbers beside it."""
    with reading() as session:
        whom = members.by_ids(session, ids=[one.id for one in found.lacking])
        rows = ledger_rows(session, list(whom.values()))
    to_fill = _to_fill(found, whom, rows)
    if path.suffix.lower() == ".xlsx":
        write_file(path, write_xlsx([to_fill, _numbers(found)]))
    else:
        write_file(path, write_table(to_fill, filename=path.name))


def _to_fill(found: FactsReport, whom: dict[int, Member], rows: dict[int, dict[str, Value]]) -> Sheet:
    titles = ["行标识", *(VARIANTS[name][0] for name in TO_FILL), "登记组织", "缺少"]
    table: list[list[Value]] = [
        [rows[one.id]["key"], *(rows[one.id].get(name) for name in TO_FILL), one.organisation, one.missing]
        for one in found.lacking
        if one.id in whom
    ]
    return Sheet("待补情况", titles, table, notice=NOTICE)


def _numbers(found: FactsReport) -> Sheet:
    titles = ["组织", "党员", *FACTS.values(), "六项齐全", "齐全率（%）", BEHIND]
    table: list[list[Value]] = [
        [one.organisation, one.members, *one.known.values(), one.complete, percent(one), one.behind]
        for one in found.branches
    ]
    return Sheet("各组织", titles, table)


def percent(one: BranchFacts) -> int:
    """Of a hundred members, of how many all six facts are known; rounded down, so that 100 means all."""
    return one.complete * 100 // one.members
