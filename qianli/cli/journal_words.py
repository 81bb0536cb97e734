"""The journal in sentences: what each entry says, as data. A test finds every entry that the code can write here."""

from models import (
    ArtefactKind,
    CampaignState,
    CaseOutcome,
    CaseReason,
    ConsignmentState,
    HoldReason,
    ManifestState,
    ParcelStage,
    ReminderEnd,
    Said,
    StockMove,
    Tracking,
)
from qianli.state_words import ARTEFACT, CONSIGNMENT, MESSAGE_END, MESSAGE_FAILURE, OUTCOME, REASON, SAID, TRACKING

C, S, P, M, K = CampaignState, ConsignmentState, ParcelStage, ManifestState, StockMove

HOLD = {
    HoldReason.no_address: "没有地址",
    HoldReason.incomplete_address: "地址不完整",
    HoldReason.ambiguous_address: "地址有多种读法",
    HoldReason.stale_address: "地址太久没有核实",
    HoldReason.no_phone: "没有电话",
    HoldReason.bad_phone: "电话不对",
    HoldReason.do_not_contact: "本人要求不再联系",
    HoldReason.missing_value: "书信要用的内容没有",
    HoldReason.glyph_missing: "有字库没有的字",
    HoldReason.too_heavy: "超过快递限重或资费表",
    HoldReason.out_of_stock: "库存不够",
    HoldReason.over_approval: "超出已批准的份数或金额",
    HoldReason.taken_back: "退回来了，等核实地址",
    HoldReason.moved_since: "准备之后住址有变",
    HoldReason.conflicting_reports: "两份报告不一致",
    HoldReason.suspect_after_return: "地址上有过退件",
    HoldReason.not_served_by_courier: "快递公司不送这个地方",
    HoldReason.deceased: "已经去世",
    HoldReason.duplicate_person: "可能一人记了两条",
    HoldReason.does_not_fit: "印不下",
    HoldReason.refused_by_courier: "快递公司不肯承运",
    HoldReason.layout_failed: "排不出来，排版程序每次都中断",
    HoldReason.address_unanswered: "核对住址没有答复",
    HoldReason.no_contact: "没有联系方式",
}
FLOWS = {
    "prepare_campaign": "准备",
    "fulfil_campaign": "出单",
}

CASE: dict[str, str] = {
    f"{verb} {reason}": f"{says}：{REASON[reason]}"
    for verb, says in (
        ("opened", "发现问题"),
        ("resolved", "问题办结"),
        ("assigned", "问题改了负责人"),
        ("given", "问题交给人办"),
        ("taken", "问题接下来办"),
        ("freed", "问题没有人办了"),
    )
    for reason in CaseReason
}

#: subject → what → what happened; a count or a reference goes with it.
SAYS: dict[str, dict[str, str]] = {
    "organisation": {
        "added": "登记了组织",
        "changed": "改了组织的名称或类别",
        "moved": "改了组织的上级",
        "seal added": "登记了印章",
        "seal withdrawn": "停用了印章",
        "signature added": "登记了手写签名",
        "signature withdrawn": "停用了手写签名",
        "reported": "报送台账",
        "calls listed": "列入电话名单",
        "import undone": "撤销了一次台账导入",
        "movement import undone": "撤销了一份流动名单",
    },
    "member": {
        "imported": "录入台账",
        "import undone": "撤销导入",
        "movement import undone": "撤销流动名单，报告撤下",
        "changed": "台账里的内容有改动",
        "moved": "登记了新的住址",
        "verified": "核实了住址",
        "hosted": "登记了流入地管理的组织",
        "departure_reported": "流出地报了外出",
        "arrival_registered": "流入地登记了到来",
        "movement_accepted": "采用了流动报告",
        "movement_dismissed": "没有采用流动报告",
        "movement_corrected": "流动报告有更正，原来的不再算",
        "wrong number": "打过电话，号码不对",
        "told by telephone": "电话通知了本人",
        "nobody answered": "打了电话，没有人接",
        "call assigned": "分了要打的电话",
        "call unassigned": "收回了分出去的电话",
        "took_part": "登记了参加活动",
        "study link": "有了自己的学习链接",
        "study link revoked": "换了自己的学习链接",
        "study notices wanted": "愿意收学习提醒",
        "study notices declined": "不再收学习提醒",
        "study taken back": "撤回了“我学过了”",
        "contributed": "参加讨论，写了发言",
        "contribution taken back": "撤回了讨论发言",
        "contribution released": "讨论发言已公开",
        "host_ended": "不再由流入地管理",
        "corrected": "更正了住址",
        "merged": "并入了另一条记录",
        "merged away": "并入另一条记录",
        "unmerged": "撤销合并",
        "distinct": "注明是两个人",
        "perhaps the same": "撤销“是两个人”的注明",
        "deceased": "登记去世",
        "not deceased": "撤销去世登记",
        "do not contact": "登记本人要求不再联系",
        "may be contacted": "登记可以联系",
    },
    "residence": {"recorded": "登记住址"},
    "kit": {"added": "登记了资料包"},
    "item": {
        "added": "登记了物品",
        "changed": "更正了物品的名称或重量",
        K.received: "到货入库",
        K.reserved: "预留",
        K.released: "退还预留",
        K.issued: "随包裹发出",
        K.put_back: "收回入库",
        K.written_off: "报损",
    },
    "campaign": {
        C.draft: "建立活动",
        C.prepared: "准备完成",
        C.approved: "活动已批准",
        C.under_way: "开始寄送",
        C.closed: "活动办结",
        C.cancelled: "活动取消",
        "approval": "批准",
        "letter revised": "换了书信",
        "approval voided": "批准作废",
        "billed": "导入快递公司账单",
        "stopped": "叫停：不再寄新的",
        "purged": "清除个人信息",
        "address round opened": "开始寄前核对住址",
        "address round changed": "改了核对住址的截止日或办法",
        "address round closed": "寄前核对住址结束",
        "sample drawn": "抽样核实：抽出名单",
        "letter files written": "书信另存成每人一个文件",
        "letters not stamped": "书信改为整页排印",
        "papers not stamped": "单据改为整页排印",
        **{f"{flow} asked": f"要求{word}" for flow, word in FLOWS.items()},
        **{f"print {kind}": f"编排待印的{ARTEFACT[kind]}" for kind in ArtefactKind},
        **{f"printed {kind}": f"印好{ARTEFACT[kind]}" for kind in ArtefactKind},
        **{f"on paper {kind}": f"打印机已打出{ARTEFACT[kind]}" for kind in ArtefactKind},
        **{f"spoiled {kind}": f"打坏了{ARTEFACT[kind]}" for kind in ArtefactKind},
        **{f"reprint {kind}": f"重印{ARTEFACT[kind]}" for kind in ArtefactKind},
    },
    "consignment": {
        "nobody answered": "打了电话，没有人接",
        "wrong number": "打了电话，号码不对",
        S.planned: "列入寄送名单",
        S.ready: "可以寄出",
        S.held: "暂缓",
        S.under_way: "编入包裹",
        S.confirmed: CONSIGNMENT[S.confirmed],
        S.confirmed_with_issues: CONSIGNMENT[S.confirmed_with_issues],
        S.denied: CONSIGNMENT[S.denied],
        S.unconfirmed: "到办结时没有得到答复",
        S.not_sent: "没有寄出",
        S.cancelled: "取消寄送",
        "sample found": "抽样核实：登记了问到的情况",
        "address asked": "请本人核对住址",
        "address still_here": "本人说还住在原来的地方",
        "address moved": "本人说搬家了",
        "address unsure": "本人说不准住址，请打电话",
        "address answer withdrawn": "本人收回了关于住址的答复",
        "withdrawn": "撤回还没有寄出的东西",
        "moved left": "住址有变，照原地址寄",
        "moved redirected": "住址有变，改寄新地址",
        "reminder waiting_at": "等本人去取，要提醒",
        "reminder left_with": "由别人代收，要问本人",
        "followed up message": "回访：发消息",
        "followed up call": "回访：列入电话名单",
        "followed up case": "回访：列为问题",
        "reminder told": "已告诉本人去取或去问",
        "reminder ended": "不用再提醒",
        "replacement_asked": "登记补寄",
        "replacement_planned": "补寄的东西编入包裹",
        "replacement_reopened": "补寄的包裹作废，等重新编排",
        "replacement_withdrawn": "撤销补寄",
        "photo added": "本人附了照片",
        "photo removed": "本人撤回了照片",
        **{f"said {said}": f"答复：{SAID[said]}" for said in Said},
        **{f"hold {reason}": f"暂缓原因：{HOLD[reason]}" for reason in HoldReason},
        **{f"unhold {reason}": f"暂缓原因消除：{HOLD[reason]}" for reason in HoldReason},
    },
    "parcel": {
        P.planned: "编成包裹",
        P.printed: "单据印好",
        P.packed: "装箱",
        P.handed_over: "交给快递公司",
        P.taken_back: "退件收回",
        P.voided: "作废",
        "waybill": "登记运单号",
        "booking cancelled": "快递公司已撤销运单",
        "cancel refused": "快递公司不肯撤销运单，请打电话办理",
        "left_behind": "交接时留下，没有拿走",
        **{f"tracking {state}": f"快递消息：{TRACKING[state]}" for state in Tracking},
    },
    "manifest": {
        M.draft: "拟出交接单",
        M.sealed: "封单",
        M.handed_over: "交接",
        M.void: "交接单作废",
        "link made": "生成了快递员的链接",
        "link revoked": "撤销了快递员的链接",
    },
    "message": {
        "queued": "排上一条消息",
        "given out": "列入人工发送的表",
        "sent": "消息已交给渠道",
        "not sent": "消息没有发出",
        "unclear": "消息不知发出没有，不再发",
        "settled as sent": "查明消息已发出",
        "settled as not sent": "查明消息没有发出",
        "delivered": "消息送达",
        "undelivered": "消息没有送达",
        "cancelled": "消息不用发了",
    },
    "case": CASE,
    "programme": {
        "added": "登记了学习栏目",
        "changed": "改了学习栏目",
        "items imported": "导入学习内容",
        "published": "发布学习内容",
        "withdrawn": "撤下学习内容",
        "page opened": "开设了学习页面",
        "page closed": "关闭了学习页面",
        "members told": "定了由谁提醒党员",
        "group told": "定了由谁提醒群里",
        "calls listed": "列入电话名单",
        "month closed": "一个月的数字定了下来",
    },
    "user": {
        "added": "添加了用户",
        "disabled": "停用了用户",
        "password set": "更换了密码",
        "signed in": "登录工作台",
        "signed out": "退出工作台",
        "locked": "连续输错密码，锁定 15 分钟",
        "exported": "导出清单",
    },
}
UNITS = {
    "consignment": "份", "parcel": "件", "manifest": "张", "case": "件", "campaign": "个文件", "member": "人",
    "message": "条",
}  # fmt: skip
#: Reasons that are kept as codes.
WHY: dict[str, str] = {"page": "本人在网页上说的", "phone": "本人在电话里说的", "visit": "当面说的"}
WHY |= {str(outcome): OUTCOME[outcome] for outcome in CaseOutcome}
WHY |= {str(end): words for end, words in MESSAGE_END.items()} | dict(MESSAGE_FAILURE)
WHY |= {
    ReminderEnd.answered: "本人已答复",
    ReminderEnd.collected: "快递公司说已取走",
    ReminderEnd.returned: "包裹退回",
    ReminderEnd.overtaken: "物流有变",
}
ACTORS = {"system": "系统", "member": "本人", "courier": "快递公司", "": "台账"}


def actor(written: str) -> str:
    """Who acted, as people call them."""
    return ACTORS.get(written) or written.removeprefix("user:")


def says(subject: str, what: str) -> str:
    """What happened, without a name or count."""
    return SAYS[subject][what]


def counted(subject: str, what: str, count: int) -> str:
    """The same for several: 可以寄出 58,211 份."""
    return f"{says(subject, what)} {count:,} {UNITS.get(subject, '')}".rstrip()


def reason(written: str, said: str) -> str:
    """Why, unless that is what was said already."""
    why = WHY.get(written, written)
    return "" if not why or why in said or said in why else why
