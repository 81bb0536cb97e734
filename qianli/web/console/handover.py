"""What couriers took and left: the manifests of a campaign, their papers, and the signed records."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from qianli.errors import NotFound
from qianli.stages import console, manifests, sealing
from qianli.stages.artefacts import fetch
from qianli.web.console import words
from qianli.web.console.frame import console_page
from qianli.web.console.who import MAY, Who, require
from qianli.web.pages import GET

router = APIRouter()
HERE = "/console/campaigns/{code}/handover"


@router.api_route(HERE, methods=GET)
def look(code: str, who: Who) -> HTMLResponse:
    """Every manifest, the newest first, with what was left and why."""
    campaign = console.headed(who.scope, code)
    found = manifests.list_manifests(code)[::-1]
    return console_page(
        "handover.html", who, campaign=campaign, manifests=found, may="print" in MAY[who.role], words=words
    )


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
