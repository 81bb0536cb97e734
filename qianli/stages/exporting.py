"""Ledgers that go out to be corrected, and come back by row key."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from models import Member
from qianli.errors import BadInput
from qianli.ledger.columns import DETAILS, FACTS, MAIN, VARIANTS
from qianli.ledger.out import Sheet, Value, write_table
from qianli.stages.ledger_cells import cells
from qianli.stages.moves import shown_of
from qianli.stages.unit import reading, today
from qianli.store import members, organisations, residences

NOTICE = (
    "本表含个人信息（姓名、电话、地址），只供本组织核对台账：专人保管，用完删除，不要发到群里。"
    "改好后用 member import 导入；“行标识”一列请勿改动，空着的格不会抹掉原有内容。"
)
ORGANISATION = "登记组织"


@dataclass(frozen=True)
class Exported:
    """How many members of which organisation were written where."""

    organisation: str
    members: int
    path: str


def export_members(path: Path, *, organisation: str) -> Exported:
    """Write the ledger of an organisation and of everything below it to a file of the organiser's own."""
    with reading() as session:
        home = organisations.by_name(session, name=organisation)
        found = members.in_organisations(session, ids=organisations.tree_ids(session, root_id=home.key))
        sheet = ledger_sheet(session, found)
        name = home.name
    write_file(path, write_table(sheet, filename=path.name))
    return Exported(name, len(found), str(path))


def ledger_sheet(session: Session, found: Sequence[Member]) -> Sheet:
    """Members as a ledger that can come back: each row with its key."""
    names = organisations.names(session)
    rows = ledger_rows(session, found)
    used = [
        one
        for one in ("key", *MAIN, *FACTS, *DETAILS)
        if one in ("key", *MAIN) or any(row.get(one) for row in rows.values())
    ]
    several = len({member.organisation_id for member in found}) > 1
    titles = [VARIANTS[one][0] for one in used] + [ORGANISATION] * several
    table: list[list[Value]] = [
        [rows[member.key].get(one) for one in used] + [names[member.organisation_id]] * several for member in found
    ]
    return Sheet("党员台账", titles, table, notice=NOTICE)


def ledger_rows(session: Session, found: Sequence[Member]) -> dict[int, dict[str, Value]]:
    """Member id → column name → value, with the address a ledger of today shows."""
    homes = residences.mains(session, member_ids=[member.key for member in found])
    return {member.key: cells(member, shown_of(homes.get(member.key, []), today())) for member in found}


def write_file(path: Path, content: bytes) -> None:
    """Save a spreadsheet where a person asked for it, for their eyes only; BadInput if that cannot be written."""
    try:
        path.touch(mode=0o600, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise BadInput(f"文件写不进去：{path}（{error.strerror}）") from error
