"""Rehearsing: what would happen, in plain words and on paper, before anything does."""

from threading import BoundedSemaphore

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from models import CampaignState, Role
from qianli.documents.pictures import png_page
from qianli.errors import NotFound, RuleBroken
from qianli.folding import whole_number
from qianli.kits.definition import yuan
from qianli.stages import console, rehearse
from qianli.stages.artefacts import fetch
from qianli.web.console import words
from qianli.web.console.frame import console_page
from qianli.web.console.who import MAY, Form, Who, forbid_unless
from qianli.web.pages import GET

router = APIRouter()
HERE = "/console/campaigns/{code}/rehearsal"
#: The samples are letters to real people.
SEE = {Role.organiser, Role.approver, Role.administrator}
#: How fine a page is drawn, beside nine others and alone.
SIZES = {"small": 60, "large": 130}
MOST_PAGES = 9999  # no paper has more
TURNS = BoundedSemaphore(2)  # drawing takes a core while it lasts


@router.post(HERE)
def act(code: str, who: Who, _form: Form) -> HTMLResponse:
    """Work it out anew, and say it; whoever may approve can do so below it."""
    campaign = console.headed(who.scope, code)
    forbid_unless(who, SEE)
    try:
        done = rehearse.drawn(code, by=who.actor)
    except RuleBroken as error:
        wrong = words.plain(error.message)
        return console_page("rehearsal.html", who, status=409, campaign=campaign, done=None, wrong=wrong)
    return console_page(
        "rehearsal.html",
        who,
        campaign=campaign,
        done=done,
        form=done.form,
        wrong="",
        yuan=yuan,
        to_sign=console.to_sign(who.scope, code) if campaign.state is CampaignState.prepared else None,
        may="approve" in MAY[who.role],
        most=rehearse.MOST_TOLD,
    )


@router.api_route(HERE + ".pdf", methods=GET)
def file(code: str, who: Who) -> Response:
    """Samples and sums on paper, as rehearsed last."""
    console.headed(who.scope, code)
    forbid_unless(who, SEE)
    headers = {"Content-Disposition": 'attachment; filename="rehearsal.pdf"'}
    return Response(
        console.paper_of(who.scope, code, "rehearsal.pdf", fetch), media_type="application/pdf", headers=headers
    )


@router.api_route(HERE + "/{number}-{size}.png", methods=GET)
def picture(code: str, number: str, size: str, who: Who) -> Response:
    """One page of the same paper, as a picture."""
    console.headed(who.scope, code)
    forbid_unless(who, SEE)
    content = console.paper_of(who.scope, code, "rehearsal.pdf", fetch)
    drawn, wanted = None, whole_number(number, MOST_PAGES)
    if size in SIZES and wanted is not None:
        with TURNS:
            drawn = png_page(content, wanted, SIZES[size])
    if drawn is None:
        raise NotFound("预演报告没有这一页。")
    return Response(drawn, media_type="image/png")
