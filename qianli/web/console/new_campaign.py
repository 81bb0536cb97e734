"""A new campaign: a form that counts whom it is for and shows the letter, before anything is registered."""

from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from qianli.couriers.registry import COURIERS
from qianli.documents.designs import DESIGNS
from qianli.documents.letter_text import PLACEHOLDERS
from qianli.errors import BadInput, Conflict, NotFound
from qianli.stages import audiences, console, message_channels, new_campaigns
from qianli.stages.signing_in import SignedIn
from qianli.web.console.frame import console_page
from qianli.web.console.uploads import Upload
from qianli.web.console.who import Who, require
from qianli.web.pages import GET
from qianli.web.plain import plain

router = APIRouter()
HERE = "/console/new"
LABELS = {
    "roll_100x150": "卷纸 100×150 毫米", "roll_76x130": "卷纸 76×130 毫米", "roll_100x180": "卷纸 100×180 毫米",
    "a4_sheet": "A4，一页四张",
}  # fmt: skip
MANAGED_AS = {"home": "组织关系在这里的", "host": "流入这里、由这里管理的", "either": "两种都算"}
POSTAGE_EXAMPLE = """中国邮政，不超过 15000 克：
省内（贵州）首重 1000 克 6 元，续重 1000 克 1.50 元
边远（新疆、西藏）首重 1000 克 15 元，续重 500 克 6 元
其余各省 首重 1000 克 10 元，续重 1000 克 4 元
其余快递：
全国 首重 1000 克 18 元，续重 1000 克 8 元"""
#: What a new form begins with.
BEGIN = {
    "outside_content": "图书、纪念品", "courier": "china_post", "design": "red_letter", "labels": "roll_100x150",
    "managed_as": "home", "consolidate": "none", "postage": "1000 9.00\n3000 14.00\n5000 21.00",
    "text": "{姓名}{称谓}：\n\n",
}  # fmt: skip


@router.api_route(HERE, methods=GET)
def begin(who: Who) -> HTMLResponse:
    """An empty form."""
    require(who, "prepare")
    return _page(who, BEGIN)


def wrong(error: BadInput | Conflict | NotFound | None) -> str:
    """What is wrong with a form, as a page says it; empty if nothing is."""
    return plain(error.message.replace("定义文件有错，请改正后重试：", "有的地方要改：")) if error else ""


def problems(error: BadInput | Conflict | NotFound | None, labels: Mapping[str, str]) -> list[str]:
    """Each mistake, with the form's own words for what it names."""
    return [plain(new_campaigns.plain(one, labels)) for one in getattr(error, "problems", [])]


def _page(
    who: SignedIn,
    fields: Mapping[str, str],
    *,
    counted: audiences.Audience | None = None,
    supply: new_campaigns.Supply | None = None,
    error: BadInput | Conflict | NotFound | None = None,
) -> HTMLResponse:
    return console_page(
        "new_campaign.html",
        who,
        status=422 if error else 200,
        fields=fields,
        counted=counted,
        supply=supply,
        wrong=wrong(error),
        problems=problems(error, new_campaigns.LABELS),
        branches=console.branches(who.scope),
        kits=new_campaigns.kits_there_are(),
        couriers=[(one.code, one.name) for one in COURIERS.values()],
        designs=[(code, one.label) for code, one in DESIGNS.items()],
        placeholders=PLACEHOLDERS,
        labels=LABELS,
        trackers=new_campaigns.trackers(),
        channels=message_channels.offered(),
        trackers_chosen=any(name.startswith("tracker_") for name in fields),
        postage_example=POSTAGE_EXAMPLE,
        managed_as=MANAGED_AS,
    )


@router.post(HERE)
def go_on(who: Who, sent: Upload) -> Response:
    """Count, show the letter, or register a draft."""
    require(who, "prepare")
    fields = {name: value.replace("\r\n", "\n") for name, value in sent.fields.items() if name != "csrf"}
    console.require_branch(who.scope, fields.get("organisation", ""))
    console.require_named(who.scope, new_campaigns.organisations_named(fields))
    try:
        if fields.get("do") == "count":
            counted = new_campaigns.count(fields)
            return _page(who, fields, counted=counted, supply=new_campaigns.supply(fields, counted.members))
        if fields.get("do") == "picture":
            return Response(new_campaigns.picture(fields), media_type="image/png")
        made = new_campaigns.register(fields, by=who.actor)
    except (BadInput, Conflict, NotFound) as error:
        return _page(who, fields, error=error)
    return RedirectResponse(f"/console/campaigns/{made.code}", status_code=303)
