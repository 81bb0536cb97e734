"""A member's name as others may see it: enough to recognise the own one, not enough to learn another's."""

#: Two-character surnames that people meet; the rest of a name is masked after the whole surname.
_COMPOUND = (
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 长孙 宇文 司徒 夏侯 令狐 轩辕 端木 百里 呼延 南宫 独孤 "
    "西门 东郭 申屠 公冶 太史 淳于 单于 澹台 濮阳 钟离 闻人 赫连 万俟 闾丘 司空 拓跋 完颜 纳兰 耶律"
)
COMPOUND_SURNAMES = frozenset(_COMPOUND.split())
SEPARATORS = "·•・ "
FULL = 3  # a name of three or more keeps its last character


def masked(name: str) -> str:
    """`王小明` as `王*明`, `张伟` as `张*`, `欧阳小芳` as `欧阳*芳`, `阿依古丽·买买提` as `阿***·**提`."""
    name = name.strip()
    first = 2 if name[:2] in COMPOUND_SURNAMES and len(name) >= FULL else 1
    last = 1 if len(name) - first >= FULL - 1 else 0
    hidden = name[first : len(name) - last]
    return name[:first] + "".join(one if one in SEPARATORS else "*" for one in hidden) + name[len(name) - last :]
