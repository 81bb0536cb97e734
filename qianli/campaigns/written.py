"""Parts of a campaign's definition as people write them in a form, a line each. Pure.

What the lines say is judged by the definition's own reader; here only what cannot be read at all is refused.
"""

import re
from collections.abc import Mapping
from typing import Any

from qianli.errors import BadInput

STEP = re.compile(r"(\d{1,7})\s*(?:克|g)?[\s,，:：]+(\d{1,6}(?:\.\d{1,2})?)\s*元?")
TABLE = re.compile(r"(?P<courier>[^，,：:\s]{1,20})(?:[，,\s]+不超过\s*(?P<up_to_g>\d{1,7})\s*克)?\s*[:：]")
ZONE = re.compile(
    r"(?P<zone>[^（(\s，,]{1,20})\s*(?:[（(](?P<provinces>[^）)]*)[）)])?[\s，,]*"
    r"首重\s*(?P<first_g>\d{1,7})\s*克?[\s，,]*(?P<first_yuan>\d{1,6}(?:\.\d{1,2})?)\s*元?[\s，,;；]*"
    r"续重\s*每?\s*(?P<next_g>\d{1,7})\s*克?[\s，,]*(?P<next_yuan>\d{1,6}(?:\.\d{1,2})?)\s*元?"
)
SEPARATORS = re.compile(r"[\s,，、;；]+")
REST = "其余快递"
RUNG = re.compile(
    r"(?:送达后)?\s*(\d{1,2})\s*(天|个?工作日)\s*[，,:：]?\s*(发消息|打电话|列为问题)(?:[\s，,:：]+(.{1,100}))?"
)
DEEDS = {"发消息": "message", "打电话": "call", "列为问题": "case"}


def lines(text: str) -> list[str]:
    """What was written, without empty lines."""
    return [one for one in map(str.strip, text.splitlines()) if one]


def names(text: str) -> list[str]:
    """Names with anything between them that people put there."""
    return [one for one in SEPARATORS.split(text.strip()) if one]


def postage(text: str, couriers: Mapping[str, str]) -> list[dict[str, Any]]:
    """Steps by weight (`1000 9.00`), or zones under their couriers; `couriers` is name → code."""
    found: list[dict[str, Any]] = []
    for line in lines(text):
        if step := STEP.fullmatch(line):
            found.append({"up_to_g": step[1], "yuan": step[2]})
        elif table := TABLE.fullmatch(line):
            code = {} if table["courier"] == REST else {"courier": couriers.get(table["courier"], table["courier"])}
            most = {"up_to_g": table["up_to_g"]} if table["up_to_g"] else {}
            found.append({**code, **most, "zones": []})
        elif zone := ZONE.fullmatch(line):
            if not found or "zones" not in found[-1]:
                found.append({"zones": []})
            provinces = names(zone["provinces"] or "")
            found[-1]["zones"].append(zone.groupdict() | {"provinces": provinces})
        else:
            raise BadInput(
                f"资费有一行看不明白：“{line[:40]}”。按重量的写“1000 9.00”；"
                "分区的写“省内（贵州）首重 1000 克 6 元，续重 1000 克 1.50 元”。"
            )
    return found


def follow_up(text: str) -> list[dict[str, Any]]:
    """Steps of the ladder: `2 天 发消息`, `8 个工作日 打电话 请问收到没有？`, `15 天 列为问题`."""
    found = []
    for line in lines(text):
        if not (rung := RUNG.fullmatch(line)):
            raise BadInput(f"回访安排有一行看不明白：“{line[:40]}”。请写成“2 天 发消息”“8 个工作日 打电话”这样。")
        unit = "after_days" if rung[2] == "天" else "after_working_days"
        said = {"text": rung[4].strip()} if rung[4] else {}
        found.append({unit: int(rung[1]), "do": DEEDS[rung[3]], **said})
    return found


def contacts(text: str) -> list[dict[str, str]]:
    """Name, duty and phone of each line."""
    found = []
    for line in lines(text):
        parts = line.split()
        if len(parts) != 3:  # noqa: PLR2004 - name, duty, phone
            raise BadInput(f"联系人一行一个，写姓名、职务、电话，中间空一格，不是“{line[:40]}”。")
        found.append(dict(zip(("name", "duty", "phone"), parts, strict=True)))
    return found


def pairs(text: str, what: str, example: str) -> dict[str, str]:
    """Two words a line: the first stands for the second."""
    found: dict[str, str] = {}
    for line in lines(text):
        parts = re.split(r"[\s:：=]+", line)
        if len(parts) != 2:  # noqa: PLR2004 - a name, and what it stands for
            raise BadInput(f"{what}一行一条，例如“{example}”，不是“{line[:40]}”。")
        if parts[0] in found:
            raise BadInput(f"{what}里“{parts[0][:20]}”写了两次，请只留一处。")
        found[parts[0]] = parts[1]
    return found
