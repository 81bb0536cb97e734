"""Rehearsing: what would happen, in plain words and on paper, before anything does."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from models import Role
from qianli.errors import RuleBroken
from qianli.stages import console, rehearse
from qianli.stages.artefacts import fetch
from qianli.web.console import words
from qianli.web.console.frame import console_page
from qianli.web.console.who import Form, Who, forbid_unless
from qianli.web.pages import GET

router = APIRouter()
HERE = "/console/campaigns/{code}/rehearsal"
#: The samples are letters to real people.
SEE = {Role.organiser, Role.approver, Role.administrator}


@router.post(HERE)
def act(code: str, who: Who, _form: Form) -> HTMLResponse:
    """Work it out anew, and say it."""
    campaign = console.headed(who.scope, code)
    forbid_unless(who, SEE)
    try:
        done = rehearse.rehearse(code, by=who.actor)
    except RuleBroken as error:
        wrong = words.plain(error.message)
        return console_page("rehearsal.html", who, status=409, campaign=campaign, sentences=[], wrong=wrong)
    return console_page("rehearsal.html", who, campaign=campaign, sentences=done.sentences, wrong="")


@router.api_route(HERE + ".pdf", methods=GET)
def file(code: str, who: Who) -> Response:
    """Samples and sums on paper, as rehearsed last."""
    console.headed(who.scope, code)
    forbid_unless(who, SEE)
    headers = {"Content-Disposition": 'attachment; filename="rehearsal.pdf"'}
    return Response(console.rehearsal_of(who.scope, code, fetch), media_type="application/pdf", headers=headers)
