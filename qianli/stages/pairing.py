"""Packing by scanning: a slip and the letters of its parcel, in any order; what does not belong together is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session

from qianli.campaigns.references import consignment_number
from qianli.errors import BadInput
from qianli.stages import lives, packing
from qianli.stages.typed import reference, unknown_reference
from qianli.stages.unit import reading
from qianli.store import console, pairing
from qianli.store.scope import Scope

MOST_LETTERS = 50  # in one parcel


class Outcome(StrEnum):
    """What came of a scan."""

    more = "more"
    packed = "packed"
    already = "already"
    wrong = "wrong"


@dataclass(frozen=True)
class Table:
    """What lies on the table: a slip, letters, and what is still to be scanned. `said` is for the packer."""

    outcome: Outcome
    said: str
    slip: str = ""
    letters: tuple[str, ...] = ()
    to_come: tuple[str, ...] = ()


def empty() -> Table:
    """Nothing was scanned yet."""
    return Table(Outcome.more, "请扫装箱单，再扫要放进去的书信；先扫哪张都行。")


def scan(scope: Scope, campaign_code: str, typed: str, *, slip: str, letters: Sequence[str], by: str) -> Table:
    """One more paper was scanned. When slip and letters are complete, the parcel is packed; a wrong one is refused.

    `slip` and `letters` are what was scanned before: they are looked at again, as if they came for the first time.
    """
    if not typed.strip():
        raise BadInput("没有扫到内容，请再扫一次。")
    with reading() as session:
        campaign = console.campaign(session, scope, code=campaign_code)
        there = list(dict.fromkeys(letters))[:MOST_LETTERS]
        found = lives.of_letter(session, scope, typed)
        if found is not None and found.campaign.key != campaign.key:
            return _wrong(f"这是另一个活动（{found.campaign.name}）的信，不要放进这里的包裹。", slip, there)
        if found is not None:
            there = list(dict.fromkeys([*there, consignment_number(campaign.code, found.consignment.number)]))
        else:
            wanted = reference(typed)
            if slip and slip != wanted:
                return _wrong(f"桌上已有装箱单 {slip}，又扫到 {typed.strip()[:40]}。一次只装一个包裹。", slip, there)
            slip = wanted
        judged = _judged(session, campaign.key, campaign.code, slip, there)
    return _packed(slip, by) if judged.outcome is Outcome.packed else judged


def _wrong(said: str, slip: str, letters: Sequence[str]) -> Table:
    """Whatever was scanned before stays on the table."""
    return Table(Outcome.wrong, said, slip, tuple(letters))


def _judged(session: Session, campaign_id: int, code: str, slip: str, letters: Sequence[str]) -> Table:
    if not slip:
        return Table(Outcome.more, "请扫装箱单。", "", tuple(letters))
    parcel = pairing.parcel(session, campaign_id=campaign_id, reference=slip)
    if parcel is None:
        return _wrong(unknown_reference(slip), "", letters)
    wanted = [consignment_number(code, number) for number in pairing.letters(session, parcel_id=parcel.key)]
    if strangers := [one for one in letters if one not in wanted]:
        said = f"拿错了：书信 {'、'.join(strangers)} 不在包裹 {slip} 里。请把这封信放回去，从头再扫。"
        return Table(Outcome.wrong, said)
    if to_come := tuple(one for one in wanted if one not in letters):
        return Table(Outcome.more, f"还要扫 {len(to_come)} 封信。", slip, tuple(letters), to_come)
    return Table(Outcome.packed, "", slip)


def _packed(slip: str, by: str) -> Table:
    done = packing.pack([slip], by=by)
    if done.refused:
        return Table(Outcome.wrong, f"包裹 {slip} 不能装：{done.refused[0][1]}")
    if done.already:
        return Table(Outcome.already, f"包裹 {slip} 之前已经装好。请扫下一个。")
    return Table(Outcome.packed, f"包裹 {slip} 装好了。请扫下一个。")
