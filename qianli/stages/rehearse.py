"""Rehearse: what would happen, in plain words and on paper, before anything does."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlmodel import Session

from models import ArtefactKind, Campaign, CampaignState, Channel, ConsignmentState, Paper
from qianli.campaigns.paper_steps import of_hold
from qianli.campaigns.references import consignment_number
from qianli.campaigns.returns import ZoneSum
from qianli.campaigns.samples import WORST_TOLD, pick_samples
from qianli.campaigns.words import LINK, PLACEHOLDERS
from qianli.documents import gates, press
from qianli.documents.fonts import missing_characters
from qianli.documents.forms import HeldRow, ItemLine, Rehearsal, SampleLetter, ThirdParty, ToldRehearsal, ToldSample
from qianli.documents.trial import try_design
from qianli.errors import DocumentError, RuleBroken
from qianli.kits.definition import yuan
from qianli.receipts.names import masked
from qianli.settings import settings
from qianli.stages import (
    audiences,
    faces,
    imprints,
    ladders,
    message_channels,
    odds,
    postage,
    telling,
    third_parties,
)
from qianli.stages.artefacts import publish_artefact
from qianli.stages.letter_forms import LetterMaker
from qianli.stages.loads import Estimate, estimate, first_sends, planned
from qianli.stages.unit import reading
from qianli.store import audience, campaigns, consignments, holds, kits

MOST_TOLD = 20
NOT_YET = {CampaignState.draft, CampaignState.closed, CampaignState.cancelled}


@dataclass(frozen=True)
class Rehearsed:
    """What would happen, and where the paper is."""

    code: str
    sentences: list[str]
    path: str


@dataclass(frozen=True)
class Shown:
    """A sample letter: why it is shown, whose it is by number, and on which page of the paper it begins."""

    why: str
    number: str
    page: int


@dataclass(frozen=True)
class Drawn:
    """The same with all that the paper says, for a page."""

    told: Rehearsed
    form: Rehearsal | ToldRehearsal
    samples: tuple[Shown, ...]


def rehearse(code: str, *, by: str) -> Rehearsed:
    """Say what approving and fulfilling now would do; nothing is changed but the rehearsal paper."""
    return drawn(code, by=by).told


def drawn(code: str, *, by: str) -> Drawn:
    """The same, with the paper's own values."""
    with reading() as session:
        channel = campaigns.by_code(session, code=code).channel
    return BY_CHANNEL[channel](code, by)


def _by_post(code: str, by: str) -> Drawn:
    with reading() as session:
        campaign = campaigns.by_code(session, code=code)
        if campaign.state in NOT_YET:
            raise RuleBroken("请先运行“campaign prepare”，再预演。", campaign_id=campaign.key)
        cost = estimate(session, campaign)
        sums = postage.zones(session, campaign)
        form = _form(session, campaign, cost, sums)
        design = campaigns.letter_text(session, campaign=campaign).design
        campaign_id = campaign.key
    try_design(design)
    form, pdf = _paper(form, design)
    path = publish_artefact(
        kind=ArtefactKind.rehearsal, path=f"{code}/rehearsal.pdf", content=pdf.content, pages=pdf.pages,
        campaign_id=campaign_id, by=by,
    )  # fmt: skip
    samples = zip(form.samples, pdf.first_pages[1:], strict=True)
    return Drawn(
        told=Rehearsed(code, _sentences(form, postage.sentences(sums)), path),
        form=form,
        samples=tuple(Shown(one.why, one.letter.number, page) for one, page in samples),
    )


def _paper(form: Rehearsal, design: str) -> tuple[Rehearsal, press.Pdf]:
    """The paper and what it says; a sample that cannot be laid out is left out, and it says so."""
    try:
        return form, press.rehearsal(form, design)
    except DocumentError as error:
        wrong, reason = gates.at_fault(error)
        if reason != gates.LAYOUT_FAILED:
            raise
    numbers = "、".join(form.samples[one].letter.number for one in wrong)
    said = (
        f"一排 {numbers} 的书信，排版程序就中断，样张里没有它；印的时候会暂缓，其余各份照印。"
        "请先看姓名和地址里有没有不寻常的字符。"
    )
    samples = tuple(one for place, one in enumerate(form.samples) if place not in wrong)
    form = replace(form, samples=samples, warnings=(*form.warnings, said))
    return form, press.rehearsal(form, design)


def _form(session: Session, campaign: Campaign, cost: Estimate, sums: list[ZoneSum]) -> Rehearsal:
    return Rehearsal(
        campaign_code=campaign.code,
        campaign_name=campaign.name,
        sender=campaign.sender["name"],
        letter_on=campaign.letter_on,
        planned_delivery_on=campaign.planned_delivery_on,
        letters=cost.letters,
        more_papers=_more_papers(cost),
        parcels=cost.parcels,
        weight_g=cost.weight_g,
        goods_fen=cost.goods_fen,
        postage_fen=cost.postage_fen,
        held=_held(session, campaign),
        third_parties=_third_parties(session, campaign),
        warnings=(
            *imprints.warnings(session, campaign),
            *odds.sentences(session, campaign),
            *third_parties.warnings(campaign),
            *message_channels.costs(campaign, people=cost.letters),
            *ladders.rehearsed(campaign, people=cost.letters),
            *_warnings(),
            *left_out(session, campaign),
        ),
        samples=_samples(session, campaign),
        zones=postage.rows(sums),
        returns=postage.returns_sentence(sums),
    )


def _held(session: Session, campaign: Campaign) -> tuple[HeldRow, ...]:
    return tuple(
        HeldRow(
            consignment_number(campaign.code, number),
            _printable(masked(name)),
            _printable(hold.sentence),
            of_hold(campaign.channel, hold.reason, hold.sentence, hold.next_step),
        )
        for hold, number, name, _ in holds.of_campaign(session, campaign_id=campaign.key)
    )


def _by_words(code: str, by: str) -> Drawn:
    """The same where members are told something: how many, through what, for how much, and how it reads."""
    with reading() as session:
        campaign = campaigns.by_code(session, code=code)
        if campaign.state in NOT_YET:
            raise RuleBroken("请先运行“campaign prepare”，再预演。", campaign_id=campaign.key)
        form = _told_form(session, campaign)
        campaign_id = campaign.key
    pdf = press.told_rehearsal(form)
    path = publish_artefact(
        kind=ArtefactKind.rehearsal, path=f"{code}/rehearsal.pdf", content=pdf.content, pages=pdf.pages,
        campaign_id=campaign_id, by=by,
    )  # fmt: skip
    return Drawn(Rehearsed(code, [*form.sentences, *_held_sentences(form), *form.warnings], path), form, ())


def _told_form(session: Session, campaign: Campaign) -> ToldRehearsal:
    whom = telling.to_tell(session, campaign)
    found = consignments.prepared(session, ids=whom)
    chance = random.Random(campaign.seed)  # noqa: S311 - a seeded sample, not a secret
    chosen = pick_samples({id_: one.snapshot for id_, one in found.items()}, chance, WORST_TOLD)
    samples = [
        (consignment_number(campaign.code, found[id_].consignment.number), why, found[id_].snapshot.name)
        for id_, why in chosen
    ]
    return ToldRehearsal(
        campaign_code=campaign.code,
        campaign_name=campaign.name,
        sender=campaign.sender["name"],
        planned_delivery_on=campaign.planned_delivery_on,
        by_phone=campaign.channel is Channel.phone,
        through=tuple(telling.counted(session, campaign, whom).items()),
        each_fen=telling.each_fen(campaign),
        held=_held(session, campaign),
        third_parties=tuple(third_parties.sentences(campaign)),
        warnings=(
            *third_parties.warnings(campaign),
            *ladders.rehearsed(campaign, people=len(whom)),
            *left_out(session, campaign),
        ),
        samples=tuple(
            ToldSample(
                number, why, _printable(telling.as_told(session, campaign, name=masked(name), link=PLACEHOLDERS[LINK]))
            )
            for number, why, name in samples
        ),
    )


#: How it is rehearsed, by how the campaign gets to its members.
BY_CHANNEL: dict[Channel, Callable[[str, str], Drawn]] = {
    Channel.post: _by_post,
    Channel.message: _by_words,
    Channel.phone: _by_words,
}


def _more_papers(cost: Estimate) -> str:
    """What is printed beside letters, in words; empty if nothing is."""
    counts = ((Paper.contact_card, "张便民联系卡"), (Paper.reader, "册读本"))
    return "".join(f"、{cost.papers[paper]} {words}" for paper, words in counts if cost.papers[paper])


def _printable(name: str) -> str:
    """Of one who is held, name and sentence may hold just the character no font has."""
    return "".join("*" if missing_characters(one) else one for one in name)


def _third_parties(session: Session, campaign: Campaign) -> tuple[ThirdParty, ...]:
    parcels = Counter(parcel.courier for parcel in planned(campaign, first_sends(session, campaign)))
    trackers = (ThirdParty(name, data) for name, data in third_parties.data_goes_to(campaign))
    return (*third_parties.couriers_told(campaign.couriers, parcels), *trackers)


def _warnings() -> tuple[str, ...]:
    without_url = "没有设置确认网址（QIANLI_PUBLIC_URL），书信上将印联系电话和回执，不印二维码。"
    return (*(() if settings().public_url else (without_url,)), *faces.lacking())


def left_out(session: Session, campaign: Campaign) -> list[str]:
    """Who is on no list at all, in words."""
    died = audience.deceased(session, wanted=audiences.of_campaign(session, campaign))
    return [f"台账登记已去世的 {died} 人不列入名单，不寄也不联系。"] if died else []


def _samples(session: Session, campaign: Campaign) -> tuple[SampleLetter, ...]:
    ready = consignments.ids_in(session, campaign_id=campaign.key, states=[ConsignmentState.ready])
    found = consignments.prepared(session, ids=ready)
    chosen = pick_samples({id_: one.snapshot for id_, one in found.items()}, random.Random(campaign.seed))  # noqa: S311 - a seeded sample, not a secret
    maker = LetterMaker.of(session, campaign)
    items = [ItemLine(row.name, row.quantity) for row in kits.rows(session, kit_id=campaign.kit_id)]
    return tuple(
        SampleLetter(why, maker.proof(found[id_].consignment, found[id_].snapshot, items)) for id_, why in chosen
    )


def _sentences(form: Rehearsal, of_postage: list[str]) -> list[str]:
    return [
        f"将打印 {form.letters} 封信{form.more_papers}，寄出 {form.parcels} 个包裹，共重 {form.weight_g:,} 克。",
        f"预计费用 {yuan(form.total_fen)}：物品 {yuan(form.goods_fen)}，邮资 {yuan(form.postage_fen)}。",
        *of_postage,
        *(third_parties.GOES.format(name=one.name, data=one.data) for one in form.third_parties),
        *_held_sentences(form),
        *form.warnings,
    ]


def _held_sentences(form: Rehearsal | ToldRehearsal) -> list[str]:
    """Who is held and why; of many how many for which reason, and the first of them."""
    if not form.held:
        return ["没有人暂缓。"]
    people = {row.number: row for row in form.held}
    said = [f"暂缓 {len(people):,} 人："]
    if len(form.held) > MOST_TOLD:
        said += [f"　{reason}{count:,} 份。" for reason, count in form.reasons]
        said.append(f"　前 {MOST_TOLD} 条如下，全部用“campaign holds {form.campaign_code} --xlsx 文件”存成表格：")
    return said + [f"　{row.number} {row.name}：{row.reason}{row.next_step}" for row in form.held[:MOST_TOLD]]
