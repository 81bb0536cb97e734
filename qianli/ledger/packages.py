"""What an XLSX file is packed in: a zip that may claim, hide or swell into anything."""

import io
import zipfile

from qianli.errors import BadInput

MAX_UNPACKED = 200_000_000  # all parts together; 200,000 rows of 25 columns are about 150 MB
MAX_STRINGS, MAX_PART = 64_000_000, 20_000_000
MAX_STRING_TAGS, MAX_PART_TAGS = 6_000_000, 500_000
SWELLS, SWELLS_FROM = 200, 10_000_000  # spreadsheets pack ten to forty times, bombs a thousand times
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
ENCRYPTED = 1
SHEETS, STRINGS, BOOK = "xl/worksheets/", "xl/sharedStrings.xml", "xl/workbook.xml"
#: Parts that are large in honest files, and that nobody reads here.
UNREAD = ("xl/media/", "xl/embeddings/", "xl/drawings/", "xl/pivotCache/", "xl/externalLinks/", "customXml/")
STRICT = b"purl.oclc.org/ooxml"
TOO_LARGE = "Excel 文件展开后过大。请只保留需要导入的工作表，再另存为新文件。"
CHUNK = 1 << 20


def check_package(content: bytes) -> None:
    """Refuse what is no spreadsheet, and what would swell; raises what zipfile raises for a damaged one."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    parts = archive.infolist()
    _refuse_other_formats([part.filename for part in parts])
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise BadInput("这个文件加了密码，读不了。请在 Excel 或 WPS 里去掉密码，另存后再导入。")
    if any(part.compress_type not in METHODS for part in parts):
        raise BadInput("Excel 文件的压缩方式不常见，读不了。请在 Excel 或 WPS 里另存为 XLSX 后再导入。")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED or (unpacked > SWELLS_FROM and unpacked > SWELLS * len(content)):
        raise BadInput(TOO_LARGE)
    for part in parts:
        if part.filename == STRINGS:
            _refuse_large(archive, part, MAX_STRINGS, MAX_STRING_TAGS)
        elif not part.filename.startswith((SHEETS, *UNREAD)):
            _refuse_large(archive, part, MAX_PART, MAX_PART_TAGS)
    if BOOK in archive.namelist() and STRICT in archive.read(BOOK):
        raise BadInput("这个文件存成了“Strict Open XML”格式，读不了。请另存为普通的“Excel 工作簿（XLSX）”后再导入。")


def _refuse_other_formats(names: list[str]) -> None:
    if "xl/workbook.bin" in names:
        raise BadInput("这是二进制的 Excel 文件（XLSB），读不了。请另存为 XLSX 后再导入。")
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise BadInput("这个文件是压缩包或别的文档，不是 Excel 表格。请另存为 XLSX 后再导入。")


def _refuse_large(archive: zipfile.ZipFile, part: zipfile.ZipInfo, size: int, tags: int) -> None:
    """Each tag becomes an object many times its size, so tags are counted before anything is built of them."""
    if part.file_size > size:
        raise BadInput(TOO_LARGE)
    found = 0
    with archive.open(part) as source:
        while chunk := source.read(CHUNK):
            found += chunk.count(b"<")
            if found > tags:
                raise BadInput(TOO_LARGE)
