"""The page of one's own organisation in a programme, from the console: open it, close it, and each member's link."""

from qianli.stages import study_links
from qianli.stages.programme_pages import within
from qianli.stages.unit import reading
from qianli.store import organisation_tree
from qianli.store.scope import Scope


def open_page(scope: Scope, code: str, *, by: str) -> None:
    """Open it; RuleBroken without a public address."""
    study_links.open_page(code, _own(scope, code), by=by)


def close_page(scope: Scope, code: str, *, by: str) -> None:
    """Its link leads nowhere from now on."""
    study_links.close_page(code, _own(scope, code), by=by)


def links(scope: Scope, code: str, *, by: str) -> bytes:
    """Each member's own link as a spreadsheet; RuleBroken without an open page."""
    return study_links.links_table(study_links.own_links(code, _own(scope, code), by=by), filename="links.xlsx")


def _own(scope: Scope, code: str) -> str:
    """The organisation of this scope within the programme, by its whole path."""
    with reading() as session:
        _, root_id = within(session, scope, code)
        return organisation_tree.nodes(session, root_id=root_id, counted=False)[0].path
