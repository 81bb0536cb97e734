"""An address without unit, door and room, as GB/T 41833-2022 wants it on what everybody can read. Pure."""

import re

HIDDEN = "***"
_COUNT = "[0-9０-９零〇一二三四五六七八九十百]"
_NUMBER = rf"(?:[A-Za-z]?{_COUNT}+[A-Za-z]?(?:[-—－]{_COUNT}+[A-Za-z]?)*|[A-Za-z](?=单元|座室|户|室))"
#: So many units, floors, doors, rooms; 3单元, 1203室, "B座402".
_WITH_WORD = re.compile(rf"第?{_NUMBER}(?:单元|楼层|层|户|室|号房|号门|房间|房|门牌室|铺|床)")
#: A number behind a building, whatever follows: 3幢1502, 宿舍B栋402号, 6号楼2-1203.
_BEHIND_BUILDING = re.compile(rf"(?<=[幢栋座楼舍厦*]){_NUMBER}(?:号(?!楼|院|栋|幢|座))?")
#: Numbers joined by strokes, of which the first is a building's: 3-2-1502.
_JOINED = re.compile(rf"({_COUNT}+[A-Za-z]?)(?:[-—－]{_COUNT}+[A-Za-z]?)+(?:号|室)?(?=$|[，,])")
#: Whatever stands in brackets, and several hidden places in a row.
_BRACKETS = re.compile(r"[（(][^（()）]*[）)]?")
_AGAIN = re.compile(rf"(?:{re.escape(HIDDEN)})+")


def without_room(detail: str) -> str:
    """The detail of an address down to road, number and building; what tells the door is `***`."""
    text = _BRACKETS.sub(HIDDEN, "".join(detail.split()))
    text = _WITH_WORD.sub(HIDDEN, text)
    text = _BEHIND_BUILDING.sub(HIDDEN, text)
    text = _JOINED.sub(rf"\g<1>{HIDDEN}", text)
    return _AGAIN.sub(HIDDEN, text)
