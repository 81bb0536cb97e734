"""Couriers' invoices, in spreadsheets. Each row stands for itself."""

from models import Charge
from qianli.couriers.charges import fen, grams, head
from qianli.couriers.columns import INVOICES
from qianli.couriers.file_rows import FileRow, number_in, rows
from qianli.couriers.protocol import Found, InvoiceRow, Refusal
from qianli.ledger.cells import text
from qianli.ledger.tables import FOOTER


def read_invoice(content: bytes, filename: str) -> Found[InvoiceRow]:
    """What a file bills: which parcel, under which head, how much, for what weight; or why a row cannot be used."""
    found: Found[InvoiceRow] = Found()
    for row in rows(content, filename, INVOICES, {"amount"}, found.notices):
        if not row.say("reference") and any(FOOTER.match(text(cell)) for cell in row.cells):
            continue
        billed = row.unusable or _billed(row)
        if isinstance(billed, Refusal):
            found.refused.append(billed)
            continue
        found.rows.append(billed)
        if head(row.say("charge")) is None:
            found.notices.append(row.line.problem("charge", "不认识这种费用，按“其他”登记。"))
    return found


def _billed(row: FileRow) -> InvoiceRow | Refusal:
    number, reference = row.say("number"), row.say("reference")
    if not number and not reference:
        return row.line.refused("number", "运单号和包裹编号都没有写，不知道是哪个包裹。")
    waybill = number_in(row.cell("number")) if number else ""
    if waybill is None and not reference:
        return row.line.refused("number", "这一格不是完整的运单号，请把整列设为文本后重新填写。")
    charge, amount = head(row.say("charge")) or Charge.other, fen(row.cell("amount"))
    if amount is None:
        return row.line.refused("amount", "金额读不懂，请只写数字，单位是元，最多两位小数。")
    if amount < 0 and charge is not Charge.reduction:
        return row.line.refused("amount", "金额是负数；减免、赔付请在“费用类型”里写明，否则请核对。")
    weight = grams(row.cell("weight"), row.line.titles.get("weight", "")) if row.say("weight") else None
    if row.say("weight") and weight is None:
        return row.line.refused("weight", "重量读不懂，请写成 1.25kg 或 1250 克；只写数字按千克计。")
    return InvoiceRow(row.line, waybill or "", reference, charge, amount, weight)
