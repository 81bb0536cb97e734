"""The six things a ledger knows of a member who lives elsewhere (六个掌握), in the order people name them."""

#: Column of `store.facts` → what people call it.
FACTS: dict[str, str] = {
    "basics": "基本情况",
    "away_since": "外出时间",
    "occupation": "从事职业",
    "place": "现居住地",
    "reach": "联系方式",
    "dues": "党费交至",
}
MEANING: dict[str, str] = {
    "basics": "出生日期和入党日期都有",
    "away_since": "何时外出",
    "occupation": "做什么工作",
    "place": "今天住的地址完整，写到门牌",
    "reach": "有一个打得通的号码",
    "dues": "党费交到哪一天",
}


def named(missing: dict[str, bool]) -> str:
    """What is missing, as people call it."""
    return "、".join(FACTS[name] for name, is_missing in missing.items() if is_missing)
