"""Random samples: drawn for a branch, called or visited, and what was found beside what the system believed."""

from dataclasses import dataclass

from sqlmodel import Session

from models import ArtefactKind, Campaign, Finding, Sample, Stratum
from qianli.campaigns.references import consignment_number
from qianli.campaigns.sampling import (
    STRATUM,
    Asked,
    Crossed,
    Result,
    believed,
    crossed,
    draw,
    results,
    sentence,
    size,
)
from qianli.documents import press
from qianli.documents.forms import SampleRow, SampleSheet
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.ledger import phones
from qianli.stages import typed
from qianli.stages.artefacts import publish_artefact
from qianli.stages.unit import now, reading, today, writing
from qianli.store import campaigns, organisations
from qianli.store import samples as rows

WHOLE = "合计"
MARGINS, CONFIDENCES = range(1, 31), range(80, 100)


@dataclass(frozen=True)
class Seen:
    """One sample in sums: as a whole, by what members had said, and by branch."""

    number: int
    organisation_id: int
    organisation: str
    margin_percent: int
    confidence_percent: int
    population: int
    drawn: int
    total: Result
    crossed: list[Crossed]
    strata: list[tuple[Stratum, Result]]
    branches: list[Result]
    sentence: str


@dataclass(frozen=True)
class Made:
    """A sample that was drawn, or was there already, and its sheet."""

    seen: Seen
    new: bool
    path: str


def sample(code: str, *, organisation: str, margin_percent: int, confidence_percent: int, again: bool, by: str) -> Made:
    """Draw for a branch and make its sheet. The same question twice is the same sample, unless it is asked `again`."""
    if margin_percent not in MARGINS or confidence_percent not in CONFIDENCES:
        raise BadInput("允许误差写 1 到 30（百分点），把握程度写 80 到 99（百分之几）。")
    with writing(by) as session:
        campaign = campaigns.lock(session, campaign_id=campaigns.by_code(session, code=code).key)
        if campaign.purged_at is not None:
            raise RuleBroken(f"活动 {code} 的个人信息已经清除，不能再抽样。", code=code)
        branch = organisations.by_name(session, name=organisation)
        before = rows.of_campaign(session, campaign_id=campaign.key)
        asked = (branch.key, margin_percent, confidence_percent)
        same = [one for one in before if (one.organisation_id, one.margin_percent, one.confidence_percent) == asked]
        if same and not again:
            number, new = same[-1].number, False
        else:
            number, new = len(before) + 1, True
            _draw(session, campaign, number, asked, by)
    path = make_sheet(code, number, by=by)
    return Made(next(one for one in look(code) if one.number == number), new, path)


def _draw(session: Session, campaign: Campaign, number: int, asked: tuple[int, int, int], by: str) -> None:
    organisation_id, margin, confidence = asked
    tree = organisations.tree_ids(session, root_id=organisation_id)
    people = {
        one.consignment_id: one for one in rows.drawable(session, campaign_id=campaign.key, organisation_ids=tree)
    }
    if not people:
        raise RuleBroken("这个组织还没有寄出去的人可抽；寄出以后再抽样核实。", code=campaign.code)
    strata: dict[Stratum, list[int]] = {}
    for one in people.values():
        strata.setdefault(STRATUM[one.state], []).append(one.consignment_id)
    wanted = size(len(people), margin_percent=margin, confidence_percent=confidence)
    ids = draw(strata, wanted, seed=f"{campaign.seed} sample {number}")
    row = Sample(
        campaign_id=campaign.key, number=number, organisation_id=organisation_id, margin_percent=margin,
        confidence_percent=confidence, population=len(people), drawn_at=now(), drawn_by=by,
    )  # fmt: skip
    whom = [
        (id_, STRATUM[people[id_].state], believed(people[id_].state, delivered=people[id_].delivered)) for id_ in ids
    ]
    rows.add(session, sample=row, members=whom)


def look(code: str) -> list[Seen]:
    """Every sample of a campaign, oldest first."""
    with reading() as session:
        return of_campaign(session, campaigns.by_code(session, code=code))


def of_campaign(session: Session, campaign: Campaign) -> list[Seen]:
    """The same in a session."""
    found = rows.of_campaign(session, campaign_id=campaign.key)
    people = rows.drawn(session, campaign_id=campaign.key) if found else []
    names = organisations.names(session) if found else {}
    return [_seen(one, [who for who in people if who.sample_id == one.key], names) for one in found]


def _seen(row: Sample, people: list[rows.Drawn], names: dict[int, str]) -> Seen:
    level = row.confidence_percent

    def asked(by: str) -> list[Asked]:
        return [Asked(str(getattr(who, by)) if by else WHOLE, who.believed, who.finding) for who in people]

    def grouped(by: str) -> list[Result]:
        return results(asked(by), confidence_percent=level)

    (total,) = grouped("")
    return Seen(
        number=row.number,
        organisation_id=row.organisation_id,
        organisation=names.get(row.organisation_id, ""),
        margin_percent=row.margin_percent,
        confidence_percent=level,
        population=row.population,
        drawn=len(people),
        total=total,
        crossed=crossed(asked("")),
        strata=[(Stratum(one.group), one) for one in grouped("stratum")],
        branches=grouped("organisation"),
        sentence=sentence(row.number, total, margin_percent=row.margin_percent, confidence_percent=level),
    )


def record(consignment: str, finding: Finding, *, by: str, sample: int | None = None) -> str:
    """What was found of one who was drawn; the answer is the number. It is no receipt: only the member confirms.

    Without the number of a `sample` it is of the last one they were drawn for.
    """
    with writing(by) as session:
        number, found = typed.consignment(session, consignment)
        row = rows.lock_drawn(session, consignment_id=found.key, number=sample)
        if row is None:
            raise NotFound(f"{number} 不在抽样名单里；名单用“campaign sample”看。", number=number)
        rows.record(session, row=row, finding=finding)
    return number


def sheet_path(code: str, number: int) -> str:
    """Where the sheet of a sample is, in the store of documents."""
    return f"{code}/sample-{number}.pdf"


def make_sheet(code: str, number: int, *, by: str) -> str:
    """Whom to call or visit, with room for what is found; what the system believes is not on it."""
    with reading() as session:
        campaign = campaigns.by_code(session, code=code)
        row = next(one for one in rows.of_campaign(session, campaign_id=campaign.key) if one.number == number)
        people = [one for one in rows.drawn(session, campaign_id=campaign.key) if one.sample_id == row.key]
        form = SampleSheet(
            title=f"{code} 第 {number} 次",
            branch=organisations.names(session).get(row.organisation_id, ""),
            made_on=today(),
            population=row.population,
            margin_percent=row.margin_percent,
            confidence_percent=row.confidence_percent,
            people=tuple(
                SampleRow(
                    position=one.position,
                    number=consignment_number(code, one.number),
                    name=one.name,
                    phone=phones.display(one.phone) if one.phone else "",
                    place="".join(dict.fromkeys(part for part in (one.province, one.city, one.district) if part)),
                    organisation=one.organisation,
                )
                for one in people
            ),
        )
    pdf = press.sample_sheet(form)
    return publish_artefact(
        kind=ArtefactKind.call_sheet, path=sheet_path(code, number), content=pdf.content, pages=pdf.pages,
        campaign_id=campaign.key, by=by,
    )  # fmt: skip
