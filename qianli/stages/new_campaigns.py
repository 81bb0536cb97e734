"""A campaign from a form: the same definition as a file holds, counted and looked at before it is registered."""

import json
import re
from collections.abc import Mapping
from typing import Any

from qianli.campaigns.definition import read_campaign
from qianli.documents.pictures import one_below_the_other
from qianli.errors import BadInput
from qianli.stages import audiences, letter_preview
from qianli.stages.campaigns import NewCampaign, new_campaign
from qianli.stages.unit import reading
from qianli.store import audience, kits

LETTER = "letter.txt"
STEP = re.compile(r"(\d{1,7})\s*(?:克|g)?[\s,，:：]+(\d{1,6}(?:\.\d{1,2})?)\s*元?")
SEPARATORS = re.compile(r"[\s,，、;；]+")
#: What the definition calls a value → what the form calls it, in the sentences about mistakes.
LABELS = {
    "code": "活动代码", "name": "活动名称", "organisation": "组织", "kit": "资料包", "design": "版式",
    "letter_date": "书信落款日期", "planned_delivery": "计划送达日期", "sender": "信里的落款", "outside": "包裹外面",
    "courier": "快递", "postage": "资费", "audience": "寄给谁", "address_max_age_days": "地址有效天数",
}  # fmt: skip


def kits_there_are() -> list[tuple[str, str]]:
    """Code and name of every kit, as its newest version has them."""
    with reading() as session:
        return [(one.code, f"{one.name} v{one.version}") for one in kits.current(session)]


def definition(fields: Mapping[str, str]) -> bytes:
    """The definition that the form describes; what is wrong with it, its reader says."""

    def said(name: str) -> str:
        return fields.get(name, "").strip()

    months = {name: said(name) for name in ("away_months_at_least", "away_months_at_most") if said(name)}
    lives_in = [one for one in SEPARATORS.split(said("lives_in")) if one]
    written: dict[str, Any] = {
        **{name: said(name) for name in ("code", "name", "organisation", "kit", "design", "labels", "consolidate")},
        "letter": LETTER,
        "letter_date": said("letter_date"),
        "planned_delivery": said("planned_delivery"),
        "sender": {"name": said("sender_name"), "phone": said("sender_phone")},
        "outside": {name: said(f"outside_{name}") for name in ("name", "phone", "address", "content")},
        "audience": {"managed_as": said("managed_as"), "lives_in": lives_in, **months},
        "courier": {"default": said("courier")},
        "postage": _postage(said("postage")),
    }
    return json.dumps(written, ensure_ascii=False).encode()


def _postage(text: str) -> list[dict[str, str]]:
    steps = []
    for line in filter(None, map(str.strip, text.splitlines())):
        found = STEP.fullmatch(line)
        if found is None:
            raise BadInput(f"资费一行一档，先写克数再写元，例如“1000 9.00”，不是“{line[:40]}”。")
        steps.append({"up_to_g": found[1], "yuan": found[2]})
    return steps


def count(fields: Mapping[str, str]) -> audiences.Audience:
    """How many are meant."""
    return audiences.of_file(definition(fields))


def picture(fields: Mapping[str, str]) -> bytes:
    """The letter as one of those who are meant would get it, as one PNG; with the samples if nobody is."""
    asked = read_campaign(definition(fields))
    with reading() as session:
        member_id = audience.first(session, wanted=audiences.of_definition(session, asked))
    words = letter_preview.from_file(fields.get("text", "").encode(), "书信")
    head = letter_preview.Head(asked.sender.name, asked.sender.phone, asked.letter_date)
    shown = letter_preview.preview(words, member_id=member_id, design=asked.design, head=head)
    return one_below_the_other(shown.pictures())


def register(fields: Mapping[str, str], *, by: str) -> NewCampaign:
    """Register it as a draft."""
    text = fields.get("text", "").encode()
    return new_campaign(definition(fields), read_beside=lambda _name: text, by=by)


def plain(problem: str) -> str:
    """A sentence about a mistake, with the form's own words for what it names."""
    return re.sub(r"^([a-z_]+)", lambda found: LABELS.get(found[1], found[1]), problem)
