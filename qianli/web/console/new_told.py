"""A new campaign by message or by telephone: counted and read before anything is registered."""

from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models import Channel
from qianli.errors import BadInput, Conflict, NotFound
from qianli.stages import audiences, console, new_campaigns, new_told
from qianli.stages.signing_in import SignedIn
from qianli.web.console.frame import console_page
from qianli.web.console.new_campaign import MANAGED_AS, problems, wrong
from qianli.web.console.uploads import Upload
from qianli.web.console.who import Who, require
from qianli.web.pages import GET

router = APIRouter()
HERE = "/console/new/{channel}"
#: What a new form begins with.
BEGIN = {
    Channel.message: {"words": "{姓名}{称谓}您好，请点 {链接} 看一看，看到了说一声。{落款}", "channel_file": "on"},
    Channel.phone: {"words": "{姓名}{称谓}您好，我是{落款}的。"},
}


def _told(channel: str) -> Channel:
    if channel not in list(BEGIN):
        raise NotFound("没有这种活动。")
    return Channel(channel)


@router.api_route(HERE, methods=GET)
def begin(channel: str, who: Who) -> HTMLResponse:
    """An empty form."""
    require(who, "prepare")
    one = _told(channel)
    return _page(one, who, {"managed_as": "home", **BEGIN[one]})


def _page(
    channel: Channel,
    who: SignedIn,
    fields: Mapping[str, str],
    *,
    counted: audiences.Audience | None = None,
    preview: new_told.Preview | None = None,
    error: BadInput | Conflict | NotFound | None = None,
) -> HTMLResponse:
    return console_page(
        "new_told.html",
        who,
        status=422 if error else 200,
        channel=channel.value,
        fields=fields,
        counted=counted,
        preview=preview,
        wrong=wrong(error),
        problems=problems(error, new_told.LABELS),
        branches=console.branches(who.scope),
        managed_as=MANAGED_AS,
        placeholders=new_told.placeholders(channel),
        channels=new_told.channels() if channel is Channel.message else {},
    )


@router.post(HERE)
def go_on(channel: str, who: Who, sent: Upload) -> Response:
    """Count, show what is said, or register a draft."""
    require(who, "prepare")
    one = _told(channel)
    fields = {name: value.replace("\r\n", "\n") for name, value in sent.fields.items() if name != "csrf"}
    console.require_branch(who.scope, fields.get("organisation", ""))
    console.require_named(who.scope, new_campaigns.organisations_named(fields))
    try:
        if fields.get("do") == "count":
            return _page(one, who, fields, counted=new_told.count(one, fields))
        if fields.get("do") == "preview":
            return _page(one, who, fields, preview=new_told.preview(one, fields))
        made = new_told.register(one, fields, by=who.actor)
    except (BadInput, Conflict, NotFound) as error:
        return _page(one, who, fields, error=error)
    return RedirectResponse(f"/console/campaigns/{made.code}", status_code=303)
