"""Why a consignment cannot go yet: the rule, and the words for each reason. Pure."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime

from models import AddressStatus, HoldReason


@dataclass(frozen=True)
class HoldWords:
    """A reason in words: what is the matter, and what to do. No personal data."""

    sentence: str
    next_step: str


R = HoldReason
AGAIN = "更新台账后重新导入，再运行“campaign prepare”。"
WORDS: dict[HoldReason, HoldWords] = {
    R.no_address: HoldWords("台账里没有现居住地址。", f"联系本人或流入地支部问清地址，{AGAIN}"),
    R.incomplete_address: HoldWords("地址不完整，缺省、市、县或门牌。", f"补全到门牌号，{AGAIN}"),
    R.ambiguous_address: HoldWords("地址有多种读法，无法确定是哪一处。", f"写明省、市、县，{AGAIN}"),
    R.stale_address: HoldWords(
        "地址太久没有核实，可能已经搬走。", f"打电话核实后把“地址更新日期”改为核实当天，{AGAIN}"
    ),
    R.no_phone: HoldWords("没有联系电话，快递无法投递。", f"补上手机号，{AGAIN}"),
    R.bad_phone: HoldWords("电话号码不对（位数或号段不存在）。", f"核对并改正电话，{AGAIN}"),
    R.do_not_contact: HoldWords("本人要求不要联系。", "尊重本人意愿，这次不寄；办结时记为未寄。"),
    R.missing_value: HoldWords("书信要用的内容台账里没有（例如外出时间）。", f"在台账中补上，{AGAIN}"),
    R.glyph_missing: HoldWords(
        "姓名或地址里有字库没有的字，印出来会是空框。",
        "核对这个字是否录错；确为生僻字的，请联系技术人员添加字库。",
    ),
    R.too_heavy: HoldWords("一份资料的重量超过快递限重或资费表。", "减少资料包内容，或为该省改用别的快递、补上资费。"),
    R.out_of_stock: HoldWords("库存不够，这一份排不上。", "到货后用“item receive”登记入库，再运行“campaign prepare”。"),
    R.over_approval: HoldWords("超出已批准的份数或金额。", "先运行“campaign approve”，再运行“campaign fulfil”。"),
    R.taken_back: HoldWords("包裹被退回，需要核实地址后再寄。", f"核实地址，{AGAIN}"),
    R.moved_since: HoldWords(
        "准备之后住址有变，等核实新住址。",
        "核实后用“member verify 编号”（新住址也不对的用“member move 编号”），再运行“campaign prepare”；"
        "不用核实的，运行“campaign moved 活动代码 --redirect 寄送编号”。",
    ),
    R.conflicting_reports: HoldWords(
        "流出地和流入地报的情况不一致，住址待定。",
        "用“movement show”对照两份报告，问明本人后用“movement accept”采用对的一份，再运行“campaign prepare”。",
    ),
    R.suspect_after_return: HoldWords(
        "以前寄到这个地址的包裹退回过（迁移、查无此人或名址有误），地址可能不对。",
        "打电话核实：还住在那里的用“member verify 编号”，搬走的用“member move 编号”登记新地址"
        "（或在台账里改好导入），再运行“campaign prepare”。",
    ),
    R.not_served_by_courier: HoldWords(
        "选用的快递公司不送这个地方（境外、港澳台）。",
        f"与本人商量，改填境内能收件的地址，{AGAIN}"
        "或在活动定义的 couriers 里为该地区另选能送到的快递公司，重新登记活动后再准备。",
    ),
    R.deceased: HoldWords(
        "台账登记本人已经去世。",
        "不再寄送，也不再联系；登记错了的，用“member deceased 编号 --undo”更正，再运行“campaign prepare”。",
    ),
    R.duplicate_person: HoldWords(
        "台账里可能把同一个人记成了两条，免得一人寄两份。",
        "用“member duplicates”核对：是同一人的用“member merge”合并，是两个人的用“member distinct”注明，"
        "再运行“campaign prepare”。",
    ),
    R.does_not_fit: HoldWords(
        "内容太长，印出来会超出版面。",
        f"把姓名或地址里多余的说明去掉，{AGAIN}"
        "改短了书信或版式的，用“consignment release 寄送编号”注明可以再印，再运行“campaign prepare”。",
    ),
    R.refused_by_courier: HoldWords(
        "快递公司不肯承运。",
        "问明快递公司的原因；改好了（或另选了快递公司）用“consignment release 寄送编号”注明可以再寄，"
        "再运行“campaign prepare”。",
    ),
    R.layout_failed: HoldWords(
        "一排这一份，排版程序就中断，试了几次都是这样；同一批的其他各份不受影响。",
        f"请技术人员看姓名、地址和书信里有没有不寻常的字符，改掉它，{AGAIN}"
        "程序修好了的，用“consignment release 寄送编号”注明可以再印，再运行“campaign prepare”。",
    ),
    R.address_unanswered: HoldWords(
        "寄之前核对住址，到截止日没有得到本人答复。",
        "打电话问明：用“campaign answer 寄送编号 still_here”登记还住在那里，"
        "或用“campaign answer 寄送编号 moved --address 新地址”登记搬家。"
        "不用等答复、照原地址寄的，用“consignment release 寄送编号”；然后再运行“campaign prepare”。",
    ),
    R.no_contact: HoldWords(
        "台账里没有这次所用渠道的联系方式（手机、电子邮箱或微信 openid）。", f"补上其中一样，{AGAIN}"
    ),
}  # fmt: skip

#: Of a record that was merged into another one which is owed the same: more than a suspicion.
MERGED = HoldWords(
    "这条记录已并入另一条，那一条在这次活动里已有一份。",
    "不用再办，办结时记为未寄；并错了的，用“member unmerge 编号”撤销，再运行“campaign prepare”。",
)

#: Decided for the whole campaign at once (stock, approval), not member by member.
ALLOCATION = frozenset({R.out_of_stock, R.over_approval})


@dataclass(frozen=True)
class Candidate:
    """What is known of one member when a campaign is prepared."""

    name: str
    phone: str | None
    phone_written: str | None
    address_status: AddressStatus | None
    address_text: str
    known_on: date | None
    recorded_at: datetime | None
    do_not_contact: bool
    missing_values: Collection[str]
    too_heavy: bool
    does_not_fit: str = ""
    layout_failed: str = ""
    deceased: bool = False
    disputed: bool = False
    twice: bool = False
    unserved: bool = False
    refused_at: datetime | None = None
    taken_back_at: datetime | None = None
    taken_back_on: date | None = None
    moved_at: datetime | None = None
    moved_on: date | None = None
    unanswered_at: datetime | None = None
    unanswered_on: date | None = None
    verified_on: date | None = None
    suspect_on: date | None = None


def judge(
    candidate: Candidate,
    *,
    is_stale: Callable[[date], bool],
    missing_characters: Callable[[str], set[str]],
) -> list[HoldReason]:
    """Every reason that keeps this member's consignment from going, most important first; none means it is ready.

    Of one who has died nothing else is asked: every other next step is to call.
    """
    if candidate.deceased:
        return [R.deceased]
    reasons = [
        (R.do_not_contact, candidate.do_not_contact),
        (R.duplicate_person, candidate.twice),
        (R.conflicting_reports, candidate.disputed),
        (R.taken_back, _still_taken_back(candidate)),
        (R.refused_by_courier, _still_refused(candidate)),
        (R.moved_since, _waits(candidate, candidate.moved_at, candidate.moved_on, candidate.verified_on)),
        (R.address_unanswered, _still_unanswered(candidate)),
        *_address(candidate, is_stale),
        (R.suspect_after_return, _is_suspect(candidate)),
        (R.bad_phone, candidate.phone is None and bool(candidate.phone_written)),
        (R.no_phone, candidate.phone is None and not candidate.phone_written),
        (R.missing_value, bool(candidate.missing_values)),
        (R.glyph_missing, bool(missing_characters(candidate.name + candidate.address_text))),
        (R.does_not_fit, bool(candidate.does_not_fit)),
        (R.layout_failed, bool(candidate.layout_failed)),
        (R.too_heavy, candidate.too_heavy),
    ]
    return [reason for reason, holds in reasons if holds]


def _address(candidate: Candidate, is_stale: Callable[[date], bool]) -> list[tuple[HoldReason, bool]]:
    status = candidate.address_status
    read = not candidate.unserved  # abroad nothing is read, and nothing is asked but another address
    return [
        (R.no_address, status is None),
        (R.not_served_by_courier, candidate.unserved),
        (R.incomplete_address, read and status == AddressStatus.incomplete),
        (R.ambiguous_address, read and status == AddressStatus.ambiguous),
        (R.stale_address, candidate.known_on is not None and is_stale(candidate.known_on)),
    ]


def _is_suspect(candidate: Candidate) -> bool:
    """A courier spoke against this address, and nobody has vouched for it since; what was taken back waits as that."""
    if candidate.suspect_on is None or _still_taken_back(candidate):
        return False
    return candidate.known_on is None or candidate.known_on < candidate.suspect_on


def _still_taken_back(candidate: Candidate) -> bool:
    """A parcel came back, and nobody has reported or verified an address since."""
    return _waits(candidate, candidate.taken_back_at, candidate.taken_back_on, candidate.known_on)


def _still_unanswered(candidate: Candidate) -> bool:
    """The member did not answer when asked, and nobody has reported or verified an address since."""
    return _waits(candidate, candidate.unanswered_at, candidate.unanswered_on, candidate.known_on)


def _waits(candidate: Candidate, since: datetime | None, day: date | None, word_on: date | None) -> bool:
    """Whether it waits for word of the address since then, and none came: nothing recorded, the last word is older."""
    if since is None:
        return False
    recorded = candidate.recorded_at is not None and candidate.recorded_at > since
    return not (recorded or (word_on is not None and day is not None and word_on >= day))


def _still_refused(candidate: Candidate) -> bool:
    """A courier refused the parcel, and no other address has come since. A person may say as well that it may go."""
    if candidate.refused_at is None:
        return False
    return candidate.recorded_at is None or candidate.recorded_at <= candidate.refused_at
