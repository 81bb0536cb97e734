"""Which papers a case needs, what to ask on the telephone, and what to ask of the courier."""

from dataclasses import dataclass

from models import CaseReason

R = CaseReason
CONFIRM = "取到或收到后，请按信上的确认码告诉我们，或者当场口头答复，由我们登记。"
ADDRESS = "现在住在哪里？请本人说全：省、市、区县、街道门牌、单元房号。"
PHONE = "电话有没有变？还有没有别的联系方式？"
#: reason → what to ask the member.
QUESTIONS: dict[CaseReason, tuple[str, ...]] = {
    R.something_missing: ("缺的是哪几样、各几件？", "外包装有没有破口或拆过的痕迹？", "补寄寄到哪里合适？"),
    R.damaged: ("破损的是哪几样，还能不能用？", "有没有外包装和破损处的照片？请先不要丢掉包装。", "补寄寄到哪里合适？"),
    R.not_received: (
        "家人、同事、邻居、门卫、驿站都问过没有？",
        "有没有收到取件短信或快递员的电话？",
        ADDRESS,
    ),
    R.failed_attempt: (ADDRESS, PHONE, "什么时间方便收件？不在家时可以放在哪里？"),
    R.refused: ("是不是本人拒收？为什么？", "还愿不愿意收？愿意的寄到哪里？", ADDRESS),
    R.returning: ("知道包裹为什么退回吗？", ADDRESS, PHONE),
    R.returned: ("知道包裹为什么退回吗？", ADDRESS, PHONE, "同意再寄一次吗？"),
    R.waiting: ("收到取件通知没有？", "什么时候能去取？能不能请人代取？", "取不了的，要不要改为送上门？送到哪里？"),
    R.call_me: ("您请我们打电话，是什么事？", "包裹收到没有，东西齐不齐？", PHONE),
    R.no_answer: ("包裹收到没有？是本人拿到的吗？", "东西齐不齐，有没有破损？", PHONE),
    R.return_near: ("今天或明天能不能去取？能不能请人代取？", "取不了的，要不要改为送上门？送到哪里？"),
}
#: When the member cannot be reached, his branch is asked.
ASK_THE_BRANCH = "打不通的，请本人所在党组织协助联系，核实现住址和电话。"


@dataclass(frozen=True)
class Claim:
    """What is asked of the courier: a title, what for, and what goes with it."""

    title: str
    request: str
    enclosed: tuple[str, ...]
    whole: bool = False  # all of it is lost: its whole value and the postage are asked for


SLIP = "交寄凭证（交接单）复印件"
#: reason → what to ask of the courier.
CLAIMS: dict[CaseReason, Claim] = {
    R.not_moving: Claim(
        "快件查询申请", "上列快件多日没有新的物流信息，请查明现在何处、何时投递，并书面或电话答复。", (SLIP,)
    ),
    R.lost: Claim(
        "快件赔偿申请",
        "上列快件经贵公司确认丢失，请按规定赔偿内件损失，并退还已收取的运费。",
        (SLIP, "内件价值证明"),
        whole=True,
    ),
    R.not_received: Claim(
        "快件查询申请",
        "上列快件显示已经投递，收件人本人反映没有收到。请提供签收底单或投递照片，查明由谁签收、放在何处，并答复。",
        (SLIP,),
    ),
    R.damaged: Claim(
        "快件赔偿申请",
        "上列快件收到时内件破损，请查明原因，并按规定赔偿内件损失。",
        (SLIP, "内件价值证明", "外包装和破损处照片"),
    ),
    R.cancel_refused: Claim("运单撤销申请", "上列运单的包裹不再交寄，请撤销订单和运单，不再上门收件，不计运费。", ()),
    R.undecided: Claim("订单核定查询", "上列订单贵公司还在人工核定，请告知能不能收派；不能收派的，请说明原因。", ()),
    R.moved_on_the_way: Claim(
        "快件改址申请", "上列快件的收件人住址有变，请改投下列新址；已经无法改投的，请退回寄件地址。", (SLIP,)
    ),
}


def papers_of(reason: CaseReason) -> tuple[str, ...]:
    """Which papers a case of this reason has."""
    return ("call_sheet",) * (reason in QUESTIONS) + ("claim",) * (reason in CLAIMS)
