"""Who is held, why, and what next: as rows, and as a spreadsheet to correct and send back."""

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from models import HoldReason
from qianli.campaigns.references import consignment_number
from qianli.ledger.columns import VARIANTS
from qianli.ledger.out import Sheet, Value, write_table
from qianli.stages.exporting import NOTICE, ledger_rows, write_file
from qianli.stages.unit import reading
from qianli.store import campaigns, members
from qianli.store import holds as rows

TO_CORRECT = ("name", "phone", "address", "address_on", "away_since")


@dataclass(frozen=True)
class Held:
    """One reason that keeps one member's consignment from going."""

    number: str
    member: str
    member_id: int
    reason: HoldReason
    sentence: str
    next_step: str


def holds(code: str) -> list[Held]:
    """Every open hold of a campaign, by consignment number."""
    with reading() as session:
        campaign = campaigns.by_code(session, code=code)
        found = rows.of_campaign(session, campaign_id=campaign.key)
        return [
            Held(consignment_number(code, number), name, member, hold.reason, hold.sentence, hold.next_step)
            for hold, number, name, member in found
        ]


def write_holds(path: Path, held: list[Held]) -> None:
    """One row a member with its key, what the ledger says of it now, every reason and every next step."""
    with reading() as session:
        found = members.by_ids(session, ids=[one.member_id for one in held])
        known = ledger_rows(session, list(found.values()))
    titles = ["行标识", "寄送编号", *(VARIANTS[name][0] for name in TO_CORRECT), "原因", "下一步"]
    table = [_row(list(own), known) for _, own in groupby(held, key=lambda one: one.number)]
    write_file(path, write_table(Sheet("暂缓寄送", titles, table, notice=NOTICE), filename=path.name))


def _row(own: list[Held], known: dict[int, dict[str, Value]]) -> list[Value]:
    first, ledger = own[0], known[own[0].member_id]
    said = ["".join(dict.fromkeys(one.sentence for one in own)), "".join(dict.fromkeys(one.next_step for one in own))]
    return [ledger["key"], first.number, *(ledger[name] for name in TO_CORRECT), *said]
