"""What the console shows at home and of one campaign. Everything is asked for within the scope of whoever looks."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from models import Campaign, CampaignState, Case, ConsignmentState, HoldReason, LabelLayout, ParcelStage
from qianli.campaigns.next_step import Next, next_step
from qianli.campaigns.page_steps import of_hold
from qianli.campaigns.page_words import WORDS, PageWords
from qianli.campaigns.references import consignment_number
from qianli.campaigns.report import NO_PROVINCE, by_days
from qianli.errors import NotFound
from qianli.receipts.names import masked
from qianli.stages import campaigns as steps
from qianli.stages import case_hands
from qianli.stages.address_rounds import Asking, standing
from qianli.stages.approve import Asked, asked
from qianli.stages.cases import CaseView, views
from qianli.stages.chasing import CHASE_AFTER_DAYS
from qianli.stages.status import waiting
from qianli.stages.unit import day_of, now, reading
from qianli.store import artefacts, case_lists, consignments, organisation_tree, reached, status
from qianli.store import cases as store
from qianli.store import console as rows
from qianli.store.scope import Scope

MOST_SHOWN = 50
ADDRESS = (
    HoldReason.no_address, HoldReason.incomplete_address, HoldReason.ambiguous_address, HoldReason.stale_address,
    HoldReason.suspect_after_return,
)  # fmt: skip
S = ConsignmentState


@dataclass(frozen=True)
class Todo:
    """One thing that waits: what, where to go, and since when; `mine`: given to who looks; `hands`: to whom else."""

    what: str
    hint: str
    campaign: str | None
    number: str | None
    since: datetime
    mine: bool = False
    hands: str = ""


@dataclass(frozen=True)
class Home:
    """What waits, one's own first and then the oldest, and the campaigns there are."""

    todos: list[Todo]
    campaigns: list[tuple[str, str, CampaignState]]


def home(scope: Scope, *, user_id: int | None = None) -> Home:
    """Everything that waits in these organisations; what was given to this user comes first."""
    before = now() - timedelta(days=CHASE_AFTER_DAYS)
    with reading() as session:
        known = rows.campaigns(session, scope)
        todos = [_to_approve(one) for one in known if one.state is CampaignState.prepared]
        for one in rows.held(session, scope, reasons=ADDRESS, others=False):
            hint = "在台账里更正或核实，再准备一次。"
            todos.append(Todo(f"{one.count} 个地址要核实", f"{one.name}：{hint}", one.code, None, one.since))
        todos += [
            Todo(f"{one.count} 人因其他原因暂缓", one.name, one.code, None, one.since)
            for one in rows.held(session, scope, reasons=ADDRESS, others=True)
        ]
        for one in rows.to_chase(session, known, before=before):
            what = f"{one.count} 份已妥投，本人还没有答复"
            if one.count == rows.MOST_COUNTED:
                what = f"至少 {one.count} 份已妥投，本人还没有答复"
            todos.append(Todo(what, f"{one.name}：请打电话问一问。", one.code, None, one.since))
        todos += [_case(one, view, user_id) for one, view in _cases(session, scope, user_id)]
    found = sorted(todos, key=lambda todo: (not todo.mine, todo.since))
    return Home(found, [(one.code, one.name, one.state) for one in known])


def _to_approve(one: Campaign) -> Todo:
    return Todo("活动等批准", one.name, one.code, None, one.created_at)


def _cases(session: Session, scope: Scope, user_id: int | None) -> list[tuple[Case, CaseView]]:
    listed = case_lists.listed(session, scope=scope, most=MOST_SHOWN, mine_first=user_id)
    return list(zip([one.case for one in listed], views(listed), strict=True))


def _case(case: Case, view: CaseView, user_id: int | None) -> Todo:
    mine = user_id is not None and case.assignee_id == user_id
    subject = view.reference or view.number
    hands = "" if mine else view.assignee or ""
    return Todo(view.sentence, view.on_page, view.campaign, subject, case.opened_at, mine=mine, hands=hands)


@dataclass(frozen=True)
class Held:
    """Why one consignment waits; the name is masked."""

    number: str
    member: str
    sentence: str
    next_step: str


@dataclass(frozen=True)
class Journey:
    """One campaign on one page."""

    code: str
    name: str
    state: CampaignState
    planned_delivery_on: str
    created_by: str
    next: Next
    funnel: list[tuple[str, int]]
    provinces: list[tuple[str, int, int]]
    days: list[tuple[str, int]]
    held_count: int
    to_sign: Asked | None
    says: PageWords
    asking: Asking | None = None
    held: list[Held] = field(default_factory=list)
    case_count: int = 0
    cases: list[CaseView] = field(default_factory=list)
    hands: list[tuple[str, str]] = field(default_factory=list)


def journey(scope: Scope, code: str) -> Journey:
    """How a campaign stands; NotFound outside the scope."""
    with reading() as session:
        row = rows.campaign(session, scope, code=code)
        id_ = row.key
        owed = consignments.count_by_state(session, campaign_id=id_)
        open_cases = views(case_lists.listed(session, scope=scope, most=MOST_SHOWN, campaign_id=id_))
        case_count = store.count_open(session, campaign_id=id_)
        open_ = waiting(session, row, owed, status.parcels(session, campaign_id=id_)) | {"cases": case_count}
        return Journey(
            code=row.code,
            name=row.name,
            state=row.state,
            planned_delivery_on=str(row.planned_delivery_on),
            created_by=row.created_by,
            next=next_step(row.channel, row.state, open_),
            funnel=_funnel(WORDS[row.channel].funnel, owed, reached.BY_CHANNEL[row.channel](session, campaign_id=id_)),
            provinces=[(one or NO_PROVINCE, n, sure) for one, n, sure in rows.provinces(session, campaign_id=id_)],
            days=_days(rows.hours(session, campaign_id=id_)),
            held_count=owed.get(S.held, 0),
            to_sign=asked(session, row) if row.state is CampaignState.prepared else None,
            says=WORDS[row.channel],
            asking=standing(session, id_, row.code),
            held=[
                Held(
                    consignment_number(row.code, number),
                    masked(name),
                    hold.sentence,
                    of_hold(row.channel, hold.reason, hold.sentence, hold.next_step),
                )
                for hold, number, name in rows.holds(session, campaign_id=id_, most=MOST_SHOWN)
            ],
            case_count=case_count,
            cases=open_cases,
            hands=case_hands.of(session, row.organisation_id) if open_cases else [],
        )


def _funnel(
    labels: Sequence[str], owed: Mapping[ConsignmentState, int], between: Sequence[int]
) -> list[tuple[str, int]]:
    """From owed and ready over what is counted between to confirmed."""
    total = sum(count for state, count in owed.items() if state is not S.cancelled)
    waits = sum(owed.get(state, 0) for state in (S.planned, S.held, S.not_sent))
    confirmed = owed.get(S.confirmed, 0) + owed.get(S.confirmed_with_issues, 0)
    return list(zip(labels, (total, total - waits, *between, confirmed), strict=True))


def _days(hours: list[tuple[str, str, int]]) -> list[tuple[str, int]]:
    took: Counter[int] = Counter()
    for gone, there, count in hours:
        took[max((_day(there) - _day(gone)).days, 0)] += count
    return by_days(list(took.elements()))


def _day(hour: str) -> datetime:
    local = day_of(datetime.strptime(hour, "%Y-%m-%d %H").replace(tzinfo=UTC))
    return datetime(local.year, local.month, local.day, tzinfo=UTC)


def to_sign(scope: Scope, code: str) -> Asked:
    """What an approval of the whole campaign would allow now."""
    with reading() as session:
        return asked(session, rows.campaign(session, scope, code=code))


def campaign_id_of(scope: Scope, code: str) -> int:
    """The campaign that is to be acted on; NotFound outside the scope."""
    with reading() as session:
        return rows.campaign(session, scope, code=code).key


@dataclass(frozen=True)
class Headed:
    """What stands at the head of a page about a campaign."""

    code: str
    name: str
    state: CampaignState
    label_layout: LabelLayout
    says: PageWords


def headed(scope: Scope, code: str) -> Headed:
    """A campaign that may be seen; NotFound outside the scope."""
    with reading() as session:
        row = rows.campaign(session, scope, code=code)
        return Headed(row.code, row.name, row.state, row.label_layout, WORDS[row.channel])


def parcel_counts(scope: Scope, code: str) -> dict[ParcelStage, int]:
    """Parcels of a campaign by stage, every stage named."""
    with reading() as session:
        found = dict.fromkeys(ParcelStage, 0)
        campaign_id = rows.campaign(session, scope, code=code).key
        for (stage, _), count in status.parcels(session, campaign_id=campaign_id).items():
            found[stage] += count
    return found


def paper_of(scope: Scope, code: str, name: str, fetch: Callable[[str], bytes]) -> bytes:
    """A paper about a campaign, as of the last rehearsal or its end; NotFound if there is none, or it was erased."""
    path = f"{code}/{name}"
    with reading() as session:
        rows.campaign(session, scope, code=code)
        there = artefacts.unerased(session, beginning=path, before=now())
    if not there or there[0].published_at is None:
        raise NotFound("这份文件还没有做好，或者已经按期清除。")
    return fetch(path)


def branches(scope: Scope) -> list[tuple[str, str]]:
    """Path and name of every organisation that may be seen, in the order of the tree."""
    with reading() as session:
        return [(one.path, one.name) for one in organisation_tree.nodes(session, root_id=scope.root_id, counted=False)]


def require_branch(scope: Scope, path: str) -> str:
    """The path of an organisation; NotFound outside the scope."""
    if path not in dict(branches(scope)):
        raise NotFound("请选一个组织；别的组织的台账在这里改不了。")
    return path


def require_named(scope: Scope, wanted: Sequence[str]) -> None:
    """NotFound unless all of these are organisations in scope, by path or name."""
    there = {one for both in branches(scope) for one in both} if wanted else set()
    if strange := [one for one in wanted if one not in there]:
        raise NotFound(f"没有“{'、'.join(one[:30] for one in strange[:5])}”这个组织，或者它不归您这里管。")


def ask(code: str, flow: str, *, by: str) -> int:
    """Note who asked for a flow."""
    return steps.ask(code, flow, by=by)
