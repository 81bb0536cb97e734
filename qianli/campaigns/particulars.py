"""What exactly keeps a letter from being printed, in words of one consignment's own. Pure.

Such a sentence may show a character or name a placeholder, never a person; it is emptied when the campaign is purged.
"""

from collections.abc import Callable, Iterable

from models import HoldReason
from qianli.campaigns.holds import WORDS, Candidate, HoldWords

MOST_SHOWN = 5


def particulars(
    candidate: Candidate, reasons: Iterable[HoldReason], *, missing_characters: Callable[[str], set[str]]
) -> dict[HoldReason, HoldWords]:
    """Words of its own for each reason that has some; the others have those that all share."""
    told = {
        HoldReason.glyph_missing: _characters(candidate, missing_characters),
        HoldReason.missing_value: _placeholders(candidate.missing_values),
        HoldReason.does_not_fit: candidate.does_not_fit,
        HoldReason.layout_failed: candidate.layout_failed,
    }
    return {
        reason: HoldWords(sentence, WORDS[reason].next_step) for reason in reasons if (sentence := told.get(reason))
    }


def _characters(candidate: Candidate, missing_characters: Callable[[str], set[str]]) -> str:
    places = {"姓名": candidate.name, "地址": candidate.address_text}
    said = [
        f"{place}里的{'、'.join(f'“{one}”（U+{ord(one):04X}）' for one in _in_order(text, missing))}"
        for place, text in places.items()
        if (missing := missing_characters(text))
    ]
    return f"{'，'.join(said)}字库里没有，印出来会是空框。" if said else ""


def _in_order(text: str, wanted: set[str]) -> list[str]:
    return [one for one in dict.fromkeys(text) if one in wanted][:MOST_SHOWN]


def _placeholders(missing: Iterable[str]) -> str:
    names = "、".join(f"“{{{one}}}”" for one in sorted(missing))
    return f"书信里的{names}没有内容可填，台账里缺这一项。" if names else ""
