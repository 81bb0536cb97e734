"""Sample ledgers as files, row by row: XLSX as branches send it, or CSV."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from typing import BinaryIO

import xlsxwriter

from qianli.ledger.out import CREATED
from qianli.ledger.sample.people import TITLES, SampleRow

SHEET = "流动党员"


def write_sample_xlsx(target: BinaryIO, rows: Iterable[SampleRow]) -> None:
    """A workbook with a title row above the header; written as it is read, so that size costs no memory."""
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        book.set_properties({"created": CREATED})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(SHEET)
        sheet.write_string(0, 0, "流动党员基本信息汇总表（样例，人物均为虚构）")
        sheet.write_row(1, 0, TITLES)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row.cells(number)):
                if isinstance(value, date):
                    sheet.write_datetime(number + 1, column, value, day)
                elif isinstance(value, int):
                    sheet.write_number(number + 1, column, value)
                else:
                    sheet.write_string(number + 1, column, value)


def write_sample_csv(target: BinaryIO, rows: Iterable[SampleRow]) -> None:
    """The same rows as UTF-8 text."""
    text = io.TextIOWrapper(target, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(TITLES)
    writer.writerows(row.cells(number) for number, row in enumerate(rows, start=1))
    text.detach()
