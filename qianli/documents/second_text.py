"""A letter's text in a second language, which the organisation supplies.

In a letter file it follows a line such as `=== ug`: again a salutation on a line of its own, then paragraphs, with the
same placeholders. The body of a kept text holds both, with that line between them.
"""

import re
from dataclasses import dataclass

from qianli.errors import BadInput

LANGUAGES = {"bo": "藏文", "en": "英文", "ii": "彝文", "kk": "哈萨克文", "ug": "维吾尔文"}
RIGHT_TO_LEFT = frozenset({"kk", "ug"})
_MARK = re.compile(r"^[ \t]*===[ \t]*(\S*)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Second:
    """The second text as it was written."""

    language: str
    title: str
    body: str


def apart(body: str) -> tuple[str, Second | None]:
    """The body in the first language, and the second text if there is one."""
    found = _MARK.search(body)
    if found is None:
        return body, None
    lines = [line.strip() for line in body[found.end() :].splitlines() if line.strip()]
    return body[: found.start()].strip(), Second(found[1], lines[0] if lines else "", "\n\n".join(lines[1:]))


def check(body: str) -> list[str]:
    """What is wrong with how a second text is marked."""
    marks = _MARK.findall(body)
    if not marks:
        return []
    known = "、".join(f"{code} {name}" for code, name in LANGUAGES.items())
    problems = [f"第二种文字的标记“=== {one[:10]}”不认识；可以写：{known}。" for one in marks if one not in LANGUAGES]
    if len(marks) > 1:
        problems.append("第二种文字只能有一种，“===”只写一行。")
    _, second = apart(body)
    if second is None or not second.title or not second.body:
        problems.append("“===”下面要有第二种文字的称呼（一行）和正文。")
    return problems


def refuse_unmatched(body: str, *, bilingual: bool, design: str) -> None:
    """BadInput if a text in two languages and a design for one were put together, or the other way round."""
    if (apart(body)[1] is not None) is bilingual:
        return
    if bilingual:
        raise BadInput(
            f"版式“{design}”要有第二种文字：在书信文件里另起一行写“=== ug”一类的标记，下面写它的称呼和正文。"
        )
    raise BadInput(f"书信里有第二种文字，版式“{design}”排不下，请用“bilingual”。")
