"""One member on one page, and the forms that correct what the ledger says."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.stages import member_page, members
from qianli.stages.signing_in import SignedIn
from qianli.state_words import ADDRESS, MOVEMENT, SIDE
from qianli.web.console import words
from qianli.web.console.frame import console_page
from qianli.web.console.lists import asks
from qianli.web.console.who import MAY, Form, Who, require
from qianli.web.pages import GET

router = APIRouter()
HERE = "/console/members/{member_id}"


@router.api_route(HERE, methods=GET)
def look(member_id: int, who: Who) -> HTMLResponse:
    """A member of this tree."""
    return _page(who, member_id)


@router.post(HERE + "/{verb}")
def act(member_id: int, verb: str, who: Who, form: Form) -> HTMLResponse:
    """Correct something, and look again."""
    members.require(who.scope, member_id)  # a member of another tree is not there, whatever is asked
    if verb not in member_page.ACTS:
        raise NotFound("没有这一步。")
    require(who, member_page.ACTS[verb].may)
    try:
        said = member_page.act(asks(who), member_id, verb, form)
    except (BadInput, RuleBroken) as error:
        return _page(who, member_id, status=409, wrong=words.plain(error.message))
    return _page(who, member_id, said=said)


def _page(who: SignedIn, member_id: int, *, status: int = 200, said: str = "", wrong: str = "") -> HTMLResponse:
    return console_page(
        "member.html",
        who,
        status=status,
        page=member_page.page(asks(who), member_id),
        acts=member_page.ACTS,
        may="ledger" in MAY[who.role],
        words=words,
        reads=ADDRESS,
        side=SIDE,
        outcome=MOVEMENT,
        said=said,
        wrong=wrong,
    )
