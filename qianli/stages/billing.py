"""What couriers billed beside what was planned: parcel by parcel, in sums, and against the approval."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from models import Campaign, ParcelStage
from qianli.campaigns.billing import Billed, Compared, Sum, summed, total
from qianli.couriers.registry import courier
from qianli.kits.definition import FEN_A_YUAN
from qianli.ledger.out import Sheet, Value, write_table, write_xlsx
from qianli.stages.exporting import write_file
from qianli.stages.unit import reading
from qianli.store import campaigns, invoices, organisations, spending

GROUPS: dict[str, Callable[[Compared], str]] = {
    "活动": lambda one: one.campaign,
    "党组织": lambda one: one.organisation,
    "快递": lambda one: f"{one.courier}（{one.account}）",
}
SUM_COLUMNS = ("件数", "预算邮资（元）", "已计费件数", "账单金额（元）", "差额（元）")
COLUMNS = (
    "活动", "包裹编号", "党组织", "快递", "账号", "重量（克）", "计费重量（克）", "预算邮资（元）", "账单金额（元）",
    "差额（元）",
)  # fmt: skip


@dataclass(frozen=True)
class Billing:
    """Parcels that left the house or are billed, and their sums: by what → one a label."""

    parcels: list[Compared]
    sums: dict[str, list[Sum]]
    total: Sum

    @property
    def differing(self) -> list[Compared]:
        """Those billed at another amount than planned, the largest difference first."""
        some = [one for one in self.parcels if one.difference_fen]
        return sorted(some, key=lambda one: (-abs(one.difference_fen), one.reference))


def billing(campaign: str | None = None, account: str | None = None) -> Billing:
    """Of a campaign, of an account, or of all there are."""
    with reading() as session:
        id_ = campaigns.by_code(session, code=campaign).key if campaign is not None else None
        names = organisations.paths(session)
        rows = [
            Compared(
                campaign=one.campaign,
                reference=one.parcel.reference,
                courier=courier(one.parcel.courier).name,
                account=one.parcel.account,
                organisation=names[one.organisation_id],
                planned_fen=0 if one.parcel.stage is ParcelStage.voided else one.parcel.postage_fen,
                weight_g=one.parcel.weight_g,
                billed_fen=one.billed_fen,
                billed_weight_g=one.billed_weight_g,
            )
            for one in invoices.compared(session, campaign_id=id_, account=account)
        ]
    return Billing(rows, {name: summed(rows, label) for name, label in GROUPS.items()}, total(rows))


def of_campaign(session: Session, campaign: Campaign) -> Billed | None:
    """What is billed of a campaign, and what that makes of its approval; None while there is no invoice."""
    parcels, billed_fen, planned_fen = invoices.of_campaign(session, campaign_id=campaign.key)
    if not parcels:
        return None
    approval = campaigns.newest_approval(session, campaign_id=campaign.key)
    return Billed(
        parcels=parcels,
        billed_fen=billed_fen,
        planned_fen=planned_fen,
        spent_fen=spending.committed_fen(session, campaign_id=campaign.key) - planned_fen + billed_fen,
        approved_fen=approval.amount_fen if approval else None,
    )


def write_billing(path: Path, found: Billing) -> None:
    """Every parcel, and in XLSX a sheet for each kind of sum."""
    parcels = Sheet("逐件", COLUMNS, [_cells(one) for one in found.parcels])
    if path.suffix.lower() != ".xlsx":
        write_file(path, write_table(parcels, filename=path.name))
        return
    sums = [
        Sheet(f"按{name}", (name, *SUM_COLUMNS), [sum_cells(one) for one in (*some, found.total)])
        for name, some in found.sums.items()
    ]
    write_file(path, write_xlsx([parcels, *sums]))


def sum_cells(one: Sum) -> Sequence[Value]:
    """A sum as a line of a table, in yuan."""
    return (
        one.label,
        one.parcels,
        _yuan(one.planned_fen),
        one.billed,
        _yuan(one.billed_fen),
        _yuan(one.difference_fen),
    )


def _cells(one: Compared) -> list[Value]:
    billed = None if one.billed_fen is None else _yuan(one.billed_fen)
    difference = None if one.billed_fen is None else _yuan(one.difference_fen)
    return [
        one.campaign, one.reference, one.organisation, one.courier, one.account, one.weight_g, one.billed_weight_g,
        _yuan(one.planned_fen), billed, difference,
    ]  # fmt: skip


def _yuan(fen: int) -> Value:
    """As people write it, in a CSV as well: 12, not 12.0."""
    return fen / FEN_A_YUAN if fen % FEN_A_YUAN else fen // FEN_A_YUAN
