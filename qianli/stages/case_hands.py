"""Who of the staff sees to a case: somebody who may, of the organisation it belongs to or one above it."""

from collections.abc import Collection, Sequence

from sqlmodel import Session

from models import Role
from qianli.errors import BadInput, NotFound
from qianli.stages.unit import reading, writing
from qianli.store import case_hands as store
from qianli.store import case_lists, users
from qianli.store.scope import Scope

#: Whose business cases can be at all.
ROLES = (Role.organiser, Role.administrator)
EVERYTHING = Scope(None)


def assign(scope: Scope, ids: Collection[int], *, to: str | None, by: str) -> int:
    """Give open cases to somebody by login, or to nobody; the answer is how many changed."""
    with writing(by) as session:
        found = case_lists.listed(session, scope=scope, only=ids)
        if gone := set(ids) - {one.case.key for one in found}:
            shown = "、".join(map(str, sorted(gone)[:5]))
            raise NotFound(f"没有编号为 {shown} 的待处理问题，或者它已经办结；可用“case list”查看。")
        login = (to or "").strip().lower()
        if not login:
            return store.give(session, ids=ids, user_id=None, what="freed")
        user = users.by_login(session, login=login)
        if user is None or user.disabled_at is not None:
            raise NotFound(f"没有登录名为“{login}”的工作人员，可用“user list”查看。")
        able = store.able(session, organisation_ids={one.organisation_id for one in found}, roles=ROLES)
        if any(user.key not in {one[0] for one in able.get(each.organisation_id, ())} for each in found):
            raise BadInput(f"{user.name}办不了这件问题：请选它所属组织或上级组织的经办人或管理员。")
        return store.give(session, ids=ids, user_id=user.key, what="given", login=login)


def take(scope: Scope, id_: int, *, user_id: int, by: str) -> bool:
    """Whoever asks sees to this case; False if they did already."""
    with writing(by) as session:
        if not case_lists.listed(session, scope=scope, only=[id_]):
            raise NotFound("没有这个问题，或者它已经办结。")
        return bool(store.give(session, ids=[id_], user_id=user_id, what="taken"))


def of(session: Session, organisation_id: int) -> list[tuple[str, str]]:
    """Login and name of whoever may see to the cases of an organisation."""
    found = store.able(session, organisation_ids=[organisation_id], roles=ROLES)
    return [(login, name) for _, login, name in found.get(organisation_id, ())]


def able(listed: Sequence[case_lists.Listed]) -> dict[int, dict[str, str]]:
    """Case id → login and name of whoever may see to it."""
    with reading() as session:
        found = store.able(session, organisation_ids={one.organisation_id for one in listed}, roles=ROLES)
    named = {of: {login: name for _, login, name in people} for of, people in found.items()}
    return {one.case.key: named.get(one.organisation_id, {}) for one in listed}
