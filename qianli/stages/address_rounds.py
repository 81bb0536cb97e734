"""Before a campaign: a round that asks each member whether they still live there, until a cut-off."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlmodel import Session

from models import (
    AddressSaid,
    CallPurpose,
    CampaignState,
    HoldReason,
    MessageEnd,
    MessagePurpose,
    RoundRule,
    SaidVia,
)
from qianli.campaigns.address_round import ANSWERS, fate, hold_words, key_of, shown_address, words_to_say
from qianli.campaigns.references import consignment_number
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.ledger import phones
from qianli.ledger.out import Sheet, Value, write_table
from qianli.receipts.codes import make_code
from qianli.settings import settings
from qianli.stages import outreach
from qianli.stages.codes import give_codes, key
from qianli.stages.exporting import write_file
from qianli.stages.unit import now, reading, today, writing
from qianli.stages.withholding import withhold
from qianli.store import address_rounds as rows
from qianli.store import campaigns, messages

MAY_ASK = {CampaignState.prepared, CampaignState.approved}
ENDED = {CampaignState.closed, CampaignState.cancelled}


@dataclass(frozen=True)
class Asking:
    """How a round stands: `said` by what and how; `waiting` have said nothing of the address, or are unsure."""

    code: str
    opened_at: datetime
    cut_off_on: date
    rule: RoundRule
    closed_at: datetime | None
    asked: int
    answered: int
    waiting: int
    said: list[tuple[AddressSaid, SaidVia, int]]


def ask(code: str, *, until: date, rule: RoundRule, by: str) -> Asking:
    """Open the round, or give an open one another cut-off or rule; whoever was prepared since is asked as well."""
    with writing(by) as session:
        campaign = campaigns.lock(session, campaign_id=campaigns.by_code(session, code=code).key)
        if campaign.state not in MAY_ASK:
            raise RuleBroken(
                "核对住址要在准备之后、编包裹之前：请先运行“campaign prepare”；已经在寄的不能再问。", code=code
            )
        if not today() <= until < campaign.planned_delivery_on:
            raise BadInput(f"截止日不能早于今天，要在计划送达日（{campaign.planned_delivery_on}）之前。")
        row = rows.of_campaign(session, campaign_id=campaign.key)
        if row is not None and row.closed_at is not None:
            raise RuleBroken("这次活动已经核对过住址；还没有答复的，请用“campaign holds”查看，打电话问明。", code=code)
        if row is None:
            row = rows.open_one(session, campaign_id=campaign.key, cut_off_on=until, rule=rule, by=by)
        else:
            rows.change(session, row=row, cut_off_on=until, rule=rule)
        give_codes(session, consignment_ids=rows.ask(session, row=row))
        _reach(session, campaign.key, until)
    return state(code)


def _reach(session: Session, campaign_id: int, until: date) -> None:
    """Messages and calls to whoever said nothing yet; what waits names the last day as it is now."""
    session.flush()
    details = {"until": f"{until.month}月{until.day}日", "until_on": until.isoformat()}
    messages.fill_again(session, campaign_id=campaign_id, purpose=MessagePurpose.address_check, details=details)
    matters = [
        outreach.Matter(key_of(one.consignment_id, one.round_id), one.consignment_id, "address_check")
        for one in rows.to_ask(session, campaign_id=campaign_id, late=False)
        if one.said is None
    ]
    outreach.begin(session, matters, outreach.Kind(MessagePurpose.address_check, CallPurpose.address_check, details))


def state(code: str) -> Asking:
    """How the round of a campaign stands; NotFound if there was none."""
    with reading() as session:
        found = standing(session, campaigns.by_code(session, code=code).key, code)
    if found is None:
        raise NotFound(
            f"活动 {code} 还没有核对过住址，可用“campaign ask {code} --until 日期 --rule 办法”开始。", code=code
        )
    return found


def standing(session: Session, campaign_id: int, code: str) -> Asking | None:
    """The same, or None."""
    row = rows.of_campaign(session, campaign_id=campaign_id)
    if row is None:
        return None
    counted = rows.counts(session, round_id=row.key)
    asked, answered = sum(counted.values()), sum(n for (said, _), n in counted.items() if said in ANSWERS)
    said = sorted((said, via, n) for (said, via), n in counted.items() if said and via)
    return Asking(code, row.opened_at, row.cut_off_on, row.rule, row.closed_at, asked, answered, asked - answered, said)


def still_asking(session: Session, campaign_id: int) -> str | None:
    """Why nothing is sent yet: the round is open."""
    row = rows.is_open(session, campaign_id=campaign_id)
    if row is None:
        return None
    return f"正在请本人核对住址，{row.cut_off_on} 截止，之后再编包裹；不再等的，用“campaign ask 活动代码 --close”。"


def close(code: str, *, by: str) -> Asking:
    """End the round now; who said nothing is kept, held, or put to the branch where they live. Twice is once."""
    with reading() as session:
        campaign_id = campaigns.by_code(session, code=code).key
    end(campaign_id, by=by)
    return state(code)


def end(campaign_id: int, *, by: str) -> None:
    """The same by id; nothing if no round is open."""
    with writing(by) as session:
        campaign = campaigns.lock(session, campaign_id=campaign_id)
        row = rows.is_open(session, campaign_id=campaign_id)
        if row is None:
            return
        after = fate(row.rule, None)
        if after.held and campaign.state not in ENDED:
            _hold(session, rows.unanswered(session, round_id=row.key), host=after.host)
        rows.close(session, row=row)
        messages.cancel_purpose(
            session, campaign_id=campaign_id, purpose=MessagePurpose.address_check, reason=MessageEnd.over, at=now()
        )


def _hold(session: Session, silent: dict[str, list[int]], *, host: bool) -> None:
    reason = HoldReason.address_unanswered
    if host:
        for branch, ids in silent.items():
            withhold(session, consignment_ids=ids, reason=reason, words=hold_words(branch))
    else:
        everybody = [id_ for ids in silent.values() for id_ in ids]
        withhold(session, consignment_ids=everybody, reason=reason, words=hold_words(""))


def over() -> list[int]:
    """Campaigns whose rounds are past their cut-off and not ended yet."""
    with reading() as session:
        return rows.over(session, today=today())


@dataclass(frozen=True)
class ToAsk:
    """Somebody an open round still has to ask: by message with `link`, or by telephone with `words`.

    The link is the member's own page; None without a public address. `by_message`: a message asks, nobody has to call.
    """

    consignment_id: int
    member_id: int
    number: str
    name: str
    phone: str | None
    link: str | None
    words: str
    opened_at: datetime
    cut_off_on: date
    by_message: bool


def to_ask(code: str, *, late: bool = False) -> list[ToAsk]:
    """Whom the open round of a campaign still has to ask, by number; `late`: whoever is held for silence as well."""
    url = (settings().public_url or "").rstrip("/")
    with reading() as session:
        found = rows.to_ask(session, campaign_id=campaigns.by_code(session, code=code).key, late=late)
    return [
        ToAsk(
            consignment_id=one.consignment_id,
            member_id=one.member_id,
            number=consignment_number(code, one.number),
            name=one.name,
            phone=one.phone,
            link=f"{url}/r/{make_code(key(one.key_id), one.consignment_id, one.generation)}" if url else None,
            words=words_to_say(shown_address(one.province, one.city, one.district, one.detail)),
            opened_at=one.opened_at,
            cut_off_on=one.cut_off_on,
            by_message=one.by_message,
        )
        for one in found
    ]


COLUMNS = ("寄送编号", "姓名", "电话", "本人的网页", "怎么问", "截止日", "本人怎么说", "新地址")


def write_list(path: Path, people: list[ToAsk]) -> None:
    """The list for whoever writes or calls, with room for the answers; it holds personal data."""
    table: list[list[Value]] = [
        [
            one.number, one.name, phones.display(one.phone) if one.phone else "", one.link or "", one.words,
            one.cut_off_on, "", "",
        ]
        for one in people
    ]  # fmt: skip
    write_file(path, write_table(Sheet("核对住址", COLUMNS, table), filename=path.name))
