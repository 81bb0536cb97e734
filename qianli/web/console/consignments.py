"""One consignment's life on one page, reached by its number or by scanning any paper of it."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models import Role, Said, SaidVia
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.folding import whole_number
from qianli.stages import lives, receipts
from qianli.stages.signing_in import SignedIn
from qianli.web.console import words
from qianli.web.console.frame import console_page
from qianli.web.console.who import MAY, Form, Who, forbid_unless, require
from qianli.web.pages import GET

router = APIRouter()
#: Who works with names and addresses; the others see them masked.
MOST_PHOTOS = 999
WHOLE = {Role.organiser, Role.approver, Role.administrator}


@router.post("/console/find")
def find(who: Who, form: Form) -> Response:
    """By POST: a confirmation code does not belong into an address or a log."""
    return RedirectResponse(f"/console/consignments/{lives.find(who.scope, form.get('what', ''))}", status_code=303)


@router.api_route("/console/consignments/{number}", methods=GET)
def look(number: str, who: Who) -> HTMLResponse:
    """Its life."""
    return _page(number, who)


def _page(number: str, who: SignedIn, *, status: int = 200, said: str = "", wrong: str = "") -> HTMLResponse:
    found = lives.life(who.scope, number, whole=who.role in WHOLE)
    return console_page(
        "consignment.html",
        who,
        status=status,
        life=found,
        words=words,
        may=found.awaits and "calls" in MAY[who.role],
        said=said,
        wrong=words.plain(wrong),
    )


@router.post("/console/consignments/{number}")
def note(number: str, who: Who, form: Form) -> HTMLResponse:
    """What a member answered who was told something, by telephone or face to face."""
    found = lives.life(who.scope, number, whole=False)
    require(who, "calls")
    if not found.told:
        raise NotFound("寄送的答复请在“打电话”页登记。")
    try:
        said, via = Said(form.get("said", "")), SaidVia(form.get("via", ""))
        receipts.record_by_member(found.campaign_code, number, said=said, via=via, by=who.actor)
    except ValueError as error:
        raise NotFound("没有这个选项。") from error
    except (BadInput, RuleBroken) as error:
        return _page(number, who, status=409, wrong=error.message)
    return _page(number, who, said="已登记本人的答复。")


@router.api_route("/console/consignments/{number}/photos/{position}.jpg", methods=GET)
def photo(number: str, position: str, who: Who) -> Response:
    """A picture the member sent, for those who work with names and addresses."""
    lives.find(who.scope, number)
    forbid_unless(who, WHOLE)
    place = whole_number(position, MOST_PHOTOS) or 0
    return Response(lives.photo(who.scope, number, place), media_type="image/jpeg")
