"""Who is held, why, and what next: as rows and as a spreadsheet."""

from dataclasses import dataclass
from pathlib import Path

from models import HoldReason
from qianli.campaigns.references import consignment_number
from qianli.errors import BadInput
from qianli.ledger.out import write_xlsx
from qianli.stages.unit import reading
from qianli.store import campaigns
from qianli.store import holds as rows


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


def holds_xlsx(held: list[Held]) -> bytes:
    """The same as a spreadsheet for the branch."""
    columns = ["寄送编号", "姓名", "原因", "下一步"]
    return write_xlsx([("暂缓寄送", columns, [[one.number, one.member, one.sentence, one.next_step] for one in held])])


def write_file(path: Path, content: bytes) -> None:
    """Save a spreadsheet where a person asked for it; BadInput if that cannot be written."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise BadInput(f"文件写不进去：{path}（{error.strerror}）") from error
