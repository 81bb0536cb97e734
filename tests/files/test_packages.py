"""Files that are no spreadsheet, or pretend to be a small one: each is refused in a sentence, and nothing goes in."""

# ruff: noqa: E501 - a case is a line

import io
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from qianli.ledger.packages import MAX_PART_TAGS
from qianli.ledger.testing import altered, data_xml, package, row_xml, workbook, zipped
from qianli.stages.members import list_members

HEAD, PERSON = row_xml(1, "姓名", "手机号"), row_xml(2, "张伟", "13900001201")
GOOD = package(data_xml(HEAD, PERSON))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
SHEET = "xl/worksheets/sheet1.xml"


def _locked() -> bytes:
    """As Excel keeps a workbook with a password: an OLE file with an encrypted package in it."""
    return OLE + "EncryptedPackage".encode("utf-16-le") + bytes(600)


def _zip_with_password() -> bytes:
    content = bytearray(GOOD)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(mark, at + 4)
    return bytes(content)


def _lying(size: int) -> bytes:
    """The central directory says that the sheet is small; what is packed there is not."""
    content = bytearray(altered(GOOD, {SHEET: lambda xml: xml + b" " * 50_000_000}))
    at = content.find(SHEET.encode(), content.find(b"PK\x01\x02")) - 46
    struct.pack_into("<I", content, at + 24, size)
    return bytes(content)


def _entities(inside: str) -> bytes:
    """Billions of laughs: each entity is ten of the one before."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<!DOCTYPE worksheet [<!ENTITY l0 "ha">{laughs}{inside}]>'.encode()
    return altered(GOOD, {SHEET: lambda xml: head + xml.replace("张伟".encode(), b"&l9;")})


def _entities_of_strings() -> bytes:
    """The same among the strings that cells refer to, behind more than a parser is handed at once."""
    head = f'<!--{"x" * 200_000}--><!DOCTYPE sst [<!ENTITY l0 "ha"><!ENTITY l1 "&l0;&l0;">]>'.encode()
    return altered(GOOD, {"xl/sharedStrings.xml": lambda xml: head + xml})


def _outside() -> bytes:
    head = b'<!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    return altered(GOOD, {SHEET: lambda xml: head + xml.replace("张伟".encode(), b"&x;")})


def _renamed(old: str, new: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        return zipped({name.replace(old, new): archive.read(name) for name in archive.namelist()})


CASES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "cut off": ("名册.xlsx", lambda: GOOD[: len(GOOD) // 2], "打不开"),
    "torn in the middle": ("名册.xlsx", lambda: GOOD[:300] + bytes(200) + GOOD[500:], "打不开"),
    "an XLS called XLSX": ("名册.xlsx", lambda: OLE, "旧版 Excel"),
    "an ET called XLSX": ("名册.et", lambda: OLE, "WPS"),
    "a locked workbook": ("名册.xlsx", _locked, "密码"),
    "a locked zip": ("名册.xlsx", _zip_with_password, "密码"),
    "text called XLSX": ("名册.xlsx", "姓名,手机号\n张伟,13900001201\n".encode, "内容却不是 Excel"),
    "a picture": ("名册.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(99), "内容却不是 Excel"),
    "a PDF": ("名册.xlsx", lambda: b"%PDF-1.7\n" + bytes(99), "内容却不是 Excel"),
    "a web page called XLS": ("名册.xls", lambda: b"<html><body><table></table></body></html>", "网页"),
    "a spreadsheet of 2003 in XML": ("名册.xls", lambda: b'<?xml version="1.0"?><Workbook/>', "网页"),
    "an empty zip": ("名册.xlsx", lambda: zipped({}), "内容却不是 Excel"),
    "a zip of photographs": ("名册.xlsx", lambda: zipped({"1.jpg": b"x"}), "不是 Excel 表格"),
    "a workbook within a zip": ("名册.xlsx", lambda: zipped({"名册.xlsx": GOOD}), "不是 Excel 表格"),
    "a Word document": (
        "名册.xlsx", lambda: zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}), "不是 Excel 表格",
    ),
    "an ODS": ("名册.xlsx", lambda: zipped({"mimetype": b"x", "content.xml": b"<x/>"}), "不是 Excel 表格"),
    "an XLSB": ("名册.xlsx", lambda: _renamed("workbook.xml", "workbook.bin"), "XLSB"),
    "another way of packing": (
        "名册.xlsx", lambda: zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<x/>"}, zipfile.ZIP_LZMA), "压缩方式",
    ),
    "strict Open XML": (
        "名册.xlsx",
        lambda: altered(GOOD, {"xl/workbook.xml": lambda xml: xml.replace(b"schemas.openxmlformats.org/spreadsheetml/2006", b"purl.oclc.org/ooxml/spreadsheetml")}),
        "Strict Open XML",
    ),
    "a bomb": ("名册.xlsx", lambda: altered(GOOD, {SHEET: lambda xml: xml + b" " * 60_000_000}), "展开后过大"),
    "a bomb that lies about its size": ("名册.xlsx", lambda: _lying(1000), "打不开"),
    "a bomb in what nobody reads": (
        "名册.xlsx", lambda: package(data_xml(HEAD, PERSON), **{"xl/media/image1.png": bytes(210_000_000)}), "展开后过大",
    ),
    "a bomb of styles": (
        "名册.xlsx", lambda: package(data_xml(HEAD, PERSON), **{"xl/styles.xml": b"<a/>" * (MAX_PART_TAGS + 1)}), "展开后过大",
    ),
    "a bomb of strings": ("名册.xlsx", lambda: package(data_xml(HEAD, PERSON), strings="<si/>" * 6_000_001), "展开后过大"),
    "a billion laughs": ("名册.xlsx", lambda: _entities(""), "打不开"),
    "a few laughs among the strings": ("名册.xlsx", _entities_of_strings, "打不开"),
    "a file of this machine": ("名册.xlsx", _outside, "打不开"),
    "no sheets": ("名册.xlsx", package, "没有找到表头"),
    "sheets that are nowhere": ("名册.xlsx", lambda: _renamed("sheet1.xml", "sheet2.xml"), "打不开"),
    "a workbook without people": ("名册.xlsx", lambda: workbook({"表": [["品名", "数量"], ["党徽", 3]]}), "没有找到表头"),
    "a header below the fortieth row": ("名册.xlsx", lambda: workbook({"表": [["x"]] * 41 + [["姓名"], ["张伟"]]}), "没有找到表头"),
    "only hidden sheets": (
        "名册.xlsx",
        lambda: workbook({"封面": [["封面"]], "表": [["姓名"], ["张伟"]]}, lambda book: setattr(book["表"], "sheet_state", "hidden")),
        "没有找到表头",
    ),
    "more than 30 MB": ("名册.csv", lambda: b"x," * 15_000_001, "文件太大"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "make", "sentence"), CASES.values(), ids=CASES)
def test_it_is_refused_in_a_sentence(clerk: Any, name: str, make: Callable[[], bytes], sentence: str) -> None:
    said = clerk.take_in(name, make(), cpu_s=60)
    assert isinstance(said, str), said
    assert sentence in said
    assert list_members() == []


def test_the_workbook_they_are_made_of_is_good(clerk: Any) -> None:
    assert clerk.take_in("名册.xlsx", GOOD)["added"] == 1
