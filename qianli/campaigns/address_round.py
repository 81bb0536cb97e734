"""Is this still you? What a round asks, when it is over, and what becomes of who said nothing. Pure."""

from dataclasses import dataclass
from datetime import date

from models import AddressSaid, ConsignmentState, RoundRule
from qianli.addresses.hiding import without_room
from qianli.campaigns.holds import HoldWords

#: What counts as having said where one lives; who is unsure waits for a call.
ANSWERS = frozenset({AddressSaid.still_here, AddressSaid.moved})
#: Of whom nothing is on its way yet.
ASKABLE = (ConsignmentState.ready, ConsignmentState.held)
AGAIN = (
    "用“campaign answer 寄送编号 still_here”登记还住在那里，"
    "或用“campaign answer 寄送编号 moved --address 新地址”登记搬家"
)
RELEASE = "不用等答复、照原地址寄的，用“consignment release 寄送编号”；然后再运行“campaign prepare”。"
WORDS_TO_SAY = "最近要给您寄一份资料，请问您还住在{where}吗？收件方便吗？"
NOWHERE = "最近要给您寄一份资料，请问您现在住在哪里？请说到门牌号。"


KEY = "address-check-"


def key_of(consignment_id: int, round_id: int) -> str:
    """What the message and the call that ask a member are known by: both have the same, and there is one of each."""
    return f"{KEY}{consignment_id}-{round_id}"


def is_over(*, cut_off_on: date, today: date) -> bool:
    """The last day itself still counts."""
    return today > cut_off_on


@dataclass(frozen=True)
class Fate:
    """What the rule says of one member at the end: whether they are held, and whether the branch there decides."""

    held: bool
    host: bool = False


def fate(rule: RoundRule, said: AddressSaid | None) -> Fate:
    """Who answered is left as they are: a move holds by itself, and who is still there may go."""
    if said in ANSWERS or rule is RoundRule.keep:
        return Fate(held=False)
    return Fate(held=True, host=rule is RoundRule.host_decides)


def hold_words(branch: str) -> HoldWords:
    """Why somebody is held who did not answer; with a `branch`, that branch decides."""
    if not branch:
        return HoldWords("寄之前核对住址，到截止日没有得到本人答复。", f"打电话问明：{AGAIN}。{RELEASE}")
    sentence = f"寄之前核对住址，到截止日没有得到本人答复，由{branch}决定寄不寄。"
    return HoldWords(sentence, f"请该组织找到本人核对，问明后{AGAIN}。{RELEASE}")


def shown_address(province: str | None, city: str | None, district: str | None, detail: str) -> str:
    """An address as its own member may see it by a link: down to road and building, the door hidden."""
    division = "".join(dict.fromkeys(part for part in (province, city, district) if part))
    return f"{division}{without_room(detail)}" if detail else division


def words_to_say(where: str) -> str:
    """What the caller asks."""
    return WORDS_TO_SAY.format(where=where) if where else NOWHERE


@dataclass(frozen=True)
class Fared:
    """How those fared who were asked: asked, sent, returned, confirmed."""

    asked: int
    sent: int
    returned: int
    confirmed: int


def effect(answered: Fared, silent: Fared) -> str:
    """Whether asking before sending made a difference, in a sentence of sums."""

    def told(one: Fared) -> str:
        return f"{one.asked} 份：寄出 {one.sent} 份，退回 {one.returned} 份，本人确认 {one.confirmed} 份"

    return f"寄前核对住址，本人答复了的 {told(answered)}；没有答复的 {told(silent)}。"
