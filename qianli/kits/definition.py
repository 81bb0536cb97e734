"""Kit definitions: what an organiser writes in a YAML file."""

import hashlib
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field, field_validator, model_validator

from models import ItemKind, Paper
from qianli.definitions import Definition, Number, read_definition
from qianli.folding import is_seen

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=40)]


def _seen(text: str) -> str:
    if not is_seen(text):
        raise ValueError("有看不见的控制字符，请删去后重写")
    return text


Text = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_seen)]
FileName = Annotated[str, Field(pattern=r"^[^/\\\x00-\x1f]+$", max_length=100)]
FEN_A_YUAN = 100


class KitLine(Definition):
    """One item of a kit; weight in grams, cost in yuan."""

    sku: Code
    name: Text
    quantity: Annotated[int, Number] = Field(gt=0, le=1000)
    weight_g: Annotated[int, Number] = Field(ge=0, le=30_000)
    unit_cost: Annotated[Decimal, Number] = Field(Decimal(0), ge=0, le=100_000, decimal_places=2)
    kind: ItemKind = ItemKind.stock
    paper: Paper | None = None
    text: FileName | None = None
    programme: Code | None = None
    month: Annotated[str, Field(pattern=r"^20\d{2}-(0[1-9]|1[0-2])$")] | None = None

    @property
    def made(self) -> Paper | None:
        """What the press makes of it: a letter, unless it is said otherwise."""
        return (self.paper or Paper.letter) if self.kind is ItemKind.printed else None

    @model_validator(mode="after")
    def _is_a_paper(self) -> "KitLine":
        if self.paper is not None and self.kind is not ItemKind.printed:
            raise ValueError("写了 paper 的，kind 应写 printed")
        if (self.programme is None) is not (self.month is None):
            raise ValueError("programme 和 month 要一起写：哪个学习栏目、哪个月")
        said = (self.text is not None) + (self.programme is not None)
        if said != (self.made is Paper.reader):
            raise ValueError("读本（paper: reader）要用 text 写明内容在哪个文件，或用 programme 和 month，别的不写")
        if self.made in (Paper.contact_card, Paper.reader) and self.quantity != 1:
            raise ValueError("联系卡和读本每人一份，quantity 应写 1")
        return self

    @property
    def unit_cost_fen(self) -> int:
        """Cost of one, in fen."""
        return int(self.unit_cost * FEN_A_YUAN)


class KitDefinition(Definition):
    """A kit as written in YAML."""

    code: Code
    name: Text
    items: list[KitLine] = Field(min_length=1, max_length=100)

    @field_validator("items")
    @classmethod
    def _each_item_once(cls, items: list[KitLine]) -> list[KitLine]:
        skus = [item.sku for item in items]
        if doubled := sorted({sku for sku in skus if skus.count(sku) > 1}):
            raise ValueError(f"物品 {'、'.join(doubled)} 写了两次，请合并成一行并改数量")
        made = [item.made for item in items if item.made]
        if doubled := sorted({one for one in made if made.count(one) > 1}):
            raise ValueError(f"由系统打印的，每种只能有一样：{'、'.join(doubled)} 写了两样")
        return items

    @property
    def texts(self) -> dict[str, str]:
        """Item → the file with what stands in it."""
        return {item.sku: item.text for item in self.items if item.text}

    @property
    def programmes(self) -> dict[str, tuple[str, str]]:
        """Item → the study programme and the month that stands in it."""
        return {item.sku: (item.programme, item.month) for item in self.items if item.programme and item.month}

    @property
    def checksum(self) -> str:
        """SHA-256 of the definition; the same kit has the same."""
        return hashlib.sha256(self.model_dump_json(exclude_none=True).encode()).hexdigest()

    @property
    def weight_g(self) -> int:
        """Weight of one whole kit, in grams."""
        return sum(item.quantity * item.weight_g for item in self.items)


def read_kit(content: bytes) -> KitDefinition:
    """The kit in a YAML file; BadInput lists every problem."""
    return read_definition(content, KitDefinition)


def yuan(fen: int) -> str:
    """An amount in fen, for people."""
    return f"{fen / FEN_A_YUAN:,.2f} 元"
