"""Cases: what went wrong after hand-over, and how each of them ended."""

from dataclasses import dataclass
from datetime import date

from models import CaseOutcome, CaseReason, Channel, DeliveredTo, Tracking
from qianli.campaigns.case_papers import papers_of
from qianli.campaigns.cases import ACT_WITHIN
from qianli.campaigns.page_steps import of_case
from qianli.campaigns.references import consignment_number
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.folding import HIGHEST_ID
from qianli.stages.calendar import calendar
from qianli.stages.unit import day_of, now, reading, writing
from qianli.store import campaigns, case_lists
from qianli.store import cases as store

#: How cases about movements end, and no others.
OF_MOVEMENTS = {
    CaseOutcome.home_was_right, CaseOutcome.host_was_right, CaseOutcome.neither_was_right, CaseOutcome.accepted,
    CaseOutcome.reported_by_both, CaseOutcome.corrected,
}  # fmt: skip


@dataclass(frozen=True)
class CaseView:
    """An open case as people see it; its subject is a consignment (`number`), a parcel (`reference`) or a movement."""

    id: int
    campaign: str | None
    number: str | None
    reference: str | None
    movement: int | None
    reason: CaseReason
    sentence: str
    next_step: str
    on_page: str
    owner: str
    assignee: str | None
    login: str | None
    age_days: int
    due_on: date
    late: bool
    courier_said: Tracking | DeliveredTo | None = None
    papers: tuple[str, ...] = ()


def list_cases(campaign: str | None = None) -> list[CaseView]:
    """Open cases of a campaign, or of all, oldest first."""
    with reading() as session:
        id_ = campaigns.by_code(session, code=campaign).key if campaign is not None else None
        return views(case_lists.listed(session, campaign_id=id_))


def views(listed: list[case_lists.Listed]) -> list[CaseView]:
    """Rows as people see them."""
    at, days = now(), calendar()
    due = {
        one.case.key: days.add_working_days(day_of(one.case.opened_at), ACT_WITHIN[one.case.reason]).day
        for one in listed
    }
    return [
        CaseView(
            id=one.case.key,
            campaign=one.campaign_code,
            number=consignment_number(one.campaign_code, one.number) if one.campaign_code and one.number else None,
            reference=one.reference,
            movement=one.case.movement_id,
            reason=one.case.reason,
            sentence=one.case.sentence,
            next_step=one.case.next_step,
            on_page=of_case(one.channel or Channel.post, one.case.reason, one.case.next_step),
            owner=one.case.owner,
            assignee=one.assignee,
            login=one.login,
            age_days=(at - one.case.opened_at).days,
            due_on=due[one.case.key],
            late=due[one.case.key] < day_of(at),
            courier_said=_said(one),
            papers=papers_of(one.case.reason) if one.case.movement_id is None else (),
        )
        for one in listed
    ]


def _said(one: case_lists.Listed) -> Tracking | DeliveredTo | None:
    """The courier's word beside a member's: whom it says it gave the parcel to, or where it says it is."""
    if one.case.consignment_id is None or one.tracking in (None, Tracking.unknown):
        return None
    return one.delivered_to or one.tracking


def resolve(case_id: int, *, outcome: CaseOutcome, by: str) -> bool:
    """Settle a case; False if it was settled like this already. The consignment keeps its state and is open no more."""
    with writing(by) as session:
        case = store.lock(session, case_id=case_id) if 0 < case_id <= HIGHEST_ID else None
        if case is None:
            raise NotFound(f"没有编号为 {case_id} 的问题，可用“case list”查看。", case_id=case_id)
        if case.resolved_at is None and case.movement_id is not None:
            raise RuleBroken(
                f"请先定下流动报告怎样处理，问题随之办结：qianli movement show {case.movement_id}", case_id=case_id
            )
        if case.resolved_at is None and case.message_id is not None:
            raise RuleBroken(
                "请先登记这条消息发出没有，问题随之办结：qianli message settle（编号见“case list”）。", case_id=case_id
            )
        if case.resolved_at is None and outcome in OF_MOVEMENTS:
            raise BadInput("这种结果只用于流动报告，请换一种。", case_id=case_id)
        if case.resolved_at is None:
            store.resolve_cases(session, ids=[case_id], outcome=outcome, by=by, at=now())
            return True
        if case.outcome == outcome:
            return False
        raise RuleBroken(f"编号为 {case_id} 的问题已经办结，不能改成别的结果。", case_id=case_id)
