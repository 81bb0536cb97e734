"""Items: what is written of them can be corrected until a campaign uses them."""

from sqlmodel import Session

from models import Item, Subject
from qianli.documents.fonts import missing_characters
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.folding import fold
from qianli.stages.unit import reading, writing
from qianli.store import journal, kits

LONGEST = 100
HEAVIEST_G = 100_000


def sku_of(item_id: int) -> str:
    """The number people know an item by; NotFound if there is none."""
    with reading() as session:
        return _item(session, item_id).sku


def change(item_id: int, *, name: str, weight_g: int, version: int, by: str) -> bool:
    """Another name or weight; False if nothing differs. RuleBroken once a campaign counts on it, Conflict if stale."""
    new = fold(name)
    if not new or len(new) > LONGEST:
        raise BadInput(f"名称不能为空，不超过 {LONGEST} 个字。")
    if not 0 < weight_g <= HEAVIEST_G:
        raise BadInput("每件克数要大于 0，不超过 100 公斤。")
    if strange := missing_characters(new):
        raise BadInput(f"名称里有字库没有的字：{'、'.join(sorted(strange))}。请换一种写法。")
    with writing(by) as session:
        item = _item(session, item_id)
        if used := kits.campaigns_with(session, item_id=item_id):
            raise RuleBroken(f"“{item.name}”已经用在活动 {used[0]} 里，不能再改；请登记新版资料包，用新的物品编号。")
        if (item.name, item.weight_g) == (new, weight_g):
            return False
        kits.write_item(session, item=item, version=version, name=new, weight_g=weight_g)
        journal.note(session, subject=Subject.item, ids=[item_id], what="changed")
        return True


def _item(session: Session, item_id: int) -> Item:
    found = kits.item_by_id(session, item_id=item_id)
    if found is None:
        raise NotFound("没有这种物品。")
    return found
