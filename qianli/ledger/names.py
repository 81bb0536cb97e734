"""Names of persons: one separator, no padding, one person a cell."""

import re
import unicodedata

from qianli.errors import BadInput
from qianli.folding import fold

LONGEST = 50
MOST_SHOWN = 10
SEPARATORS = re.compile("[•‧⋅∙・･.●]")
SEVERAL = re.compile(r"[、,;/\n\r&+]|\s和\s")
COMPOUND = re.compile(
    "欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|濮阳|公冶|太叔|申屠|公孙|慕容|"
    "仲孙|钟离|长孙|宇文|司徒|鲜于|司空|令狐|百里|呼延|东郭|南门|西门"
)
MARKUP = re.compile(r"[<>{}%$#\\=|`]")
#: Ideographs, of private code points too. Names in other letters may be of several words.
HAN = "\u2e80-\u9fff\ue000-\ufaff\U00020000-\U0003fffd\U000f0000-\U0010fffd"
HAN_SPACE_HAN = re.compile(f"(?<=[{HAN}]) (?=[{HAN}])")
STARTS_HAN = re.compile(f"[{HAN}]")
TSHEG = "\u0f0b"  # between the syllables of a Tibetan name
PLANES_OF_IDEOGRAPHS = range(0x20000, 0x3FFFE)  # Python may be older than the newest of them


def read_name(written: str) -> str:
    """The name of one person; BadInput with a reason if it cannot be one."""
    if markup := MARKUP.findall(fold(written)):
        raise BadInput(f"姓名里有不能用的字符：{_some(markup)}")
    if SEVERAL.search(fold_lines(written)):
        raise BadInput("一格里像是有几个人，请一人一行")
    name = re.sub(r"\s*·\s*", "·", SEPARATORS.sub("·", fold(written)))
    if _are_several(name.split(" ")):
        raise BadInput("一格里像是有几个人，请一人一行")
    name = HAN_SPACE_HAN.sub("", name)
    if re.search(r"[()\[\]]", name):
        raise BadInput("姓名里有括号，请去掉括号和里面的说明")
    if odd := [character for character in name if not _belongs(character)]:
        raise BadInput(f"姓名里有不能用的字符：{_some(odd)}")
    if not name.strip("· "):
        raise BadInput("没有姓名")
    if len(name) > LONGEST:
        raise BadInput(f"姓名超过 {LONGEST} 个字符")
    return name


def _some(characters: list[str]) -> str:
    return " ".join(list(dict.fromkeys(characters))[:MOST_SHOWN])


def fold_lines(written: str) -> str:
    """Folded, but with its line breaks: people list several persons in one cell that way."""
    return "\n".join(part for line in written.splitlines() if (part := fold(line)))


def _are_several(parts: list[str]) -> bool:
    """王强 李明 are two persons; 王 强 and 欧阳 小芳 are one."""
    han = [part for part in parts if STARTS_HAN.match(part)]
    return len(han) > 1 and all(len(part) > 1 for part in han) and not COMPOUND.fullmatch(han[0])


def _belongs(character: str) -> bool:
    """Letters of any script (private ones too: rare characters of old systems), marks, the separator, a space."""
    return (
        character in f"· '-{TSHEG}"
        or ord(character) in PLANES_OF_IDEOGRAPHS
        or unicodedata.category(character)[0] in "LM"
        or unicodedata.category(character) in ("Co", "Nl")
    )
