"""The story of a member, campaign, programme, consignment, parcel or manifest, as the journal tells it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from models import Member, Residence, Subject
from qianli.campaigns.references import consignment_number, normalise
from qianli.errors import BadInput, NotFound
from qianli.settings import settings
from qianli.stages import typed
from qianli.stages.actors import USER, named
from qianli.stages.unit import reading
from qianli.store import campaigns, members, programmes, residences, stories
from qianli.store.stories import Told

MEMBER = re.compile(r"M?([1-9]\d{0,17})")
UNKNOWN = (
    "没有“{what}”：请写党员编号（见 member list）、活动代码、学习栏目代码、寄送编号（CODE-0042）、"
    "包裹编号或交接单编号。"
)


@dataclass(frozen=True)
class Line:
    """One thing that happened, at local time; to how many, and until when if they are several."""

    at: datetime
    until: datetime
    actor: str
    subject: str
    reference: str
    what: str
    was: str | None
    why: str
    count: int


@dataclass(frozen=True)
class Story:
    """Whose story it is, and its lines; `whole` is of a campaign, where lines are counts."""

    kind: str
    name: str
    whole: bool
    lines: list[Line]


def story(what: str) -> Story:
    """The story of whatever this names; NotFound says what can be named."""
    wanted = what.strip()
    with reading() as session:
        for find in (_campaign, _programme, _manifest, _parcel, _consignment, _member):
            if found := find(session, wanted):
                return _with_names(session, found)
    raise NotFound(UNKNOWN.format(what=what))


def _with_names(session: Session, found: Story) -> Story:
    """The same, where users are called by name."""
    called = named(session, {one.actor for one in found.lines})
    return replace(
        found,
        lines=[
            replace(one, actor=f"{USER}{called[one.actor]}") if one.actor.startswith(USER) else one
            for one in found.lines
        ],
    )


def _campaign(session: Session, wanted: str) -> Story | None:
    campaign = next((one for one in campaigns.everything(session) if one.code in (wanted, wanted.upper())), None)
    if campaign is None:
        return None
    told = stories.of_campaign(session, campaign_id=campaign.key)
    reasons = stories.case_reasons(session, ids=[one.subject_id for one in told if one.subject is Subject.case])
    return Story("campaign", campaign.code, whole=True, lines=counted(_lines(told, {}, reasons)))


def _programme(session: Session, wanted: str) -> Story | None:
    found = programmes.find(session, code=wanted)
    return _told(session, "programme", found.code, {Subject.programme: {found.key: found.code}}) if found else None


def _manifest(session: Session, wanted: str) -> Story | None:
    number = typed.manifest_number(wanted)
    id_ = stories.manifest_id(session, number=number)
    return _told(session, "manifest", number, {Subject.manifest: {id_: number}}) if id_ else None


def _parcel(session: Session, wanted: str) -> Story | None:
    if normalise(wanted) is None:
        return None
    try:
        parcel = typed.parcel(session, wanted)
    except NotFound:
        return None
    things = {
        Subject.parcel: {parcel.key: parcel.reference},
        Subject.manifest: stories.manifests_of(session, parcel_id=parcel.key),
    }
    return _told(session, "parcel", parcel.reference, things)


def _consignment(session: Session, wanted: str) -> Story | None:
    try:
        number, consignment = typed.consignment(session, wanted)
    except (BadInput, NotFound):
        return None
    return _told(session, "consignment", number, _things(session, {consignment.key: number}))


def _member(session: Session, wanted: str) -> Story | None:
    named = MEMBER.fullmatch(wanted.upper())
    member = members.by_ids(session, ids=[int(named[1])]).get(int(named[1])) if named else None
    if member is None:
        return None
    owed = stories.consignments_of(session, member_id=member.key)
    numbers = {id_: consignment_number(code, number) for id_, (code, number) in owed.items()}
    things = {Subject.member: {member.key: ""}, **_things(session, numbers)}
    found = _told(session, "member", f"{member.key} {member.name}", things)
    lines = sorted([*found.lines, *_stays(session, member)], key=lambda line: line.at)
    return replace(found, lines=lines)


def _things(session: Session, numbers: Mapping[int, str]) -> dict[Subject, dict[int, str]]:
    """Consignments by id and number, and the parcels they were in."""
    return {Subject.consignment: dict(numbers), Subject.parcel: stories.parcels_of(session, consignment_ids=numbers)}


def _told(session: Session, kind: str, name: str, things: Mapping[Subject, Mapping[int, str]]) -> Story:
    """The entries of these things (id → how people call it) and of the cases about them."""
    cases = stories.cases_about(
        session,
        consignment_ids=things.get(Subject.consignment, {}),
        parcel_ids=things.get(Subject.parcel, {}),
    )
    told = stories.of(session, things={**things, Subject.case: [case.key for case in cases]})
    names = {(subject, id_): named for subject, own in things.items() for id_, named in own.items()}
    reasons = {case.key: str(case.reason) for case in cases}
    return Story(kind, name, whole=False, lines=_lines(told, names, reasons))


def _lines(told: Iterable[Told], names: Mapping[tuple[Subject, int], str], reasons: Mapping[int, str]) -> list[Line]:
    zone = ZoneInfo(settings().time_zone)
    lines = []
    for one in told:
        at = one.at.astimezone(zone)
        is_case = one.subject is Subject.case
        what = f"{one.what} {reasons.get(one.subject_id, '')}".strip() if is_case else one.what
        named = f"{one.subject_id}" if is_case else names.get((one.subject, one.subject_id), "")
        lines.append(Line(at, at, one.actor, str(one.subject), named, what, one.was, one.why, one.count))
    return lines


def _stays(session: Session, member: Member) -> list[Line]:
    """Each address that was ever recorded, by its division only."""
    zone = ZoneInfo(settings().time_zone)
    lines = []
    for one in residences.of_member(session, member_id=member.key):
        at = one.recorded_at.astimezone(zone)
        lines.append(Line(at, at, "", "residence", _division(one), "recorded", None, _term(one), 1))
    return lines


def _division(home: Residence) -> str:
    return "".join(dict.fromkeys(part for part in (home.province, home.city, home.district) if part))


def _term(home: Residence) -> str:
    begins = f"自 {home.since} 起" if home.since else ""
    ends = f"至 {home.until} 止" if home.until else ""
    return "，".join(part for part in (begins, ends) if part)


def counted(lines: Iterable[Line]) -> list[Line]:
    """What happened to many is one line a day with its count; an act of the campaign itself begins a new count."""
    found: list[Line] = []
    standing: dict[tuple[str, ...], int] = {}
    for line in lines:
        is_run = line.subject == "campaign" and line.what.startswith("print")
        if line.subject == "campaign" and not is_run:
            standing.clear()
            found.append(line)
            continue
        key = (str(line.at.date()), line.subject, line.what, "" if is_run else line.why, line.actor)
        place = standing.setdefault(key, len(found))
        if place == len(found):
            found.append(replace(line, reference=""))
            continue
        before = found[place]
        was = before.was if before.was == line.was else None
        why = "" if is_run else before.why
        found[place] = replace(before, until=line.at, count=before.count + line.count, was=was, why=why)
    return found
