"""The words of a case: what happened, and what to do next. No name, phone or address is in them."""

from dataclasses import dataclass

from models import CaseReason

R = CaseReason
#: reason → (sentence, next step); `{parcel}`, `{consignment}`, `{movement}` and `{message}` are our own numbers.
WORDS: dict[CaseReason, tuple[str, str]] = {
    R.something_missing: (
        "本人反映收到的物品有缺少。",
        "与本人核对缺少的物品，补寄请运行 qianli parcel replace {consignment} --sku 物品代码，再运行 campaign fulfil。",
    ),
    R.damaged: (
        "本人反映收到的物品有破损。",
        "请本人留存外包装照片，向快递公司反映；补寄请运行 qianli parcel replace {consignment} --sku 物品代码。",
    ),
    R.not_received: (
        "本人反映没有收到。",
        "先查物流轨迹，再电话询问本人和代收人；确认遗失后运行 qianli parcel replace {consignment} --sku 物品代码。",
    ),
    R.failed_attempt: (
        "快递员投递未成功。",
        "电话联系本人，核对收件地址和方便的时间，转告快递公司再次投递。",
    ),
    R.refused: (
        "快递公司反映收件时被拒收。",
        "电话联系本人问明原因；包裹退回后运行 qianli parcel take-back {parcel} --put-back（损坏的用 --write-off）。",
    ),
    R.returned: (
        "包裹已退回。",
        "联系本人核对地址后运行 qianli parcel take-back {parcel} --put-back（损坏的用 --write-off），再导入新地址。",
    ),
    R.returning: (
        "包裹正在退回途中。",
        "电话问明本人退回的原因，还追得回的请快递公司改投；退到后运行 qianli parcel take-back {parcel} --put-back。",
    ),
    R.waiting: (
        "包裹在自提点等了几天，还没有人取。",
        "电话告诉本人在哪里取（怎么说见 qianli receipt chase）；本人取不了的，请快递公司改为上门投递。",
    ),
    R.return_near: (
        "包裹在自提点快到期，再不取就要退回。",
        "今天就打电话催取；本人取不了的，请快递公司延长保管或改为上门投递。",
    ),
    R.lost: (
        "快递公司反映包裹丢失。",
        "向快递公司索赔并留存凭证，再运行 qianli parcel take-back {parcel} --write-off，重新寄送。",
    ),
    R.no_answer: (
        "快递公司反映已经送到，本人一直没有回音。",
        "打电话或上门问一问，照实登记：qianli receipt record；联系不上的请流入地党组织协助。",
    ),
    R.conflicting_reports: (
        "流出地和流入地报的住址不一致，收件地址待定。",
        "用 qianli movement show {movement} 对照，问明本人后用 qianli movement accept 采用对的一份。",
    ),
    R.one_sided_report: (
        "流动情况只有一方报，另一方过了期限还没有报。",
        "请另一方补报；属实的可以先采用：qianli movement accept {movement}，不属实的用 qianli movement dismiss。",
    ),
    R.not_moving: (
        "包裹多日没有新的物流信息。",
        "凭运单号向快递公司查询；有了新轨迹后导入轨迹表，确认遗失后运行 qianli parcel take-back {parcel} --write-off。",
    ),
    R.has_moved: (
        "本人在收件确认页面上说已经搬家，报了新住址。",
        "与本人核对后采用：qianli movement accept {movement}，不属实的用 movement dismiss；在途的请快递公司改投。",
    ),
    R.call_me: (
        "本人在收件确认页面上请工作人员打电话。",
        "按台账上的电话回过去，问明什么事，办好后运行 qianli case resolve 编号 --outcome no_action。",
    ),
    R.do_not_contact: (
        "本人在收件确认页面上要求不再联系。",
        "先不要打电话；确认是 {consignment} 的本人后运行 qianli member do-not-contact 党员编号。",
    ),
    R.delete_data: (
        "本人在收件确认页面上要求删除个人信息。",
        "答复本人删哪些、哪些依规定留存；没交寄的先 qianli consignment cancel {consignment}，其余随活动办结后清除。",
    ),
    R.cancel_refused: (
        "包裹作废了，快递公司没有撤销运单。",
        "打电话给快递公司撤销运单（运单号在申请单上）；再向接口撤销一次：qianli parcel unbook {parcel}。",
    ),
    R.undecided: (
        "快递公司收下了订单，能不能送还在人工核定。",
        "交寄之前向快递公司问明结果；不收的运行 qianli parcel refuse {parcel}，再改用别的快递或核对地址。",
    ),
    R.message_unclear: (
        "一条消息交给渠道以后没有得到答复，不知道发出没有，没有再发。",
        "在渠道的管理后台查，或问本人收到没有，再登记：qianli message settle {message} sent（没有发出写 not-sent）。",
    ),
    R.not_told: (
        "要告诉本人的话没有送到。",
        "打电话或上门告诉本人，照实登记：qianli receipt record；号码不对的改台账。办好的用 qianli case resolve 办结。",
    ),
    R.moved_on_the_way: (
        "包裹交寄以后，收件人换了住址。",
        "打电话请快递公司改址（申请单上有运单号、新址）；改不了的，退回后用 qianli parcel take-back {parcel}。",
    ),
}

#: Working days in which a case is to be acted upon: soon where the courier's clock runs, later where nothing is lost.
ACT_WITHIN: dict[CaseReason, int] = {
    R.return_near: 1,
    R.failed_attempt: 1,
    R.waiting: 2,
    R.refused: 2,
    R.returning: 2,
    R.not_received: 2,
    R.not_moving: 3,
    R.lost: 5,
    R.returned: 5,
    R.no_answer: 5,
    R.something_missing: 5,
    R.damaged: 5,
    R.conflicting_reports: 10,
    R.one_sided_report: 10,
    R.undecided: 1,
    R.moved_on_the_way: 1,
    R.message_unclear: 2,
    R.not_told: 2,
    R.cancel_refused: 2,
    R.do_not_contact: 1,
    R.call_me: 2,
    R.has_moved: 2,
    R.delete_data: 10,
}


@dataclass(frozen=True)
class CaseWords:
    """What a person reads about a case."""

    sentence: str
    next_step: str


#: Of silence where a message was all there was to be sent.
SILENT_AFTER_A_MESSAGE = CaseWords(
    "消息已经发出，本人一直没有回音。",
    "打电话或上门问一问看到没有，照实登记：qianli receipt record；联系不上的请流入地党组织协助。",
)


def case_words(
    reason: CaseReason,
    *,
    consignment: str = "寄送编号",
    parcel: str = "包裹编号",
    movement: str = "报告编号",
    message: str = "消息编号",
) -> CaseWords:
    """The prepared sentence and next step; our numbers make the command in it ready to copy."""
    sentence, next_step = WORDS[reason]
    numbers = {"consignment": consignment, "parcel": parcel, "movement": movement, "message": message}
    return CaseWords(sentence=sentence, next_step=next_step.format_map(numbers))
