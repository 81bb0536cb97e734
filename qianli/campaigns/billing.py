"""What was planned for postage beside what couriers billed. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from qianli.kits.definition import yuan


@dataclass(frozen=True)
class Compared:
    """One parcel: our postage and weight, and the courier's; None where it is not billed, or says no weight."""

    campaign: str
    reference: str
    courier: str
    account: str
    organisation: str
    planned_fen: int
    weight_g: int
    billed_fen: int | None = None
    billed_weight_g: int | None = None

    @property
    def difference_fen(self) -> int:
        """Billed beyond what was planned; nothing while it is not billed."""
        return 0 if self.billed_fen is None else self.billed_fen - self.planned_fen


@dataclass(frozen=True)
class Sum:
    """Parcels of one campaign, branch or courier; the difference is of those that are billed."""

    label: str
    parcels: int
    planned_fen: int
    billed: int
    billed_fen: int
    difference_fen: int


def summed(rows: Iterable[Compared], label: Callable[[Compared], str]) -> list[Sum]:
    """One sum a label, in order of labels."""
    groups: dict[str, list[Compared]] = {}
    for one in rows:
        groups.setdefault(label(one), []).append(one)
    return [total(some, name) for name, some in sorted(groups.items())]


def total(rows: Iterable[Compared], label: str = "合计") -> Sum:
    """All of them as one sum."""
    some = list(rows)
    return Sum(
        label=label,
        parcels=len(some),
        planned_fen=sum(one.planned_fen for one in some),
        billed=sum(one.billed_fen is not None for one in some),
        billed_fen=sum(one.billed_fen or 0 for one in some),
        difference_fen=sum(one.difference_fen for one in some),
    )


@dataclass(frozen=True)
class Billed:
    """What couriers billed of a campaign: parcels, fen, what was planned for them; and all it costs by now.

    `spent_fen` counts what is billed as billed and the rest as planned, goods included; `approved_fen` stays what
    was approved.
    """

    parcels: int
    billed_fen: int
    planned_fen: int
    spent_fen: int
    approved_fen: int | None

    @property
    def beyond_fen(self) -> int:
        """Spent beyond the approval."""
        return 0 if self.approved_fen is None else max(0, self.spent_fen - self.approved_fen)


def sentences(found: Billed | None) -> tuple[str, ...]:
    """What there is to say of invoices; nothing while there are none."""
    if found is None:
        return ()
    more = found.billed_fen - found.planned_fen
    beside = f"比预算邮资{'多' if more > 0 else '少'} {yuan(abs(more))}" if more else "与预算邮资相同"
    said = [f"快递公司已对 {found.parcels} 件计费 {yuan(found.billed_fen)}，{beside}。"]
    if found.beyond_fen:
        said.append(
            f"按账单算，至今的支出共 {yuan(found.spent_fen)}，"
            f"比批准的 {yuan(found.approved_fen or 0)}超出 {yuan(found.beyond_fen)}。"
        )
    return tuple(said)
