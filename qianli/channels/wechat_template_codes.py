"""What 公众号模板消息 refuses, and what its fields may hold, as data.

Sources, of 2026-11-30: 发送模板消息 (developers.weixin.qq.com/doc/service/api/notify/template/api_sendtemplatemessage)
for the fields; the codes as people report them on developers.weixin.qq.com/community (40003, 40037, 47003 seen there
often) and from its general list of return codes [general knowledge: 43101, 45011, 45047, 48004].
"""

import re
from dataclasses import dataclass

from qianli.channels.refusals import ACCOUNT, BLOCKED, BUSY, CONTENT, NUMBER, TEMPLATE, UNKNOWN

FINE = 0
#: The access token is wrong or over: another one, and once again.
STALE = {40001, 40014, 42001}
CODES = {
    "40003": NUMBER,  # invalid openid
    "43004": BLOCKED,  # does not follow the account
    "43019": BLOCKED,  # on the account's black list
    "43101": BLOCKED,  # refused messages
    "40036": TEMPLATE,
    "40037": TEMPLATE,  # invalid template_id: of another account, or of the other feature, 订阅通知
    "43116": TEMPLATE,  # the template was stopped for abuse
    "47001": CONTENT,
    "47003": CONTENT,  # argument invalid! data.thing1.value invalid
    "40001": ACCOUNT,
    "40014": ACCOUNT,
    "42001": ACCOUNT,
    "40013": ACCOUNT,  # appid
    "40125": ACCOUNT,  # secret
    "40164": ACCOUNT,  # our address is not on its list
    "48001": ACCOUNT,
    "48004": ACCOUNT,
    "50002": ACCOUNT,
    "45009": BUSY,  # today's calls are used up
    "45011": BUSY,
    "45047": BUSY,
    "-1": UNKNOWN,  # system busy
}


@dataclass(frozen=True)
class Field:
    """What a kind of field takes: most characters, and of which form; `words` says so to a person."""

    most: int
    words: str
    form: re.Pattern[str] = re.compile(r".*", re.DOTALL)


#: By a field's name without its number. `first`, `remark` and colours are no longer shown since 2023-05-04.
FIELDS = {
    "thing": Field(20, "20个字以内"),
    "number": Field(32, "32位以内的数字", re.compile(r"[\d.]*")),
    "letter": Field(32, "32位以内的字母", re.compile(r"[A-Za-z]*")),
    "symbol": Field(5, "5位以内的符号"),
    "character_string": Field(32, "32位以内的数字、字母或符号", re.compile(r"[\x21-\x7e ]*")),
    "time": Field(32, "年月日格式的时间"),
    "date": Field(32, "年月日格式的日期"),
    "amount": Field(12, "币种加10位以内的数字"),
    "phone_number": Field(17, "17位以内的数字或符号", re.compile(r"[\d+\- ()]*")),
    "car_number": Field(8, "8位以内"),
    "name": Field(10, "10个字以内的汉字，或20个字母以内"),
    "phrase": Field(5, "5个字以内的汉字", re.compile(r"[\u3400-\u9fff]*")),
    "const": Field(20, "20个字以内、模板里列出的说法"),
}
LETTERS_OF_A_NAME = 20


def problem_of(field: str, value: str) -> str:
    """What is wrong with a value, as a sentence; or nothing. A kind that is not in the table may hold anything."""
    kind = FIELDS.get(field.rstrip("0123456789"))
    if kind is None:
        return ""
    most = LETTERS_OF_A_NAME if kind is FIELDS["name"] and value.isascii() else kind.most
    if len(value) <= most and kind.form.fullmatch(value):
        return ""
    return f"模板消息的“{field}”只能填{kind.words}，现在有{len(value)}个字或格式不对。"
