"""What a member asks for on their page, from the form to the stage."""

from collections.abc import Mapping

from models import SaidVia
from qianli.errors import BadInput
from qianli.receipts.answers import Standing
from qianli.receipts.wishes import HEARD, Wish
from qianli.stages import address_answers, wishes

MOVED = "moved"
STILL_HERE = "still_here"


def is_wish(fields: Mapping[str, str]) -> bool:
    """Whether a form asks for something, and says nothing of the parcel."""
    return not fields.keys().isdisjoint(("wish", "as_it_is", STILL_HERE))


def may_wish(standing: Standing) -> bool:
    """Whether the page still hears what is asked for."""
    return standing in HEARD


def take_wish(consignment_id: int, fields: Mapping[str, str], *, by: str) -> None:
    """Write down what is asked for, or that it is not any more."""
    if STILL_HERE in fields:
        address_answers.still_here(consignment_id, via=SaidVia.page, by=by)
        return
    name = fields.get("wish", MOVED)
    undo = "undo" in fields
    if name == MOVED and undo:
        wishes.not_moved(consignment_id, by=by)
    elif name == MOVED:
        wishes.moved(
            consignment_id,
            address=fields.get("address", ""),
            since=fields.get("since", ""),
            as_it_is="as_it_is" in fields,
            by=by,
        )
    else:
        _case(consignment_id, name, undo=undo, by=by)


def _case(consignment_id: int, name: str, *, undo: bool, by: str) -> None:
    try:
        wish = Wish(name)
    except ValueError as error:
        raise BadInput("没有看明白您的选择，请重新选一次。") from error
    if undo:
        wishes.withdraw(consignment_id, wish, by=by)
    else:
        wishes.wish(consignment_id, wish, by=by)
