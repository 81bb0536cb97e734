"""The closing report of a campaign: the paper for the file, the spreadsheet to work with."""

from fastapi import APIRouter
from fastapi.responses import Response

from qianli.errors import NotFound
from qianli.stages import console
from qianli.stages.artefacts import fetch
from qianli.web.console.consignments import WHOLE
from qianli.web.console.who import Who, forbid_unless
from qianli.web.pages import GET

router = APIRouter()
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@router.api_route("/console/campaigns/{code}/report.{end}", methods=GET)
def file(code: str, end: str, who: Who) -> Response:
    """As it was made when the campaign was closed; for those who work with names."""
    console.campaign_id_of(who.scope, code)
    forbid_unless(who, WHOLE)
    if end not in MEDIA_TYPES:
        raise NotFound("没有这份文件。")
    content = console.paper_of(who.scope, code, f"closing-report.{end}", fetch)
    headers = {"Content-Disposition": f'attachment; filename="{code}-report.{end}"'}
    return Response(content, media_type=MEDIA_TYPES[end], headers=headers)
