"""What a row changes about a member. An empty cell never erases what is known."""

from typing import Any

from qianli.ledger.matching import Known
from qianli.ledger.member_row import MemberRow

PLAIN = (
    "born_on", "joined_on", "phone", "away_since", "occupation", "dues_paid_until", "certificate_number",
    "certificate_issued_on", "certificate_checked_on", "deceased_on",
)  # fmt: skip


#: What one record learns from another of the same person, as people call it.
LEARNT = {
    "born_on": "出生日期", "joined_on": "入党日期", "phone": "电话", "phone_written": "电话", "away_since": "外出时间",
    "occupation": "职业", "dues_paid_until": "党费交至", "certificate_number": "活动证号",
    "certificate_issued_on": "发证日期", "certificate_checked_on": "活动证查验日期", "deceased_on": "去世日期",
    "host_organisation_id": "流入地组织",
}  # fmt: skip


def changes(known: Known, row: MemberRow) -> dict[str, Any]:
    """The fields that get a new value; empty if the row says nothing new."""
    found = {name: said for name in PLAIN if (said := getattr(row, name)) is not None and said != getattr(known, name)}
    if row.key and row.name and row.name != known.name:
        found["name"] = row.name
    if row.phone and known.phone_written:
        found["phone_written"] = None
    if row.phone_written and not known.phone and row.phone_written != known.phone_written:
        found["phone_written"] = row.phone_written
    if (details := known.details | row.details) != known.details:
        found["details"] = details
    return found


def first_values(row: MemberRow) -> dict[str, Any]:
    """The fields of a member seen for the first time."""
    names = (*PLAIN, "name", "phone_written", "details")
    return {name: getattr(row, name) for name in names}


def learnt(kept: Any, gone: Any) -> dict[str, Any]:
    """The fields that the kept record of a person gets from the other: what it does not say. Nothing is replaced."""
    found = {name: said for name in LEARNT if getattr(kept, name) is None and (said := getattr(gone, name)) is not None}
    if kept.phone:
        found.pop("phone_written", None)
    if gone.do_not_contact and not kept.do_not_contact:
        found["do_not_contact"] = True
    if (details := gone.details | kept.details) != kept.details:
        found["details"] = details
    return found


def forgotten(kept: Any, gone: Any, names: list[str], details: list[str]) -> dict[str, Any]:
    """The same taken back: these fields and details are emptied again, but where somebody changed them since."""
    back: dict[str, Any] = {name: None for name in names if getattr(kept, name) == getattr(gone, name)}
    if "do_not_contact" in back:
        back["do_not_contact"] = False
    left = {name: said for name, said in kept.details.items() if name not in details or said != gone.details.get(name)}
    return back | ({"details": left} if left != kept.details else {})
