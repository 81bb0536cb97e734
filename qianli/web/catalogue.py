"""What pages say in English: a catalogue from Chinese sentences, which are the message ids.

Sentences of the pages are looked up with their values beside them. Sentences that come from rules or out of the
database are already filled in: they are found by the one message whose fixed parts they have, and their values are
put into its translation. What the catalogue does not know stays Chinese.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from babel.messages.pofile import read_po

from qianli.settings import ROOT

FILE = ROOT / "qianli" / "locale" / "en" / "LC_MESSAGES" / "qianli.po"
PLACE = re.compile(r"\{(\w+)\}")
HAN = re.compile("[\u4e00-\u9fff]")
ENDS = {"。": ".", "；": ";", "：": ":", "，": ","}
PART = re.compile(r"[^。；！？\n]+[。；！？\n]*")
LEAST = 2  # characters that a message must have besides its values to be found by them


@dataclass(frozen=True)
class Form:
    """A message with values in it, as a filled-in sentence is recognised by."""

    whole: re.Pattern[str]
    longest: str
    says: str


@cache
def messages() -> Mapping[str, str]:
    """Every message there is a translation of. Read once, when somebody first asks for English."""
    with FILE.open("rb") as file:
        found = read_po(file, locale="en")
    return {str(one.id): str(one.string) for one in found if one.id and one.string and not one.fuzzy}


@cache
def _forms() -> list[Form]:
    """Those with values, the most particular first."""
    made = []
    for text, says in messages().items():
        fixed = PLACE.split(text)[::2]
        if len(fixed) > 1 and sum(len(HAN.findall(one)) for one in fixed) >= LEAST:
            names = PLACE.findall(text)
            places = [
                f"(?P<{name}>.+?)" if names.index(name) == at else f"(?P={name})" for at, name in enumerate(names)
            ]
            pattern = "".join(re.escape(one) + place for one, place in zip(fixed, [*places, ""], strict=True))
            made.append((len("".join(fixed)), Form(re.compile(pattern, re.DOTALL), max(fixed, key=len), says)))
    return [form for _, form in sorted(made, key=lambda one: -one[0])]


def look_up(text: str) -> str | None:
    """A message without values, whatever mark it ends in."""
    if text in messages():
        return messages()[text]
    bare, end = text.rstrip("。；：，"), text[-1:]
    for known in (bare, f"{bare}。"):
        if bare and known in messages():
            return messages()[known].rstrip(".") + ENDS.get(end, "")
    return None


@lru_cache(4096)
def retell(sentence: str) -> str:
    """A finished sentence, or several, in English as far as the catalogue knows them."""
    if not HAN.search(sentence):
        return sentence
    return look_up(sentence) or _by_form(sentence) or _by_parts(sentence)


def _by_form(sentence: str) -> str | None:
    for form in _forms():
        if form.longest in sentence and (found := form.whole.fullmatch(sentence)):
            return form.says.format(**{name: retell(value) for name, value in found.groupdict().items()})
    return None


def _by_parts(sentence: str) -> str:
    """Sentence by sentence; else what stands before a colon and what stands behind it."""
    parts = PART.findall(sentence)
    if len(parts) > 1:
        return " ".join(retell(one.strip()) for one in parts)
    head, colon, tail = sentence.partition("：")
    if colon and tail:
        return f"{retell(head)}: {retell(tail)}"
    bare = sentence.rstrip("。；")
    if bare != sentence and (said := _by_form(bare) or _by_form(f"{bare}。")):
        return said.rstrip(".") + ENDS[sentence[-1]]
    return _by_form(f"{sentence}。") or sentence
