"""The pages of a study programme. GET looks, and counts an opening in sum; what a member says is their own POST."""

from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from qianli.errors import BadInput, Conflict, DatabaseUnavailable, NotFound, RuleBroken, TooManyTries
from qianli.receipts.codes import normalise
from qianli.settings import settings
from qianli.stages import discussions, study_items, study_lists, study_pictures, studying
from qianli.stages.study_links import Visitor, page_of, visitor
from qianli.web.deps import Address, Fields
from qianli.web.pages import GET, page

router = APIRouter(prefix="/s")
Id = Annotated[int, Path(ge=1, le=2**31 - 1)]
After = Annotated[str, Query(max_length=30)]
Number = Annotated[int, Query(alias="page", ge=1, le=1000)]


@router.api_route("/{token}", methods=GET)
def group(token: str, address: Address) -> Response:
    """What an organisation's page lists, for whoever has its link; a member's code alone leads to their own page."""
    if normalise(token) is not None:
        try:
            return RedirectResponse(page_of(token, address=address), status_code=303)
        except (NotFound, TooManyTries) as error:
            return _nowhere(error)
    return _shown(lambda: _list(visitor(token, None, address=address)))


@router.api_route("/{token}/i/{item_id}", methods=GET)
def group_item(token: str, item_id: Id, request: Request, address: Address, after: After = "") -> HTMLResponse:
    """One item; of a discussion what was said after a place, if that is asked."""
    return _shown(lambda: _opened(visitor(token, None, address=address), item_id, request, after))


@router.api_route("/{token}/i/{item_id}/picture.jpg", methods=GET)
def group_picture(token: str, item_id: Id, address: Address) -> Response:
    """An item's picture."""
    return _pictured(lambda: visitor(token, None, address=address), item_id)


@router.api_route("/{token}/c/{column_id}", methods=GET)
def group_column(token: str, column_id: Id, address: Address, number: Number = 1) -> HTMLResponse:
    """One column, further back."""
    return _shown(lambda: _column(visitor(token, None, address=address), column_id, number))


@router.api_route("/{token}/{code}", methods=GET)
def own(token: str, code: str, address: Address) -> HTMLResponse:
    """The same list for a member who came with their own link: what they marked is shown."""
    return _shown(lambda: _list(visitor(token, code, address=address)))


@router.post("/{token}/{code}")
def wish(token: str, code: str, fields: Fields, address: Address) -> Response:
    """Whether the member wants to be told of new items."""
    try:
        who = visitor(token, code, address=address)
    except (NotFound, TooManyTries) as error:
        return _nowhere(error)
    if fields.get("notices") in ("yes", "no"):
        studying.wish_notices(who, wanted=fields["notices"] == "yes")
    return RedirectResponse(_base(who), status_code=303)


@router.api_route("/{token}/{code}/i/{item_id}", methods=GET)
def own_item(token: str, code: str, item_id: Id, request: Request, address: Address, after: After = "") -> HTMLResponse:
    """One item, and the member's taps."""
    return _shown(lambda: _opened(visitor(token, code, address=address), item_id, request, after))


@router.api_route("/{token}/{code}/i/{item_id}/picture.jpg", methods=GET)
def own_picture(token: str, code: str, item_id: Id, address: Address) -> Response:
    """The same, where a member came with their own link."""
    return _pictured(lambda: visitor(token, code, address=address), item_id)


@router.api_route("/{token}/{code}/c/{column_id}", methods=GET)
def own_column(token: str, code: str, column_id: Id, address: Address, number: Number = 1) -> HTMLResponse:
    """One column, further back."""
    return _shown(lambda: _column(visitor(token, code, address=address), column_id, number))


@router.post("/{token}/{code}/i/{item_id}")
def say(token: str, code: str, item_id: Id, fields: Fields, address: Address) -> Response:
    """What the member says of an item; saying it twice is the same as saying it once."""
    return _said(lambda: visitor(token, code, address=address), item_id, fields)


def _said(find: Callable[[], Visitor], item_id: int, fields: dict[str, str]) -> Response:
    try:
        who = find()
        try:
            _take(who, item_id, fields)
        except (BadInput, RuleBroken) as error:
            if isinstance(error, Conflict):
                raise
            status = 422 if isinstance(error, BadInput) else 409
            return _item(who, item_id, status=status, wrong=error.message, text=fields.get("text", ""))
    except (NotFound, TooManyTries) as error:
        return _nowhere(error)
    return RedirectResponse(f"{_base(who)}/i/{item_id}", status_code=303)


def _take(who: Visitor, item_id: int, fields: dict[str, str]) -> None:
    match fields.get("say", ""):
        case "studied":
            studying.mark_studied(who, item_id)
        case "not_studied":
            studying.take_back(who, item_id)
        case "contribute":
            discussions.contribute(who, item_id, fields.get("text", ""))
        case "take_back":
            discussions.take_back(who, item_id)
        case _:
            raise BadInput("没有看明白您点的是什么，请再点一次。")


def _pictured(find: Callable[[], Visitor], item_id: int) -> Response:
    try:
        content = study_pictures.picture(find(), item_id)
    except (NotFound, TooManyTries) as error:
        return _nowhere(error)
    return Response(content, media_type="image/jpeg")


def _shown(draw: Callable[[], HTMLResponse]) -> HTMLResponse:
    try:
        return draw()
    except (NotFound, TooManyTries) as error:
        return _nowhere(error)


def _nowhere(error: NotFound | TooManyTries) -> HTMLResponse:
    if isinstance(error, TooManyTries):
        said = f"打不开的次数太多了，请过 {-(-error.wait_s // 60)} 分钟再试。"
        return page("study_problem.html", status=429, headers={"Retry-After": str(error.wait_s)}, said=said)
    return page("study_problem.html", status=404, said=error.message)


def _list(who: Visitor) -> HTMLResponse:
    return page("study_list.html", study=study_lists.list_page(who), base=_base(who), **_promise())


def _column(who: Visitor, column_id: int, number: int) -> HTMLResponse:
    found = study_lists.column_page(who, column_id, number=number)
    return page("study_column.html", study=found, base=_base(who), number=number, **_promise())


def _opened(who: Visitor, item_id: int, request: Request, after: str) -> HTMLResponse:
    answer = _item(who, item_id, after=after)
    if request.method == "GET" and not after:
        with suppress(DatabaseUnavailable, Conflict):  # a number is not worth a page that does not open
            study_items.count_opening(item_id)
    return answer


def _item(
    who: Visitor, item_id: int, *, after: str = "", status: int = 200, wrong: str = "", text: str = ""
) -> HTMLResponse:
    found = study_items.item_page(who, item_id, after=after)
    return page(
        "study_item.html",
        status=status,
        study=found,
        base=_base(who),
        wrong=wrong,
        text=text or found.own,
        longest=discussions.LONGEST,
        **_promise(),
    )


def _base(who: Visitor) -> str:
    return f"/s/{who.token}/{who.code}" if who.code else f"/s/{who.token}"


def _promise() -> dict[str, Any]:
    return {"retention_days": settings().retention_days}
