"""Kits and stock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from models import Item, ItemKind, Kit, Subject
from qianli.campaigns.definition import digest
from qianli.documents.fonts import missing_characters
from qianli.documents.reader_text import read_text
from qianli.errors import BadInput, RuleBroken
from qianli.kits.definition import KitDefinition, KitLine, read_kit
from qianli.stages import study_months
from qianli.stages.unit import now, reading, writing
from qianli.store import journal, kits, stock

MOST = 10**7


@dataclass(frozen=True)
class AddedKit:
    """What `add_kit` did; `added` is false when this very kit was there already."""

    code: str
    version: int
    items: int
    weight_g: int
    added: bool


def add_kit(content: bytes, *, by: str, read_beside: Callable[[str], bytes] | None = None) -> AddedKit:
    """Register a kit; the same files twice change nothing, others with its code are a new version.

    `read_beside` gives the bytes of the files that the definition names.
    """
    definition = read_kit(content)
    texts = {sku: kits.Text(_text(name, read_beside)) for sku, name in definition.texts.items()}
    if strange := missing_characters("".join(line.name for line in definition.items)):
        raise BadInput(f"物品名称里有字库没有的字：{'、'.join(sorted(strange))}。请换一种写法。")
    with writing(by) as session:
        texts |= {sku: _month(session, *which) for sku, which in definition.programmes.items()}
        written = {sku: one.written for sku, one in texts.items()}
        checksum = digest([definition.checksum, written]) if written else definition.checksum
        newest = kits.latest(session, code=definition.code)
        added = newest is None or newest.checksum != checksum
        kit = (
            _add_version(session, definition, newest.version + 1 if newest else 1, checksum, texts) if added else newest
        )
        version = kit.version if kit else 1
    return AddedKit(definition.code, version, len(definition.items), definition.weight_g, added)


def _month(session: Session, code: str, month: str) -> kits.Text:
    """What the programme has for that month, as it is now; a later change of it makes a new version of the kit."""
    first = study_months.read_month(month)
    programme_id, written = study_months.month_reader(session, code, first)
    return kits.Text(written, programme_id, first)


def _text(name: str, read_beside: Callable[[str], bytes] | None) -> str:
    if read_beside is None:
        raise BadInput(f"资料包用到旁边的文件 {name}，请连同它一起登记。")
    text = read_text(read_beside(name), name)
    if strange := missing_characters(text):
        raise BadInput(f"文件 {name} 里有字库没有的字：{'、'.join(sorted(strange))}。请换一种写法。")
    return text


def _add_version(
    session: Session, definition: KitDefinition, version: int, checksum: str, texts: Mapping[str, kits.Text]
) -> Kit:
    known = kits.items_by_sku(session, skus=[line.sku for line in definition.items])
    if problems := [text for line in definition.items if (text := _differs(known.get(line.sku), line))]:
        raise RuleBroken("资料包里有物品与已登记的不一致，请换一个编号或改成一致：" + "；".join(problems))
    items = [known.get(line.sku) or _add_item(session, line) for line in definition.items]
    kit = Kit(code=definition.code, version=version, name=definition.name, checksum=checksum, created_at=now())
    lines = [(item, line.quantity, texts.get(line.sku)) for item, line in zip(items, definition.items, strict=True)]
    kits.add(session, kit=kit, lines=lines)
    journal.note(session, subject=Subject.kit, ids=[kit.key], what="added", why=f"{definition.code} v{version}")
    return kit


def _differs(item: Item | None, line: KitLine) -> str:
    same = item is None or (
        (item.name, item.kind, item.paper, item.weight_g, item.unit_cost_fen)
        == (line.name, line.kind, line.made, line.weight_g, line.unit_cost_fen)
    )
    return "" if same else f"“{line.sku}”的名称、种类、重量或单价不同"


def _add_item(session: Session, line: KitLine) -> Item:
    item = Item(
        sku=line.sku,
        name=line.name,
        kind=line.kind,
        paper=line.made,
        weight_g=line.weight_g,
        unit_cost_fen=line.unit_cost_fen,
    )
    session.add(item)
    session.flush()
    journal.note(session, subject=Subject.item, ids=[item.key], what="added", why=line.sku)
    return item


def receive(sku: str, quantity: int, *, by: str) -> stock.Level:
    """Book new stock in; the answer is the level afterwards."""
    if not 0 < quantity <= MOST:
        raise BadInput("入库数量必须大于 0，一次不超过一千万件。")
    with writing(by) as session:
        item = kits.item_by_sku(session, sku=sku)
        if item.kind is not ItemKind.stock:
            raise RuleBroken(f"“{item.name}”由系统打印，不记库存。", sku=sku)
        stock.receive(session, item_id=item.key, quantity=quantity)
        return next(level for level in stock.levels(session) if level.item.id == item.id)


def stock_levels() -> list[stock.Level]:
    """How much of everything there is."""
    with reading() as session:
        return stock.levels(session)
