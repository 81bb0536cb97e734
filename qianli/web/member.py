"""The members' page: look with GET, which changes nothing; answer with POST, once or as often as one likes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models import Channel, ItemProblem, Said, SaidVia
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.receipts.answers import NOTE_LENGTH, Standing, said_of
from qianli.receipts.wishes import ADDRESS_LENGTH
from qianli.stages import receipt_photos, receipts
from qianli.web.deps import Address, Fields, Form
from qianli.web.pages import GET, page
from qianli.web.wishes import MOVED, is_wish, may_wish, take_wish

router = APIRouter()

ACTOR = "member"
ITEM = "item_"
WELL = "ok"
STATUS = {Standing.open: 200, Standing.preparing: 200, Standing.closed: 410, Standing.cancelled: 410}
REFUSED = {**STATUS, Standing.preparing: 409}


@router.api_route("/", methods=GET)
def landing() -> HTMLResponse:
    """Where somebody arrives who knows the address only."""
    return page("landing.html")


@router.api_route("/r", methods=GET)
@router.api_route("/r/", methods=GET, include_in_schema=False)
def code_form() -> HTMLResponse:
    """A field for the code on the letter."""
    return page("code_form.html", typed="", wrong="")


@router.post("/r")
def typed_code(fields: Fields, address: Address) -> Response:
    """Go to the page of a typed code, or say kindly that it cannot be one."""
    typed = fields.get("code", "")
    if not typed.strip():
        return page("code_form.html", status=422, typed="", wrong="请先填写信上的确认码。")
    try:
        code = receipts.read_code(typed, address=address)
    except BadInput as error:
        return page("code_form.html", status=422, typed=typed[:40], wrong=error.message)
    return _see(code)


@router.api_route("/r/{code}", methods=GET)
def receipt(code: str, address: Address) -> HTMLResponse:
    """What was sent, what to do, and what was said before."""
    try:
        found = receipts.find_by_code(code, address=address)
    except NotFound:
        return _wrong_code()
    return _receipt_page(found, STATUS[found.standing])


@router.post("/r/{code}")
def answer(code: str, form: Form, address: Address) -> Response:
    """Write down what the member says; saying it twice is the same as saying it once."""
    try:
        found = receipts.find_by_code(code, address=address)
    except NotFound:
        return _wrong_code()
    fields = form.fields
    if is_wish(fields) and may_wish(found.standing):
        return _wish(found, fields)
    if found.standing != Standing.open:
        return _receipt_page(found, REFUSED[found.standing])
    if "photos" in fields:
        receipt_photos.take_back(found.consignment_id, by=ACTOR)
        return _see(found.code)
    try:
        said, problems = _answer(fields)
        photo = receipt_photos.taken_in(form.file) if form.file else None
        receipts.record_receipt(
            found.consignment_id,
            said=said,
            problems=problems,
            note=fields.get("note", ""),
            via=SaidVia.page,
            by=ACTOR,
        )
        if photo is not None:
            receipt_photos.keep(found.consignment_id, photo, by=ACTOR)
    except BadInput as error:
        return _receipt_page(found, 422, wrong=error.message, fields=fields)
    return _see(found.code)


def _wish(found: receipts.ReceiptPage, fields: Mapping[str, str]) -> Response:
    try:
        take_wish(found.consignment_id, fields, by=ACTOR)
    except BadInput as error:
        return _receipt_page(found, 422, wrong=error.message, fields=fields)
    except RuleBroken as error:
        return _receipt_page(found, 409, wrong=error.message)
    return _see(found.code)


def _answer(fields: Mapping[str, str]) -> tuple[Said, dict[int, ItemProblem]]:
    """What the form says; several troubles are put in one word."""
    try:
        said = Said(fields.get("said", ""))
        problems = {
            int(name.removeprefix(ITEM)): ItemProblem(value)
            for name, value in fields.items()
            if name.startswith(ITEM) and value != WELL
        }
    except ValueError as error:
        raise BadInput("没有看明白您的选择，请重新选一次。") from error
    return (said_of(problems) if said in (Said.something_missing, Said.damaged) else said), problems


def _see(code: str) -> RedirectResponse:
    return RedirectResponse(f"/r/{code}", status_code=303)


def _wrong_code() -> HTMLResponse:
    return page("wrong_code.html", status=404)


@dataclass(frozen=True)
class Entered:
    """What the forms are filled with: what was sent and could not be taken, or what was said before."""

    said: str = ""
    items: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    wish: str = ""
    address: str = ""
    since: str = ""


def _entered(fields: Mapping[str, str] | None, before: receipts.Before | None) -> Entered:
    if fields is not None and is_wish(fields):
        return Entered(wish=fields.get("wish", MOVED), address=fields.get("address", ""), since=fields.get("since", ""))
    if fields is not None:
        return Entered(fields.get("said", ""), fields, fields.get("note", ""))
    if before is not None:
        items = {f"{ITEM}{id_}": kind.value for id_, kind in before.problems.items()}
        return Entered(before.said.value, items, before.note)
    return Entered()


def _receipt_page(
    found: receipts.ReceiptPage, status: int, *, wrong: str = "", fields: Mapping[str, str] | None = None
) -> HTMLResponse:
    return page(
        f"receipt_{found.standing}.html" if found.channel is Channel.post else "told.html",
        status=status,
        receipt=found,
        wrong=wrong,
        entered=_entered(fields, found.before),
        note_length=NOTE_LENGTH,
        address_length=ADDRESS_LENGTH,
    )
