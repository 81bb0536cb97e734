"""States in words, for people."""

from models import (
    AddressSaid,
    AddressStatus,
    ArtefactKind,
    CallEnd,
    CallPurpose,
    CampaignState,
    CaseOutcome,
    CaseReason,
    Channel,
    ConsignmentState,
    DeliveredTo,
    Finding,
    ManifestState,
    MessageEnd,
    MessagePurpose,
    MovementOutcome,
    OrganisationKind,
    ParcelStage,
    ReportSide,
    Role,
    RoundRule,
    Said,
    SaidVia,
    Stratum,
    StudyState,
    TookPart,
    Tracking,
)

CAMPAIGN = {
    CampaignState.draft: "草稿",
    CampaignState.prepared: "已准备",
    CampaignState.approved: "已批准",
    CampaignState.under_way: "进行中",
    CampaignState.closed: "已办结",
    CampaignState.cancelled: "已取消",
}
CONSIGNMENT = {
    ConsignmentState.planned: "待准备",
    ConsignmentState.ready: "可以寄",
    ConsignmentState.held: "暂缓",
    ConsignmentState.under_way: "已安排寄送",
    ConsignmentState.confirmed: "本人确认收到",
    ConsignmentState.confirmed_with_issues: "收到，有缺少或破损",
    ConsignmentState.denied: "本人反映没有收到",
    ConsignmentState.unconfirmed: "未得到答复",
    ConsignmentState.not_sent: "未寄",
    ConsignmentState.cancelled: "已取消",
}
#: The same where members are told something.
TOLD_CONSIGNMENT = {
    **CONSIGNMENT,
    ConsignmentState.ready: "可以通知",
    ConsignmentState.under_way: "已安排通知",
    ConsignmentState.confirmed: "本人回复知道",
    ConsignmentState.denied: "本人说没有看到",
    ConsignmentState.not_sent: "未通知",
}
CONSIGNMENTS = {
    Channel.post: CONSIGNMENT, Channel.message: TOLD_CONSIGNMENT, Channel.phone: TOLD_CONSIGNMENT,
}  # fmt: skip
PARCEL = {
    ParcelStage.planned: "待印单据",
    ParcelStage.printed: "待装箱",
    ParcelStage.packed: "已装箱",
    ParcelStage.handed_over: "已交接",
    ParcelStage.taken_back: "已收回",
    ParcelStage.voided: "已作废",
}
TRACKING = {
    Tracking.unknown: "还没有物流信息",
    Tracking.accepted: "已收寄",
    Tracking.in_transit: "运输中",
    Tracking.out_for_delivery: "派送中",
    Tracking.failed_attempt: "投递未成功",
    Tracking.awaiting_pickup: "待自提",
    Tracking.delivered: "快递报告妥投",
    Tracking.refused: "拒收",
    Tracking.returning: "退回途中",
    Tracking.returned: "已退回",
    Tracking.lost: "丢失",
}
DELIVERED_TO = {
    DeliveredTo.member: "本人签收",
    DeliveredTo.other_person: "他人代收",
    DeliveredTo.reception: "收发室、前台或物业代收",
    DeliveredTo.village_committee: "村（居）委会代收",
    DeliveredTo.left_at_door: "放在家门口",
    DeliveredTo.unknown: "已经妥投",
}
MANIFEST = {
    ManifestState.draft: "草稿",
    ManifestState.sealed: "已封单",
    ManifestState.handed_over: "已交接",
    ManifestState.void: "已作废",
}
#: Why a message was not sent after all.
MESSAGE_END = {
    MessageEnd.confirmed: "本人已经答复",
    MessageEnd.do_not_contact: "本人要求不再联系",
    MessageEnd.gone: "已不在台账里联系",
    MessageEnd.no_number: "没有可用的号码",
    MessageEnd.number_changed: "号码换了",
    MessageEnd.not_named: "活动没有写明可以用这个渠道",
    MessageEnd.over: "活动或这一份已经了结",
    MessageEnd.withdrawn: "工作人员撤回",
}
#: What to do about one that was not sent or did not arrive, by the kind of its failure.
MESSAGE_NEXT = {
    "number": "核对并改正号码，改打电话告诉本人。",
    "template": "请管理员核对渠道上的模板；这一条改打电话。",
    "blocked": "改打电话，或请支部转告。",
    "content": "请管理员按渠道的要求改文本；这一条改打电话。",
    "undelivered": "核对号码，改打电话。",
    "by_hand": "按写明的原因核对号码，改打电话。",
    "not_sent": "系统不会再发这一条，改打电话。",
    "other": "改打电话；常有的请管理员向渠道问明。",
}
#: Why a channel would not send one, by our kinds.
MESSAGE_FAILURE = {
    "number": "号码不对",
    "template": "模板没有审核通过或与内容不符",
    "blocked": "对方退订、拉黑或运营商拦截",
    "content": "内容不合渠道的要求",
    "account": "渠道账号有问题",
    "undelivered": "渠道反映没有送达",
    "not_sent": "查明没有发出",
    "by_hand": "人工发送没有成功",
    "other": "渠道没有接受",
}
CALL_PURPOSE = {
    CallPurpose.follow_up: "回访",
    CallPurpose.reminder: "提醒取件",
    CallPurpose.address_check: "核对地址",
    CallPurpose.study: "学习",
    CallPurpose.notice: "通知",
}
CALL_END = {
    CallEnd.confirmed: "全部收到",
    CallEnd.told: "已告知",
    CallEnd.took_part: "参加了学习",
    CallEnd.still_here: "还住在那里",
    CallEnd.moved: "搬家了",
    CallEnd.unsure: "说不准",
    CallEnd.no_answer: "没人接",
    CallEnd.wrong_number: "号码不对",
    CallEnd.do_not_contact: "要求不再联系",
    CallEnd.overtaken: "不用再打",
}
PURPOSE = {
    MessagePurpose.follow_up: "回访",
    MessagePurpose.address_check: "核对地址",
    MessagePurpose.notice: "通知",
    MessagePurpose.study: "学习",
    MessagePurpose.call_notice: "来电预告",
}
ARTEFACT = {
    ArtefactKind.letter: "书信",
    ArtefactKind.contact_card: "便民联系卡",
    ArtefactKind.reader: "读本",
    ArtefactKind.label: "面单",
    ArtefactKind.packing_slip: "装箱单",
    ArtefactKind.pick_list: "拣货单",
    ArtefactKind.manifest: "交接单",
    ArtefactKind.rehearsal: "预演报告",
    ArtefactKind.report: "结项报告",
    ArtefactKind.ledger_review: "月度核对",
    ArtefactKind.fix_file: "待改表",
    ArtefactKind.call_sheet: "电话核实单",
    ArtefactKind.courier_claim: "查询赔偿申请",
    ArtefactKind.receipt_photo: "本人附的照片",
    ArtefactKind.handover_record: "交接记录",
    ArtefactKind.message_sheet: "人工发送消息的表",
    ArtefactKind.study_picture: "学习内容的配图",
}
SAID = {
    Said.all_here: "全部收到",
    Said.something_missing: "有缺少",
    Said.damaged: "有破损",
    Said.not_received: "没有收到",
}
#: The same where members are told something.
TOLD_SAID = {**SAID, Said.all_here: "知道了", Said.not_received: "没有看到"}
SAID_BY = {Channel.post: SAID, Channel.message: TOLD_SAID, Channel.phone: TOLD_SAID}
REASON = {
    CaseReason.something_missing: "缺少物品",
    CaseReason.damaged: "破损",
    CaseReason.not_received: "没有收到",
    CaseReason.failed_attempt: "投递未成功",
    CaseReason.refused: "拒收",
    CaseReason.returned: "退回",
    CaseReason.lost: "丢失",
    CaseReason.not_moving: "物流停滞",
    CaseReason.conflicting_reports: "流动报告不一致",
    CaseReason.one_sided_report: "流动只有一方报",
    CaseReason.waiting: "久等未取",
    CaseReason.return_near: "快要退回",
    CaseReason.returning: "退回途中",
    CaseReason.has_moved: "本人说已搬家",
    CaseReason.call_me: "本人请回电话",
    CaseReason.do_not_contact: "要求不再联系",
    CaseReason.delete_data: "要求删除信息",
    CaseReason.no_answer: "没有回音",
    CaseReason.cancel_refused: "运单没有撤销",
    CaseReason.undecided: "快递公司还没定能不能送",
    CaseReason.moved_on_the_way: "交寄后换了住址",
    CaseReason.message_unclear: "消息不知发出没有",
    CaseReason.not_told: "话没有带到",
}
OUTCOME = {
    CaseOutcome.replaced: "已补寄",
    CaseOutcome.found: "已找到或送到",
    CaseOutcome.taken_back: "已收回",
    CaseOutcome.written_off: "已报损",
    CaseOutcome.later_receipt: "本人后来确认",
    CaseOutcome.no_action: "不需处理",
    CaseOutcome.home_was_right: "流出地报的对",
    CaseOutcome.host_was_right: "流入地报的对",
    CaseOutcome.neither_was_right: "报的不采用",
    CaseOutcome.accepted: "采用",
    CaseOutcome.reported_by_both: "另一方也报了",
    CaseOutcome.corrected: "报告已更正",
    CaseOutcome.settled: "已办妥",
    CaseOutcome.overtaken: "情况有变，另有问题",
    CaseOutcome.withdrawn: "本人不用了",
}
ROLE = {
    Role.reader: "查阅",
    Role.packer: "装箱",
    Role.organiser: "经办",
    Role.approver: "审批",
    Role.administrator: "管理员",
}
ORGANISATION = {
    OrganisationKind.party_branch: "党组织",
    OrganisationKind.city: "市",
    OrganisationKind.district: "区县",
    OrganisationKind.township: "乡镇、街道",
    OrganisationKind.village: "村",
    OrganisationKind.community: "社区",
    OrganisationKind.enterprise: "企业",
    OrganisationKind.hub: "园区、楼宇",
    OrganisationKind.market: "商圈、市场",
    OrganisationKind.chamber: "商会",
    OrganisationKind.service_station: "党群服务站",
}
TOOK_PART = {
    TookPart.in_person: "到场",
    TookPart.online: "线上",
    TookPart.by_post: "送学、自学",
}
STUDY = {
    StudyState.planned: "待发布",
    StudyState.published: "已发布",
    StudyState.withdrawn: "已撤下",
}
SIDE = {ReportSide.home: "流出地报", ReportSide.host: "流入地登记"}
MOVEMENT = {
    MovementOutcome.accepted: "已采用",
    MovementOutcome.dismissed: "不采用",
    MovementOutcome.corrected: "已有更正",
}
ADDRESS = {
    AddressStatus.exact: "完整",
    AddressStatus.incomplete: "不完整",
    AddressStatus.ambiguous: "有歧义",
}
ADDRESS_SAID = {
    AddressSaid.still_here: "还住在原处",
    AddressSaid.moved: "搬家了",
    AddressSaid.unsure: "说不准，请打电话",
}
SAID_VIA = {SaidVia.page: "本人网页", SaidVia.phone: "电话", SaidVia.visit: "当面"}
ROUND_RULE = {
    RoundRule.keep: "照原地址寄",
    RoundRule.hold: "暂缓，等核实",
    RoundRule.host_decides: "暂缓，由本人所在的组织决定寄不寄",
}
FINDING = {
    Finding.has_complete: "收到，齐全",
    Finding.has_part: "收到，有缺件",
    Finding.has_not: "没有收到",
    Finding.not_reached: "没有联系上",
}
STRATUM = {
    Stratum.confirmed: "本人答复过",
    Stratum.unconfirmed: "没有得到答复",
    Stratum.not_yet_said: "还没有答复",
}
