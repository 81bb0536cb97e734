"""Kits, campaigns and letters that cannot be: a Chinese sentence, an exit code, and nothing half applied."""

import pytest

from tests.cli.office import EXAMPLE, ORGANISATION, Office

REFUSED, UNREADABLE = 1, 2


KIT = "code: new-kit\nname: 新资料包\nitems:\n  - {sku: new-book, name: 新书, quantity: 1, weight_g: 100}\n"
KITS = {
    "a key nobody knows": (KIT + "colour: red\n", "colour：没有这一项"),
    "a key twice": (KIT + "code: other\n", "“code”写了两次"),
    "an alias": (KIT.replace("新资料包", "&name 新书").replace("name: 新书", "name: *name"), "引用"),
    "a tab": (KIT.replace("  - {", "\t- {"), "制表符"),
    "a negative quantity": (KIT.replace("quantity: 1", "quantity: -1"), "必须大于 0"),
    "a negative weight": (KIT.replace("weight_g: 100", "weight_g: -1"), "不能小于 0"),
    "half a book": (KIT.replace("quantity: 1", "quantity: 0.5"), "应当是整数"),
    "a price in words": (KIT.replace("weight_g: 100", "weight_g: 100, unit_cost: 贵"), "应当是金额"),
    "an item twice": (KIT + KIT.splitlines()[-1] + "\n", "写了两次"),
    "nothing in it": (KIT.split("items:", maxsplit=1)[0] + "items: []\n", "至少要有 1 项"),
    "something to run": (KIT.replace("新资料包", '!!python/object/apply:os.getcwd ""'), "不是正确的 YAML"),
    "a list": ("- 新书\n", "清单"),
    "another encoding": (KIT.encode("gb18030"), "UTF-8"),
    "an empty box": (KIT.replace("新书", "新书\U000f0000"), "字库没有的字"),
}


@pytest.mark.parametrize(("content", "sentence"), KITS.values(), ids=KITS)
def test_a_kit_that_cannot_be(office: Office, content: str | bytes, sentence: str) -> None:
    office.is_refused(UNREADABLE, sentence, "kit", "add", office.write("资料包.yaml", content))


def test_an_item_that_is_registered_otherwise(office: Office) -> None:
    file = office.altered("kit.yaml", "weight_g: 640", "weight_g: 641")
    office.is_refused(REFUSED, "brief-history", "kit", "add", file)


CAMPAIGNS = {
    "a key nobody knows": ("kit:", "kitt:", "kitt：没有这一项"),
    "no such kit": ("study-books-kit", "no-such-kit", "没有代码为“no-such-kit”的资料包"),
    "no such organisation": (ORGANISATION, "没有这个支部", "没有名为“没有这个支部”的组织"),
    "no such courier": ("china_post", "dhl", "没有代码为“dhl”的快递公司"),
    "no such letter": ("letter: letter.txt", "letter: 没有.txt", "找不到文件"),
    "no such design": ("letter: letter.txt", "letter: letter.txt\ndesign: nowhere", "没有名为“nowhere”的书信版式"),
    "a design elsewhere": ("letter: letter.txt", "letter: letter.txt\ndesign: ../../etc/passwd", "design：写法不对"),
    "the 30th of February": ("planned_delivery: 2027-01-20", "planned_delivery: 2027-02-30", "应当是日期"),
    "negative postage": ("yuan: 11.00", "yuan: -11.00", "不能小于 0"),
    "an outside that tells": ("name: 石门村便民服务站", "name: 石门村党支部", "中性的写法"),
}


@pytest.mark.parametrize(("old", "new", "sentence"), CAMPAIGNS.values(), ids=CAMPAIGNS)
def test_a_campaign_that_cannot_be(office: Office, old: str, new: str, sentence: str) -> None:
    office.altered("campaign.yaml", "code: YJZX-2027", "code: OTHER-2027")
    text = (office.folder / "campaign.yaml").read_text("utf-8")
    file = office.write("campaign.yaml", text.replace(old, new))
    office.is_refused(UNREADABLE, sentence, "campaign", "new", file)


def test_a_code_that_is_taken(office: Office) -> None:
    file = office.altered("campaign.yaml", "name: 邮寄助学", "name: 另一次邮寄助学")
    office.is_refused(REFUSED, "已经用过", "campaign", "new", file)


LETTERS = {
    "an expression": ("{{ 7 * 7 }}", "模板写法"),
    "an include": ('{% include "/etc/passwd" %}', "模板写法"),
    "a way into an object": ("{姓名.__class__}", "不认识"),
    "a placeholder nobody knows": ("{身份证号}", "占位符“{身份证号}”不认识"),
    "a file": ('<img src="file:///etc/passwd">', "网页标记"),
    "an address": ('<link rel="stylesheet" href="http://127.0.0.1:9/x.css">', "网页标记"),
    "half a placeholder": ("{姓名", "没有成对"),
    "an empty box": ("\U000f0000", "字库没有的字"),
    "too many words": ("说来话长。" * 700, "正文太长"),
}


@pytest.mark.parametrize(("words", "sentence"), LETTERS.values(), ids=LETTERS)
def test_a_letter_that_cannot_be_printed_as_meant(office: Office, words: str, sentence: str) -> None:
    office.altered("letter.txt", "您好！", f"您好！{words}")
    file = office.altered("campaign.yaml", "code: YJZX-2027", "code: OTHER-2027")
    office.is_refused(UNREADABLE, sentence, "campaign", "new", file)


def test_a_letter_in_another_encoding(office: Office) -> None:
    office.write("letter.txt", (EXAMPLE / "letter.txt").read_text("utf-8").encode("gb18030"))
    file = office.altered("campaign.yaml", "code: YJZX-2027", "code: OTHER-2027")
    office.is_refused(UNREADABLE, "UTF-8", "campaign", "new", file)
