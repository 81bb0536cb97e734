"""Sampling: draw some of those that were sent something, take what they say in one tap, compare with the records."""

from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models import Finding
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.folding import whole_number
from qianli.stages import console, sample_pages, samples
from qianli.stages.artefacts import fetch
from qianli.stages.signing_in import SignedIn
from qianli.web.console import words
from qianli.web.console.frame import console_page
from qianli.web.console.who import MAY, Form, Who, require
from qianli.web.pages import GET

router = APIRouter()
HERE = "/console/campaigns/{code}/samples"
ONE = HERE + "/{number}"
MOST_SHOWN = 50
#: What the form for drawing begins with.
USUAL = {"margin": "5", "confidence": "95"}


@router.api_route(HERE, methods=GET)
def look(code: str, who: Who) -> HTMLResponse:
    """Every sample in sums, and the form for the next."""
    return _page(code, who)


def _page(
    code: str, who: SignedIn, *, status: int = 200, wrong: str = "", form: Mapping[str, str] = USUAL
) -> HTMLResponse:
    return console_page(
        "samples.html",
        who,
        status=status,
        campaign=console.headed(who.scope, code),
        samples=sample_pages.listed(who.scope, code),
        branches=console.branches(who.scope),
        may="calls" in MAY[who.role],
        words=words,
        form=form,
        wrong=words.plain(wrong),
    )


@router.post(HERE)
def draw(code: str, who: Who, form: Form) -> Response:
    """Draw, and go to whom was drawn; the same question again is the same sample."""
    console.campaign_id_of(who.scope, code)
    require(who, "calls")
    organisation = console.require_branch(who.scope, form.get("organisation", ""))
    try:
        made = samples.sample(
            code, organisation=organisation, margin_percent=_number(form, "margin", "允许误差"),
            confidence_percent=_number(form, "confidence", "把握程度"), again="again" in form, by=who.actor,
        )  # fmt: skip
    except (BadInput, RuleBroken) as error:
        return _page(code, who, status=409, wrong=error.message, form=form)
    return RedirectResponse(ONE.format(code=code, number=made.seen.number), status_code=303)


def _number(form: Mapping[str, str], name: str, label: str) -> int:
    percent = whole_number(form.get(name, "").strip(), 99)
    if percent is None:
        raise BadInput(f"{label}请写成整数。")
    return percent


@router.api_route(ONE, methods=GET)
def one(code: str, number: int, who: Who) -> HTMLResponse:
    """Whom was drawn, and what is found so far; names and telephone numbers are for those who call."""
    return _one(code, number, who)


def _one(code: str, number: int, who: SignedIn, *, status: int = 200, said: str = "", wrong: str = "") -> HTMLResponse:
    may = "calls" in MAY[who.role]
    found = sample_pages.look(who.scope, code, number)
    return console_page(
        "sample.html",
        who,
        status=status,
        campaign=console.headed(who.scope, code),
        found=found,
        people=found.people[:MOST_SHOWN] if may else [],
        rest=max(len(found.people) - MOST_SHOWN, 0) if may else 0,
        may=may,
        words=words,
        said=said,
        wrong=words.plain(wrong),
    )


@router.post(ONE)
def note(code: str, number: int, who: Who, form: Form) -> HTMLResponse:
    """What one of them said."""
    console.campaign_id_of(who.scope, code)
    require(who, "calls")
    try:
        finding = Finding(form.get("finding", ""))
    except ValueError as error:
        raise NotFound("没有这个选项。") from error
    shown = sample_pages.note(who.scope, code, number, form.get("number", "")[:60], finding, by=who.actor)
    return _one(code, number, who, said=f"{shown} 已登记：{words.FINDING[finding]}。")


@router.post(ONE + "/sheet.pdf")
def sheet(code: str, number: int, who: Who, _form: Form) -> Response:
    """The sheet to take along; by POST, since it may have to be drawn."""
    console.campaign_id_of(who.scope, code)
    require(who, "calls")
    try:
        name, content = sample_pages.sheet(who.scope, code, number, fetch=fetch, by=who.actor)
    except RuleBroken as error:
        return _one(code, number, who, status=409, wrong=error.message)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/pdf", headers=headers)
