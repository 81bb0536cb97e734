"""The next step of a hold or a case for whoever sits before its page, where `holds` and `cases` name commands. Pure.

A reason without words of its own here says on the page what it says elsewhere.
"""

from models import CaseReason, Channel, HoldReason
from qianli.campaigns.holds import MERGED
from qianli.campaigns.next_step import Act
from qianli.campaigns.page_words import WORDS

H, C = HoldReason, CaseReason
AGAIN = "再点“再准备一次”。"
LEDGER = f"在台账里改好重新导入，{AGAIN}"
VERIFIED = "勾选后点“住址核实过了”"
MAY_GO = "勾选后点“可以再寄了”"

HOLD: dict[HoldReason, str] = {
    H.no_address: f"联系本人或流入地支部问清地址，{LEDGER}",
    H.incomplete_address: f"补全到门牌号，{LEDGER}",
    H.ambiguous_address: f"写明省、市、县，{LEDGER}",
    H.stale_address: f"打电话核实：还住在那里的，{VERIFIED}，{AGAIN}搬走的，{LEDGER}",
    H.no_phone: f"补上手机号，{LEDGER}",
    H.no_contact: f"补上手机、电子邮箱或微信 openid，{LEDGER}",
    H.bad_phone: f"核对并改正电话，{LEDGER}",
    H.missing_value: f"把书信要用的内容补上，{LEDGER}",
    H.out_of_stock: f"到货后请管物品的同志登记入库，{AGAIN}",
    H.taken_back: f"核实地址：没有变的，{VERIFIED}，{AGAIN}变了的，{LEDGER}",
    H.moved_since: f"打电话核实新住址：对的，{VERIFIED}，{AGAIN}不对的，{LEDGER}",
    H.conflicting_reports: f"请管台账的同志对照两份流动报告，问明本人后采用对的一份，{AGAIN}",
    H.suspect_after_return: f"打电话核实：还住在那里的，{VERIFIED}，{AGAIN}搬走的，{LEDGER}",
    H.not_served_by_courier: f"与本人商量，改填境内能收件的地址，{LEDGER}没有的，请管理员另选能送到的快递公司。",
    H.deceased: f"不再寄送，也不再联系；登记错了的，请管台账的同志更正，{AGAIN}",
    H.duplicate_person: f"请管台账的同志核对：同一人的合并，两个人的注明，{AGAIN}",
    H.does_not_fit: f"把姓名或地址里多余的说明去掉，{LEDGER}改短了书信或版式的，{MAY_GO}，{AGAIN}",
    H.layout_failed: f"请技术人员看姓名、地址和书信里有没有不寻常的字符，{LEDGER}程序修好了的，{MAY_GO}，{AGAIN}",
    H.address_unanswered: (
        f"打电话问明，在“打电话”页登记还住在那里，或搬到了哪里；不等答复、照原地址寄的，{MAY_GO}，{AGAIN}"
    ),
    H.refused_by_courier: f"问明快递公司的原因；改好了的，{MAY_GO}，{AGAIN}",
}
#: The same where members are told something.
TOLD_HOLD: dict[HoldReason, str] = {
    H.deceased: f"不再通知，也不再联系；登记错了的，请管台账的同志更正，{AGAIN}",
}
OF_MERGED = f"不用再办，办结时记为未寄；并错了的，请管台账的同志撤销合并，{AGAIN}"
TOLD_OF_MERGED = f"不用再办，办结时记为未通知；并错了的，请管台账的同志撤销合并，{AGAIN}"
OVER_APPROVAL = "请有审批权限的同志再批准一次，再点“{act}”。"

BACK = "退到后勾选，点“退回入库”（损坏的点“退回报损”）"
SEND = "勾选后点“补寄”，再点“编包裹、出单据”。"
CASE: dict[CaseReason, str] = {
    C.something_missing: f"与本人核对缺少的物品；要补寄的，{SEND}",
    C.damaged: f"请本人留存外包装照片，向快递公司反映；要补寄的，{SEND}",
    C.not_received: f"先查物流轨迹，再电话询问本人和代收人；确认遗失的，{SEND}",
    C.refused: f"电话联系本人问明原因；{BACK}。",
    C.returned: f"联系本人核对地址；{BACK}，再导入新地址。",
    C.returning: f"电话问明本人退回的原因，还追得回的请快递公司改投；{BACK}。",
    C.waiting: "电话告诉本人在哪里取（怎么说，“打电话”页上有）；本人取不了的，请快递公司改为上门投递。",
    C.lost: "向快递公司索赔并留存凭证，再勾选，点“退回报损”，重新寄送。",
    C.no_answer: "打电话或上门问一问，在“打电话”页照实登记；联系不上的请流入地党组织协助。",
    C.conflicting_reports: "请管台账的同志对照两份流动报告，问明本人后采用对的一份。",
    C.one_sided_report: "请另一方补报；属实的可以先采用，不属实的不采用，由管台账的同志办理。",
    C.not_moving: "凭运单号向快递公司查询；有了新轨迹后导入轨迹表，确认遗失的，勾选后点“退回报损”。",
    C.has_moved: "与本人核对后由管台账的同志采用新地址，不属实的不采用；在途的请快递公司改投。",
    C.call_me: "按台账上的电话回过去，问明什么事，办好后勾选，点“办结”。",
    C.do_not_contact: "先不要打电话；确认是本人的，请管台账的同志登记不再联系。",
    C.delete_data: "答复本人删哪些、哪些依规定留存；没交寄的请管理员取消寄送，其余随活动办结后清除。",
    C.cancel_refused: "打电话给快递公司撤销运单（运单号在申请单上）；再请管理员向接口撤销一次。",
    C.undecided: "交寄之前向快递公司问明结果；不收的请管理员登记，再改用别的快递或核对地址。",
    C.not_told: "打电话或上门告诉本人，点编号登记答复；号码不对的，请管台账的同志改正。问不到的，勾选后点“办结”。",
    C.message_unclear: "在渠道的管理后台查，或问本人收到没有，再在“消息”清单里点“已发出”或“没有发出”；没有再发。",
    C.moved_on_the_way: f"打电话请快递公司改址（申请单上有运单号、新址）；改不了的，{BACK}。",
}

#: The same where members are told something.
TOLD_CASE: dict[CaseReason, str] = {
    C.not_received: "打电话再告诉一遍，知道了的点编号登记；电话不对的，请管台账的同志改正。问不到的，勾选后点“办结”。",
    C.has_moved: "与本人核对后由管台账的同志采用新地址，不属实的不采用。",
    C.delete_data: "答复本人删哪些、哪些依规定留存；还没有通知的请管理员取消，其余随活动办结后清除。",
}


def of_hold(channel: Channel, reason: HoldReason, sentence: str, next_step: str) -> str:
    """What to do about a hold that says this."""
    told = channel is not Channel.post
    if sentence == MERGED.sentence:
        return TOLD_OF_MERGED if told else OF_MERGED
    if reason is H.over_approval:
        return OVER_APPROVAL.format(act=WORDS[channel].acts[Act.fulfil])
    return (TOLD_HOLD if told else {}).get(reason) or HOLD.get(reason, next_step)


def of_case(channel: Channel, reason: CaseReason, next_step: str) -> str:
    """What to do about a case that says this; what is about no campaign is said as of the post."""
    told = channel is not Channel.post
    return (TOLD_CASE if told else {}).get(reason) or CASE.get(reason, next_step)
