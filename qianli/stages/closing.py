"""Closing a campaign: refused while anything is open, and then told in a report."""

from dataclasses import dataclass

from sqlmodel import Session

from models import Artefact, ArtefactKind, Campaign, CampaignState, CaseOutcome, CaseReason, Channel, ConsignmentState
from qianli.campaigns.open_ends import NOT_UNDER_WAY, OpenEnds
from qianli.campaigns.references import consignment_number
from qianli.documents import press
from qianli.errors import BadInput, RuleBroken
from qianli.stages.artefacts import declare, publish_declared, shown
from qianli.stages.closing_report import counted, form, workbook
from qianli.stages.reasons import refuse_naming
from qianli.stages.telling import still_to_tell
from qianli.stages.unit import now, reading, writing
from qianli.store import campaigns, cases, consignments, holds, status, stock, transitions
from qianli.store import closing as store

S = ConsignmentState
NOT_SENT = (S.planned, S.ready, S.held)
LEFT_OVER = "活动办结时还没有寄出"
UNTOLD = "活动办结时还没有通知"
REASON_LENGTH = 200


@dataclass(frozen=True)
class Closed:
    """A closed campaign, what its report says in short, and where it is."""

    code: str
    state: CampaignState
    summary: tuple[str, ...]
    remarks: tuple[str, ...]
    paths: list[str]


def close(code: str, *, unconfirmed: str | None = None, by: str) -> Closed:
    """Close a campaign and publish its report; again on a closed one, publish what a cut-off left unpublished.

    `unconfirmed` is the reason why members who never answered are given up; without it they stand against closing.
    """
    if unconfirmed is not None and not unconfirmed.strip():
        raise BadInput("请在 --unconfirmed 后面写明为什么没有得到答复，例如“三次电话无人接听”。")
    with writing(by) as session:
        campaign = campaigns.lock(session, campaign_id=campaigns.by_code(session, code=code).key)
        if campaign.purged_at is not None:
            raise RuleBroken(
                f"活动 {code} 早已办结，个人信息已清除，报告不再重出；原来的可用“campaign documents {code}”查看。",
                campaign=code,
            )
        if campaign.state != CampaignState.closed:
            refuse_naming(session, unconfirmed or "", campaign_id=campaign.key)
            _close(session, campaign, (unconfirmed or "").strip()[:REASON_LENGTH] or None, by=by)
        declared = {end: _declare(session, campaign, end) for end in ("pdf", "xlsx")}
        data = counted(session, campaign)
    if declared["pdf"].published_at is None:
        pdf = press.report(form(data))
        publish_declared(declared["pdf"].key, pdf.content, pdf.pages, by=by)
    if declared["xlsx"].published_at is None:
        publish_declared(declared["xlsx"].key, workbook(data), None, by=by)
    paths = [shown(artefact.path) for artefact in declared.values()]
    return Closed(code, CampaignState.closed, data.summary, data.remarks, paths)


def unfinished() -> list[str]:
    """Codes of closed campaigns whose report was cut off; `close` again publishes it."""
    with reading() as session:
        return store.unpublished_reports(session)


def _declare(session: Session, campaign: Campaign, end: str) -> Artefact:
    path = f"{campaign.code}/closing-report.{end}"
    return declare(session, kind=ArtefactKind.report, path=path, campaign_id=campaign.key)


def _close(session: Session, campaign: Campaign, why_unconfirmed: str | None, *, by: str) -> None:
    if campaign.state != CampaignState.under_way:
        raise RuleBroken(NOT_UNDER_WAY[campaign.state], campaign=campaign.code)
    silent = store.under_way(session, campaign_id=campaign.key)
    if sentences := _open_ends(session, campaign, silent, forgiven=why_unconfirmed is not None).sentences():
        told = "\n".join(f"  - {sentence}" for sentence in sentences)
        raise RuleBroken(f"活动 {campaign.code} 还不能办结：\n{told}", campaign=campaign.code)
    _leave_unsent(session, campaign.key, LEFT_OVER if campaign.channel is Channel.post else UNTOLD)
    transitions.consignments(session, [one.id for one in silent], S.unconfirmed, why=why_unconfirmed or "")
    given_up = [one.key for one in cases.open_cases(session, campaign_id=campaign.key)]  # about nothing but silence
    cases.resolve_cases(session, ids=given_up, outcome=CaseOutcome.no_action, by=by, at=now())
    transitions.campaign(session, campaign.key, CampaignState.closed)
    store.note_closed(session, campaign_id=campaign.key, at=now())


def _open_ends(session: Session, campaign: Campaign, silent: list[store.UnderWay], *, forgiven: bool) -> OpenEnds:
    id_ = campaign.key
    messages, calls = still_to_tell(session, campaign)

    def numbered(rows: list[store.UnderWay]) -> list[str]:
        return [consignment_number(campaign.code, row.number) for row in rows]

    return OpenEnds(
        parcels=store.in_the_house(session, campaign_id=id_),
        to_plan=numbered([one for one in silent if not one.planned]),
        replacements=status.replacements_asked_for(session, campaign_id=id_),
        cases=[one.key for one in cases.open_cases(session, campaign_id=id_) if one.reason is not CaseReason.no_answer],
        messages=messages,
        calls=calls,
        unanswered=[] if forgiven else numbered([one for one in silent if one.out]),
    )


def _leave_unsent(session: Session, campaign_id: int, left_over: str) -> None:
    """Whoever was held or left over gets the reason written beside it, and gives back what was reserved."""
    ids = consignments.ids_in(session, campaign_id=campaign_id, states=NOT_SENT)
    reasons: dict[int, list[str]] = {}
    for hold in holds.open_holds(session, consignment_ids=ids):
        reasons.setdefault(hold.consignment_id, []).append(hold.sentence)
    transitions.consignments(session, ids, S.not_sent, why=left_over)
    store.note_not_sent(session, reasons={id_: "".join(reasons.get(id_, [left_over]))[:REASON_LENGTH] for id_ in ids})
    holds.clear_of(session, consignment_ids=ids, at=now())
    stock.release(session, consignment_ids=ids, reason=left_over)
