"""Several held consignments or cases of a campaign at once: the same acts one by one, and what was refused and why.

One that is refused never takes the others down. Everything is looked for within the scope of whoever acts.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from sqlmodel import Session

from models import Case, CaseOutcome, ItemProblem
from qianli.campaigns.references import consignment_number, split_consignment_number
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.stages import addresses, cancelling, case_hands, cases, refusing, replacements, taking_back
from qianli.stages.unit import reading, writing
from qianli.store import (
    campaigns,
    consignments,
    console,
    holds,
    kits,
    organisation_tree,
    parcels,
    phone_calls,
    receipts,
)
from qianli.store import case_hands as hands
from qianli.store import cases as store
from qianli.store.scope import Scope

T = TypeVar("T")
NOTHING = "请先勾选要办的。"


class WithHeld(StrEnum):
    """What to do with held consignments."""

    verify = "verify"
    release = "release"
    cancel = "cancel"


class WithCases(StrEnum):
    """What to do with cases."""

    assign = "assign"
    give = "give"
    resolve = "resolve"
    put_back = "put_back"
    write_off = "write_off"
    send_again = "replace"


@dataclass(frozen=True)
class Result:
    """How many were done, and each that was not with the reason."""

    done: int
    refused: tuple[tuple[str, str], ...] = ()


def held(scope: Scope, code: str, numbers: Iterable[str], act: WithHeld, *, by: str) -> Result:
    """The act with each of these numbers of the campaign that is held."""
    chosen = list(dict.fromkeys(numbers))
    if not chosen:
        raise BadInput(NOTHING)

    def one(number: str) -> None:
        member_id = _held_member(scope, code, number)
        if act is WithHeld.verify:
            addresses.verify([member_id], by=by)
        elif act is WithHeld.cancel:
            cancelling.cancel_consignment(number, by=by)
        elif not refusing.release([number], by=by).released:
            raise RuleBroken("不是因为快递不收、印不下或排不出来暂缓的，不能这样放行。")

    return _each([(number, number) for number in chosen], one)


def _held_member(scope: Scope, code: str, number: str) -> int:
    parts = split_consignment_number(number)
    with reading() as session:
        found = phone_calls.whom(session, scope, code=code, number=parts[1]) if parts and parts[0] == code else None
        if found is None or not holds.open_holds(session, consignment_ids=[found[0]]):
            raise NotFound("不在这个活动的暂缓名单里，可能刚刚办过。")
    if found[1] is None:
        raise RuleBroken("这一份的个人信息已经清除。")
    return found[1]


def with_cases(
    scope: Scope,
    code: str,
    ids: Iterable[int],
    act: WithCases,
    *,
    owner: str = "",
    to: str = "",
    outcome: CaseOutcome | None = None,
    by: str,
) -> Result:
    """The act with each of these open cases of the campaign."""
    chosen = list(dict.fromkeys(ids))
    if not chosen:
        raise BadInput(NOTHING)
    if act is WithCases.assign:
        _refuse_strange(scope, owner)
    if act is WithCases.give and not to:
        raise BadInput("请选由谁办。")
    if act is WithCases.resolve and outcome is None:
        raise BadInput("请选一种办结的结果。")

    def one(case_id: int) -> None:
        case = _open_case(scope, code, case_id)
        if act is WithCases.assign:
            _assign(case_id, owner, by)
        elif act is WithCases.give:
            case_hands.assign(scope, [case_id], to=to, by=by)
        elif act is WithCases.resolve and outcome is not None:
            cases.resolve(case_id, outcome=outcome, by=by)
        elif act is WithCases.send_again:
            replacements.replace(*_lacking(case), by=by)
        else:
            taking_back.take_back(_parcel(case), put_back=act is WithCases.put_back, by=by)

    return _each([(_shown(scope, code, id_), id_) for id_ in chosen], one)


def _each(chosen: Iterable[tuple[str, T]], work: Callable[[T], None]) -> Result:
    done, refused = 0, []
    for shown, one in chosen:
        try:
            work(one)
            done += 1
        except (RuleBroken, BadInput, NotFound) as error:
            refused.append((shown, error.message))
    return Result(done, tuple(refused))


def _open_case(scope: Scope, code: str, case_id: int) -> Case:
    with reading() as session:
        campaign_id = console.campaign(session, scope, code=code).key
        case = store.by_id(session, case_id=case_id)
        if case is None or case.campaign_id != campaign_id or case.resolved_at is not None:
            raise NotFound("不在这个活动待处理的问题里，可能刚刚办过。")
        return case


def _shown(scope: Scope, code: str, case_id: int) -> str:
    """What people call the subject of a case."""
    try:
        case = _open_case(scope, code, case_id)
    except NotFound:
        return f"问题 {case_id}"
    with reading() as session:
        if case.parcel_id is not None:
            return parcels.by_ids(session, ids=[case.parcel_id])[0].reference
        return _number(session, case)


def _refuse_strange(scope: Scope, owner: str) -> None:
    with reading() as session:
        if owner not in {one.name for one in organisation_tree.nodes(session, root_id=scope.root_id)}:
            raise BadInput("请写您这里或下级组织的全名，问题才有人办。")


def _assign(case_id: int, owner: str, by: str) -> None:
    with writing(by) as session:
        hands.move(session, case_id=case_id, owner=owner)


def _parcel(case: Case) -> str:
    if case.parcel_id is None:
        raise RuleBroken("这件问题说的不是一个包裹，没有东西可以收回。")
    with reading() as session:
        return parcels.by_ids(session, ids=[case.parcel_id])[0].reference


def _number(session: Session, case: Case) -> str:
    """The number of the consignment that a case is about."""
    if case.consignment_id is None or case.campaign_id is None:
        raise RuleBroken("这件问题说的是包裹，不是某一份寄送；请先登记包裹退回，再重新寄送。")
    number = consignments.numbers(session, ids=[case.consignment_id])[case.consignment_id][1]
    return consignment_number(campaigns.by_id(session, campaign_id=case.campaign_id).code, number)


def _lacking(case: Case) -> tuple[str, list[str]]:
    """The consignment, and what its member says is missing or damaged; the whole kit if nothing arrived."""
    with reading() as session:
        number = _number(session, case)
        said = _said(session, case.consignment_id or 0)
        campaign = campaigns.by_id(session, campaign_id=case.campaign_id or 0)
        rows = kits.rows(session, kit_id=campaign.kit_id)
        return number, [row.sku for row in rows if not said or row.kit_item_id in said]


def _said(session: Session, consignment_id: int) -> dict[int, ItemProblem]:
    receipt = receipts.current(session, consignment_ids=[consignment_id]).get(consignment_id)
    return receipts.problems(session, receipt_ids=[receipt.key]).get(receipt.key, {}) if receipt else {}
