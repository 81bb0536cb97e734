"""What couriers took and left: the manifests of a campaign, their papers, and the signed records."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from qianli.documents.qr import symbol
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.settings import settings
from qianli.stages import console, manifest_links, manifests, sealing
from qianli.stages.artefacts import fetch
from qianli.stages.signing_in import SignedIn
from qianli.web.console import words
from qianli.web.console.frame import console_page
from qianli.web.console.who import MAY, Form, Who, require
from qianli.web.pages import GET

router = APIRouter()
HERE = "/console/campaigns/{code}/handover"


@router.api_route(HERE, methods=GET)
def look(code: str, who: Who) -> HTMLResponse:
    """Every manifest, the newest first, with what was left and why."""
    return _page(code, who)


def _page(
    code: str, who: SignedIn, *, link: manifest_links.Linked | None = None, said: str = "", wrong: str = "",
    status: int = 200,
) -> HTMLResponse:  # fmt: skip
    campaign = console.headed(who.scope, code)
    found = manifests.list_manifests(code)[::-1]
    return console_page(
        "handover.html", who, status=status, campaign=campaign, manifests=found, may="print" in MAY[who.role],
        words=words, link=link, qr=symbol(link.url).svg_inline(scale=4, border=4, light="#fff") if link else "",
        days=settings().manifest_link_days, said=said, wrong=wrong,
    )  # fmt: skip


@router.post(HERE)
def link(code: str, who: Who, form: Form) -> HTMLResponse:
    """The link by which a courier takes over one manifest: shown to be handed on, or ended."""
    require(who, "print")
    console.headed(who.scope, code)
    number = form.get("number", "")
    if number not in {one.number for one in manifests.list_manifests(code)}:
        raise NotFound("没有这张交接单。")
    try:
        if form.get("act") == "revoke":
            done = manifest_links.revoke(number, by=who.actor)
            said = "没有链接，不用停用。" if done.already else "链接已停用，打不开了；要用时可以再给一个新的。"
            return _page(code, who, said=f"{number}：{said}")
        return _page(code, who, link=manifest_links.link(number, by=who.actor))
    except (BadInput, RuleBroken) as error:
        return _page(code, who, wrong=words.plain(error.message), status=409)


@router.api_route(HERE + "/{number}/{name}", methods=GET)
def paper(code: str, number: str, name: str, who: Who) -> Response:
    """The paper of a sealed manifest, or the record both sides keep, for those who print."""
    console.headed(who.scope, code)
    require(who, "print")
    paths = {"manifest.pdf": sealing.paths(code, number)[0], "record.pdf": sealing.record_path(code, number)}
    if number not in {one.number for one in manifests.list_manifests(code)} or name not in paths:
        raise NotFound("没有这张交接单。")
    try:
        content = fetch(paths[name])
    except FileNotFoundError as error:
        raise NotFound("这份文件还没有做好，或者已经按期清除。") from error
    headers = {"Content-Disposition": f'attachment; filename="{number}-{name}"'}
    return Response(content, media_type="application/pdf", headers=headers)
