"""The packing table: slip and letters are scanned together, or everything is packed in one tap."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from models import ParcelStage
from qianli.errors import BadInput
from qianli.stages import console, pairing
from qianli.stages.pairing import Outcome, Table
from qianli.stages.signing_in import SignedIn
from qianli.web.console import words
from qianli.web.console.frame import console_page
from qianli.web.console.who import MAY, Form, Who, require
from qianli.web.pages import GET

router = APIRouter()
HERE = "/console/campaigns/{code}/packing"
LONGEST = 4_000  # of what was scanned before


@router.api_route(HERE, methods=GET)
def look(code: str, who: Who) -> HTMLResponse:
    """An empty table."""
    return _page(code, who, pairing.empty())


def _page(code: str, who: SignedIn, table: Table, status: int = 200) -> HTMLResponse:
    counts = console.parcel_counts(who.scope, code)
    return console_page(
        "packing.html",
        who,
        status=status,
        campaign=console.headed(who.scope, code),
        table=table,
        is_wrong=table.outcome is Outcome.wrong,
        is_done=table.outcome in (Outcome.packed, Outcome.already),
        said=words.plain(table.said),
        may="pack" in MAY[who.role],
        waiting=counts[ParcelStage.printed],
        packed=counts[ParcelStage.packed],
        unprinted=counts[ParcelStage.planned],
    )


@router.post(HERE)
def scan(code: str, who: Who, form: Form) -> HTMLResponse:
    """One more paper was scanned."""
    console.campaign_id_of(who.scope, code)
    require(who, "pack")
    letters = form.get("letters", "")[:LONGEST].split()
    slip = form.get("slip", "")[:40]
    try:
        table = pairing.scan(who.scope, code, form.get("what", "")[:200], slip=slip, letters=letters, by=who.actor)
    except BadInput as error:
        table = Table(Outcome.wrong, error.message, slip, tuple(letters))
    return _page(code, who, table, 409 if table.outcome is Outcome.wrong else 200)
