"""One consignment's life on one page, reached by its number or by scanning any paper of it."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models import Role
from qianli.folding import whole_number
from qianli.stages import lives
from qianli.web.console import words
from qianli.web.console.frame import console_page
from qianli.web.console.who import Form, Who, forbid_unless
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
    found = lives.life(who.scope, number, whole=who.role in WHOLE)
    return console_page("consignment.html", who, life=found, words=words)


@router.api_route("/console/consignments/{number}/photos/{position}.jpg", methods=GET)
def photo(number: str, position: str, who: Who) -> Response:
    """A picture the member sent, for those who work with names and addresses."""
    lives.find(who.scope, number)
    forbid_unless(who, WHOLE)
    place = whole_number(position, MOST_PHOTOS) or 0
    return Response(lives.photo(who.scope, number, place), media_type="image/jpeg")
