"""The tree of organisations: adding, changing and moving nodes, and looking at it with its members counted."""

from sqlmodel import Session

from models import Organisation, OrganisationKind
from qianli.errors import BadInput, Conflict, NotFound
from qianli.folding import fold
from qianli.stages.unit import reading, writing
from qianli.store import organisation_tree, organisations
from qianli.store.edits import STALE
from qianli.store.organisation_tree import Node
from qianli.store.scope import Scope

TOP = "（最上级）"


def add(path: str, *, kind: OrganisationKind, by: str) -> bool:
    """Add an organisation, and what is missing above it; False if it is there and of this kind."""
    with writing(by) as session:
        organisation_tree.lock_all(session)
        if found := organisations.find(session, path=path):
            if found.kind is not kind:
                raise BadInput(f"“{found.name}”已经有了，类别不同；要改类别，请用“organisation change”。")
            return False
        made = organisations.find_or_add(session, path=path)
        organisation_tree.change(session, organisation=made, name=made.name, kind=kind)
        return True


def change(path: str, *, name: str | None = None, kind: OrganisationKind | None = None, by: str) -> bool:
    """Another name, another kind, or both; False if nothing was different."""
    if name is None and kind is None:
        raise BadInput("请写明要改什么：--name 新名称，或 --kind 新类别。")
    new = _name(name) if name is not None else None
    with writing(by) as session:
        found = _named(session, path)
        return organisation_tree.change(session, organisation=found, name=new or found.name, kind=kind or found.kind)


def move(path: str, *, under: str | None, by: str) -> bool:
    """Put an organisation with all below it under another, or at the top (None); False if it stands there."""
    with writing(by) as session:
        organisation_tree.lock_all(session)
        above = _named(session, under) if under is not None else None
        return organisation_tree.move(session, organisation=_named(session, path), under=above)


def rename(scope: Scope, organisation_id: int, *, name: str, version: int, by: str) -> bool:
    """Another name for an organisation of this tree; False if it is called so, Conflict if it was changed since."""
    new = _name(name)
    with writing(by) as session:
        found = _own(session, scope, organisation_id, version)
        return organisation_tree.change(session, organisation=found, name=new, kind=found.kind)


def put_under(scope: Scope, organisation_id: int, *, parent: str, version: int, by: str) -> bool:
    """The same with what it stands under: within this tree only, and its own top stays where it is."""
    with writing(by) as session:
        organisation_tree.lock_all(session)
        found = _own(session, scope, organisation_id, version)
        above = _named(session, parent) if parent.strip() else None
        outside = above is None if scope.root_id is not None else False
        if above is not None and organisation_tree.covers(session, scope, organisation_id=above.key) is None:
            outside = True
        if outside or organisation_id == scope.root_id:
            raise NotFound("上级要在您的组织以内；移到别处请找上级组织。")
        return organisation_tree.move(session, organisation=found, under=above)


def _own(session: Session, scope: Scope, organisation_id: int, version: int) -> Organisation:
    found = organisation_tree.covers(session, scope, organisation_id=organisation_id)
    if found is None:
        raise NotFound("没有这个组织，或者它不在您的组织以内。")
    if found.version != version:
        raise Conflict(STALE.format(count=1), id=organisation_id)
    return found


def tree(path: str | None = None) -> list[Node]:
    """An organisation and all below it, or all there are, in the order of a table of contents."""
    with reading() as session:
        root_id = _named(session, path).key if path is not None else None
        return organisation_tree.nodes(session, root_id=root_id)


def _named(session: Session, path: str) -> Organisation:
    return organisations.by_name(session, name=path)


def _name(written: str) -> str:
    name = fold(written)
    if not name or "/" in name or len(name) > organisations.LONGEST:
        raise BadInput(f"组织名称不能为空，不能有“/”，不超过 {organisations.LONGEST} 个字。")
    return name
