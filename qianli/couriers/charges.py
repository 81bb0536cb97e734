"""Amounts, weights and heads of couriers' invoices, as their files write them."""

import re
from decimal import Decimal

from models import Charge
from qianli.folding import fold
from qianli.ledger.cells import Cell, text

#: What a head contains → what it is; the first that fits.
HEADS = {
    Charge.reduction: ("减免", "折扣", "优惠", "返利", "退款", "赔付", "理赔", "扣减"),
    Charge.return_carriage: ("退回", "退件", "返程", "逆向", "转退"),
    Charge.insurance: ("保价", "保险", "保费"),
    Charge.packing: ("包装", "耗材", "封装", "袋", "纸箱"),
    Charge.surcharge: ("附加", "加收", "超长", "超重", "偏远", "燃油", "派送费", "上楼", "挂号", "改址", "转寄"),
    Charge.carriage: ("运费", "邮费", "资费", "邮资", "快递费", "寄递", "基本", "标准快递", "首重", "运输"),
}
MONEY = re.compile(r"[¥\uffe5]?(-?\d{1,6}(?:\.\d{1,2})?)元?")
WEIGHT = re.compile(r"(\d{1,6}(?:\.\d{1,4})?)(kg|g|千克|公斤|克)?", re.IGNORECASE)
GRAMS, KILOGRAMS = {"g", "克"}, {"kg", "千克", "公斤"}
HEAVIEST_G = 100_000  # no parcel: the unit is another than it says
CENTS = Decimal("0.01")
NEARLY = 1e-6


def head(written: str) -> Charge | None:
    """What a head means; carriage where nothing is written, None for words nobody knows."""
    if not written:
        return Charge.carriage
    return next((charge for charge, words in HEADS.items() if any(word in written for word in words)), None)


def fen(cell: Cell) -> int | None:
    """An amount of yuan in fen; None for what is none, or has parts of a fen."""
    value = cell.value
    if isinstance(value, float) and abs(value - round(value, 2)) < NEARLY:
        written = str(Decimal(str(round(value, 2))))  # 12.3 comes out of a sum as 12.299999999999999
    else:
        written = text(cell).replace(",", "").replace(" ", "")
    found = MONEY.fullmatch(written)
    return int(Decimal(found[1]) / CENTS) if found else None


def grams(cell: Cell, title: str) -> int | None:
    """A weight in grams, its unit beside the number or in the column's title; couriers mean kilograms else.

    None for what is none, and for more than any parcel weighs.
    """
    found = WEIGHT.fullmatch(text(cell).replace(" ", ""))
    if found is None:
        return None
    unit = (found[2] or _unit_of(title)).lower()
    number = Decimal(found[1])
    weight = int(number if unit in GRAMS else number * 1000)
    return weight if weight <= HEAVIEST_G else None


def _unit_of(title: str) -> str:
    folded = fold(title).lower()
    if any(unit in folded for unit in KILOGRAMS):
        return "kg"
    return "g" if re.search(r"克|\bg\b", folded) else ""
