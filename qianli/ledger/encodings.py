"""Bytes → text, for files whose encoding nobody wrote down, and files that were put together from several."""

import codecs
import re

from qianli.errors import BadInput

WRONG = "文件的文字编码认不出来。请用 Excel 或 WPS 打开，另存为 XLSX，或存为 UTF-8 编码的 CSV。"
BINARY = re.compile("[\x00-\x08\x0e-\x1f]")
STRAY = 0.01  # control characters that came in by accident; pictures and programs hold far more
HAN = re.compile("[\u3400-\u9fff]")
FOREIGN = re.compile("[\u0080-\u00b6\u00b8-\u07ff]")  # what GB18030 mostly looks like when it passes for UTF-8
LOST = "\ufffd"
#: The share of lines with characters lost that is still a text: without a line of UTF-8 it is rather something else.
FLAWED = {True: 0.5, False: 0.1}


def decode(content: bytes) -> str:
    """The text of a file. A line that is damaged has U+FFFD in it; BadInput if there is no text to be found."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # “Unicode text” of Excel
        written = content.decode("utf-16", "replace")
    else:
        written = _whole(content, "utf-8-sig") or _by_line(content)
    if len(BINARY.findall(written)) > max(3, len(written) * STRAY):
        raise BadInput(WRONG)
    return written


def _whole(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _by_line(content: bytes) -> str:
    """All of it GB18030, or line by line what each line is."""
    lines = content.removeprefix(codecs.BOM_UTF8).splitlines(keepends=True)
    speaking = [line for line in lines if not line.isascii()]
    mixed = any(_is_utf8(line) for line in speaking)
    if not mixed:
        whole = _whole(content, "gb18030")
        if whole is not None:
            return whole
    decoded = [_line(line) for line in lines]
    if sum(LOST in line for line in decoded) > len(speaking) * FLAWED[mixed]:
        raise BadInput(WRONG)
    return "".join(decoded)


def _is_utf8(line: bytes) -> bool:
    written = _whole(line, "utf-8")
    return written is not None and bool(HAN.search(written)) and not FOREIGN.search(written)


def _line(line: bytes) -> str:
    """A line with a flaw keeps most of its Han characters as UTF-8; one in another encoding keeps none."""
    lenient = line.decode("utf-8", "replace")
    if LOST not in lenient or lenient.count(LOST) * 4 < len(HAN.findall(lenient)):
        return lenient
    return line.decode("gb18030", "replace")
