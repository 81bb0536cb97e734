"""The links of a programme: one page an organisation, and on it a code of each member's own.

Both follow from a key, so that they can be written down again; the database holds hashes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session

from models import Member, Programme, StudyGroup, Subject
from qianli.errors import NotFound, RuleBroken
from qianli.ledger import phones
from qianli.ledger.out import Sheet, Value, write_table
from qianli.programmes.notices import nearest
from qianli.receipts.codes import ALPHABET, look_up_hash, normalise
from qianli.settings import settings
from qianli.stages.codes import count_failure, key, look_up_hashes
from qianli.stages.exporting import write_file
from qianli.stages.study_paths import LENGTH, group_token, own_code
from qianli.stages.unit import now, reading, writing
from qianli.store import journal, organisations, programmes, study, study_notices

UNKNOWN = "这个链接不能用了，请向支部要新的链接。"
COLUMNS = ("编号", "姓名", "手机号", "学习链接")
NOTICE = "链接每人一个，只发给本人；含个人信息，用完请删除。"


@dataclass(frozen=True)
class OpenPage:
    """An organisation's page; `new` if this call opened it."""

    organisation: str
    url: str
    new: bool


@dataclass(frozen=True)
class OwnLink:
    """One member's link, to be sent to them alone."""

    member: int
    name: str
    phone: str | None
    url: str


def open_page(code: str, organisation: str, *, by: str) -> OpenPage:
    """The page of an organisation within the programme's tree; a closed one is followed by a new link."""
    _require_public_url()
    with writing(by) as session:
        programme, organisation_id = within(session, code, organisation)
        found = study.live_group(session, programme_id=programme.key, organisation_id=organisation_id)
        group = found or _open(session, programme, organisation_id)
        return OpenPage(organisation, _address(group), new=found is None)


def link_of(session: Session, programme: Programme, organisation_id: int) -> str:
    """The link of an organisation's open page; empty without one, and without a public address."""
    group = study.live_group(session, programme_id=programme.key, organisation_id=organisation_id)
    return _address(group) if group and settings().public_url else ""


def close_page(code: str, organisation: str, *, by: str) -> bool:
    """The link leads nowhere from now on; False if there is none."""
    with writing(by) as session:
        programme, organisation_id = within(session, code, organisation)
        found = study.live_group(session, programme_id=programme.key, organisation_id=organisation_id)
        if found:
            study.end_group(session, group=found, at=now())
            study_notices.withdraw(session, programme_id=programme.key, at=now(), group_id=organisation_id)
            alone = _without_page(session, programme)
            study_notices.withdraw(session, programme_id=programme.key, at=now(), member_ids=alone)
            why = _whose(organisation_id)
            journal.note(session, subject=Subject.programme, ids=[programme.key], what="page closed", why=why)
        return found is not None


def _without_page(session: Session, programme: Programme) -> list[int]:
    """Members who want to be told and whose links lead nowhere: no page is theirs any more."""
    groups = study.live_groups(session, programme_id=programme.key)
    trees = [organisations.tree_ids(session, root_id=one.organisation_id) for one in groups]
    reached = {id_ for tree in trees for id_ in tree}
    return [
        one.member_id
        for one in study_notices.wanting(session, programme_id=programme.key)
        if reached.isdisjoint({one.organisation_id, one.host_organisation_id})
    ]


def own_links(code: str, organisation: str, *, by: str) -> list[OwnLink]:
    """Every member's own link on the organisation's page, by hand to be sent; who has a code keeps it."""
    _require_public_url()
    with writing(by) as session:
        programme, organisation_id = within(session, code, organisation)
        group = own_group(session, programme, organisation_id, organisation)
        people = [one for one in study.members_of(session, organisation_id=organisation_id) if not one.do_not_contact]
        codes = give_codes(session, programme, people)
        return [OwnLink(one.key, one.name, one.phone, f"{_address(group)}/{codes[one.key]}") for one in people]


def links_table(links: list[OwnLink], *, filename: str) -> bytes:
    """The same as a spreadsheet."""
    rows: list[list[Value]] = [
        [one.member, one.name, phones.display(one.phone) if one.phone else "", one.url] for one in links
    ]
    return write_table(Sheet("学习链接", COLUMNS, rows, notice=NOTICE), filename=filename)


def write_links(path: Path, links: list[OwnLink]) -> None:
    """The same as a file."""
    write_file(path, links_table(links, filename=path.name))


def give_codes(session: Session, programme: Programme, people: Sequence[Member]) -> dict[int, str]:
    """Member → code; those without one get one."""
    known = study.passes(session, programme_id=programme.key, member_ids=[one.key for one in people])
    key_id, new, codes = settings().secret_id, list[dict[str, Any]](), dict[int, str]()
    for one in people:
        row = known.get(one.key)
        made_with, generation = (row.key_id, row.generation) if row else (key_id, 1)
        codes[one.key] = own_code(programme.key, one.key, generation, made_with)
        if row is None:
            new.append({
                "programme_id": programme.key, "member_id": one.key, "generation": generation, "key_id": key_id,
                "code_hash": look_up_hash(key(key_id), codes[one.key]), "created_at": now(),
            })  # fmt: skip
    study.add_passes(session, rows=new)
    journal.note(
        session, subject=Subject.member, ids=[one["member_id"] for one in new], what="study link", why=programme.code
    )
    return codes


def _open(session: Session, programme: Programme, organisation_id: int) -> StudyGroup:
    generation = study.next_generation(session, programme_id=programme.key, organisation_id=organisation_id)
    key_id = settings().secret_id
    hashed = look_up_hash(key(key_id), group_token(programme.key, organisation_id, generation, key_id))
    made = StudyGroup(
        programme_id=programme.key, organisation_id=organisation_id, generation=generation, key_id=key_id,
        token_hash=hashed, created_at=now(),
    )  # fmt: skip
    why = _whose(organisation_id)
    journal.note(session, subject=Subject.programme, ids=[programme.key], what="page opened", why=why)
    return study.add_group(session, group=made)


def _whose(organisation_id: int) -> str:
    return f"组织 {organisation_id}"


def own_group(session: Session, programme: Programme, organisation_id: int, organisation: str) -> StudyGroup:
    """The organisation's open page; RuleBroken without one."""
    group = study.live_group(session, programme_id=programme.key, organisation_id=organisation_id)
    if group is None:
        raise RuleBroken(f"“{organisation}”还没有学习页面，请先运行“programme page {programme.code} {organisation}”。")
    return group


def within(session: Session, code: str, organisation: str) -> tuple[Programme, int]:
    """A programme, and an organisation that belongs to its tree."""
    programme = programmes.by_code(session, code=code)
    found = organisations.by_name(session, name=organisation)
    if found.key not in organisations.tree_ids(session, root_id=programme.organisation_id):
        raise RuleBroken(f"“{organisation}”不在 {code} 所属组织的下级里，请核对组织的名称。")
    return programme, found.key


def _require_public_url() -> None:
    if not settings().public_url:
        raise RuleBroken("没有设置 QIANLI_PUBLIC_URL，党员打不开网页；请先设置公开的网址。")


def _address(group: StudyGroup) -> str:
    made = group_token(group.programme_id, group.organisation_id, group.generation, group.key_id)
    return f"{(settings().public_url or '').rstrip('/')}/s/{made}"


@dataclass(frozen=True)
class Visitor:
    """Who looks: the page's group, and the member if they came with their own link."""

    group: StudyGroup
    token: str
    member: Member | None = None
    code: str = ""


def visitor(written: str, own: str | None, *, address: str) -> Visitor:
    """Whom a link lets in. NotFound alike for whatever leads nowhere; TooManyTries after too many of them."""
    plain = written.strip().upper()
    if len(plain) == LENGTH and set(plain) <= set(ALPHABET):
        with reading() as session:
            group = study.behind_token(session, hashes=look_up_hashes(plain))
            code = normalise(own) if own else None
            member = study.behind_code(session, group=group, hashes=look_up_hashes(code)) if group and code else None
            if group and (own is None or member):
                return Visitor(group, plain, member, code or "")
    count_failure(address)
    raise NotFound(UNKNOWN)


def page_of(own: str, *, address: str) -> str:
    """The path of a member's own page, found by their code alone: the one nearest to their home or host.

    NotFound, TooManyTries as for `visitor`.
    """
    code = normalise(own)
    if code is not None:
        with reading() as session:
            found = study.whose_code(session, hashes=look_up_hashes(code))
            if found:
                programme_id, member = found
                groups = {one.organisation_id: one for one in study.live_groups(session, programme_id=programme_id)}
                pages = nearest({id_: organisations.tree_ids(session, root_id=id_) for id_ in groups})
                homes = [pages[id_] for id_ in (member.organisation_id, member.host_organisation_id) if id_ in pages]
                if homes:
                    return f"/s/{_address(groups[homes[0]]).rpartition('/')[2]}/{code}"
    count_failure(address)
    raise NotFound(UNKNOWN)
