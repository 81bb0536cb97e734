"""Through whom a programme tells of new items, who wants to be told, and taking a member's own link away."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from models import Member, Programme, StudyPass, Subject
from qianli.channels.connected import REGISTRY
from qianli.channels.live import To
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.receipts.codes import look_up_hash
from qianli.settings import settings
from qianli.stages import channel_accounts, typed
from qianli.stages.codes import key
from qianli.stages.message_channels import NAME_BY_HAND
from qianli.stages.study_links import give_codes, own_group, within
from qianli.stages.study_paths import own_code
from qianli.stages.unit import now, writing
from qianli.store import journal, programmes, study
from qianli.store import study_notices as store
from qianli.store.messages import BY_HAND

WANTED, DECLINED = "study notices wanted", "study notices declined"


@dataclass(frozen=True)
class Told:
    """Through which account, what it is called, and what a third party learns; empty if nobody is told."""

    account: str
    name: str
    third_party_data: str


def members_through(code: str, account: str, *, by: str) -> Told:
    """Members who want to be told are told through this account from now on; empty: they are not."""
    told = _told(account, to_group=False)
    with writing(by) as session:
        programme = programmes.by_code(session, code=code)
        if (programme.channel or "") != account:
            programme.channel = account or None
            session.add(programme)
            store.withdraw(session, programme_id=programme.key, at=now())
            why = account or "不再提醒"
            journal.note(session, subject=Subject.programme, ids=[programme.key], what="members told", why=why)
    return told


def group_through(code: str, organisation: str, account: str, *, by: str) -> Told:
    """The group of an organisation's page is told through this robot from now on; empty: it is not."""
    told = _told(account, to_group=True)
    with writing(by) as session:
        programme, organisation_id = within(session, code, organisation)
        group = own_group(session, programme, organisation_id, organisation)
        if (group.channel or "") != account:
            group.channel = account or None
            session.add(group)
            store.withdraw(session, programme_id=programme.key, at=now(), group_id=organisation_id)
            why = f"组织 {organisation_id}：{account or '不再提醒'}"
            journal.note(session, subject=Subject.programme, ids=[programme.key], what="group told", why=why)
    return told


def _told(account: str, *, to_group: bool) -> Told:
    """The account, if it is on and speaks to such receivers."""
    if not account:
        return Told("", "", "")
    if account == BY_HAND:
        return Told(BY_HAND, NAME_BY_HAND, "")
    usable = {one.account.code: one for one in channel_accounts.usable()}
    if account not in usable:
        raise NotFound(f"没有接通的消息账号“{account}”，可用“channel list”查看哪个接通了、还缺什么。")
    module = REGISTRY.modules[usable[account].account.module]
    if (module.TO is To.group) is not to_group:
        needed = "群机器人的账号，如企业微信群机器人" if to_group else "能发给本人的账号，如短信"
        raise BadInput(f"“{account}”是{module.NAME}，这里要用{needed}。")
    data = getattr(module, "DATA", "") if getattr(module, "THIRD_PARTY", False) else ""
    return Told(account, module.NAME, data)


def note_wanted(code: str, members: Sequence[str], *, wanted: bool, by: str) -> int:
    """These members told us whether they want to be told; the answer is for how many that is new."""
    with writing(by) as session:
        programme = programmes.by_code(session, code=code)
        people = typed.members_of(session, members)
        if wanted and (alone := [one.key for one in people if one.do_not_contact or not one.phone]):
            raise RuleBroken(
                f"编号 {'、'.join(map(str, alone))} 没有电话，或本人要求不再联系，不能提醒；请核对后去掉。"
            )
        give_codes(session, programme, people if wanted else [])
        return len(wish(session, programme, [one.key for one in people], wanted=wanted))


def wish(session: Session, programme: Programme, member_ids: Sequence[int], *, wanted: bool) -> list[int]:
    """Write down whether they want to be told; the answer is those for whom that is new."""
    known = study.passes(session, programme_id=programme.key, member_ids=member_ids)
    new = store.want(session, pass_ids=[one.key for one in known.values()], since=now() if wanted else None)
    if not wanted:
        store.withdraw(session, programme_id=programme.key, at=now(), member_ids=new)
    what = WANTED if wanted else DECLINED
    journal.note(session, subject=Subject.member, ids=new, what=what, why=programme.code)
    return new


def carry_wishes(session: Session, gone: Member, kept: Member) -> None:
    """A record was merged: who wanted to be told still does. Codes stay: an old one leads to the record that counts."""
    if not kept.phone or kept.do_not_contact:
        return
    for programme_id in store.wished(session, member_id=gone.key):
        programme = session.get_one(Programme, programme_id)
        give_codes(session, programme, [kept])
        wish(session, programme, [kept.key], wanted=True)


def revoke(code: str, member: str, *, by: str) -> bool:
    """A member's own link leads nowhere from now on, and the next list of links has another; False if there is none."""
    with writing(by) as session:
        programme = programmes.by_code(session, code=code)
        person = typed.member(session, member)
        found = study.passes(session, programme_id=programme.key, member_ids=[person.key]).get(person.key)
        if found is None:
            return False
        _renew(programme, person, found)
        session.add(found)
        store.withdraw(session, programme_id=programme.key, at=now(), member_ids=[person.key])
        journal.note(session, subject=Subject.member, ids=[person.key], what="study link revoked", why=programme.code)
        return True


def _renew(programme: Programme, person: Member, found: StudyPass) -> None:
    found.generation += 1
    found.key_id = settings().secret_id
    code = own_code(programme.key, person.key, found.generation, found.key_id)
    found.code_hash = look_up_hash(key(found.key_id), code)
