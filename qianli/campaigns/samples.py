"""Which letters to show before approving: five at random, five worst cases. Pure."""

import random
import unicodedata
from collections.abc import Callable, Mapping

from models import Snapshot

SHOWN = 10

Worst = tuple[tuple[str, Callable[[Snapshot], float]], ...]
#: Why a letter is a worst case, and how bad it is; 0 is no case at all.
WORST: Worst = (
    ("姓名最长", lambda one: len(one.name)),
    ("地址最长", lambda one: sum(len(part or "") for part in (one.province, one.city, one.district, one.detail))),
    ("用字最生僻", lambda one: max((_rarity(c) for c in one.name), default=0)),
    ("离乡最久", lambda one: -one.away_since.toordinal() if one.away_since else 0),
    ("姓名最短", lambda one: -len(one.name)),
)
#: The same where members are told something: no address is written, nobody reads how long they are away.
WORST_TOLD = tuple((why, badness) for why, badness in WORST if why.startswith("姓名"))


def _rarity(character: str) -> int:
    """How unlikely a font has it: the further from the common block, the rarer; GB2312 characters count as common."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return ord(character) if unicodedata.category(character) == "Lo" else 1
    return 0


def pick_samples(
    snapshots: Mapping[int, Snapshot], chance: random.Random, worst: Worst = WORST
) -> list[tuple[int, str]]:
    """(consignment id, why it is shown): up to five worst cases, and others at random up to ten in all, none twice."""
    chosen: dict[int, str] = {}
    for why, badness in worst:
        left = {id_: badness(one) for id_, one in snapshots.items() if id_ not in chosen and badness(one)}
        if left:
            chosen[max(left, key=lambda id_: left[id_])] = why
    rest = sorted(id_ for id_ in snapshots if id_ not in chosen)
    lucky = [(id_, "随机抽取") for id_ in sorted(chance.sample(rest, min(SHOWN - len(chosen), len(rest))))]
    return [*lucky, *chosen.items()]
