"""The titles ledgers give their columns, as data: name → titles, the best first. Titles come from official forms."""

from collections.abc import Mapping

from qianli.folding import fold_header
from qianli.ledger.rowkeys import TITLE

NAME = "name"

#: Whose row it is, in files that went out and come back.
KEY: dict[str, list[str]] = {"key": [TITLE]}

#: What a member is known by and reached by.
MAIN: dict[str, list[str]] = {
    NAME: ["姓名", "党员姓名", "流动党员姓名", "名字", "收件人", "收件人姓名"],
    "born_on": ["出生日期", "出生年月日", "出生年月", "出生时间", "生日"],
    "joined_on": ["加入党组织日期", "加入党组织时间", "入党日期", "入党时间", "入党年月", "加入中共组织的时间"],
    "phone": [
        "手机号", "手机号码", "手机", "移动电话", "联系电话", "联系方式", "联系手机", "本人联系电话", "本人联系方式",
        "电话", "电话号码",
    ],
    "address": [
        "现居住地址", "现居住地", "现居住详细地址", "现住址", "现住地址", "现地址", "最新地址", "居住地址", "居住地",
        "外出居住地址", "外出详细地址", "流入地详细地址", "流入地址", "流入地", "收件地址", "收货地址", "邮寄地址",
        "通讯地址", "通信地址", "联系地址", "详细地址", "地址", "住址", "家庭住址", "家庭地址",
    ],
    "address_on": [
        "地址更新日期", "地址更新时间", "地址核实日期", "地址核实时间", "核实日期", "核实时间", "更新日期", "更新时间",
        "填报日期", "填报时间", "登记日期", "登记时间", "采集日期", "采集时间", "变更日期",
    ],
    "postcode": ["邮政编码", "邮编"],
    "away_since": [
        "外出时间", "外出日期", "流出时间", "流出日期", "外出务工时间", "外出起始时间", "何时外出", "离家时间",
    ],
    "occupation": ["工作岗位", "现职业", "从事职业", "职业", "从事工作", "工作", "职务", "原职业", "外出从业情况"],
}  # fmt: skip

#: What else a ledger must know of those who live elsewhere; a title stands in an export if somebody has it.
FACTS: dict[str, list[str]] = {
    "deceased_on": ["去世日期", "逝世日期", "死亡日期", "去世时间", "逝世时间", "死亡时间"],
    "dues_paid_until": [
        "党费交至", "党费缴至", "党费交纳至", "党费缴纳至", "党费交至时间", "党费缴至时间", "党费交至日期",
        "党费缴至日期", "党费交纳至时间", "党费缴纳至时间", "党费交到", "党费缴到",
    ],
    "certificate_number": ["流动证号", "活动证号码", "活动证号", "流动党员活动证号", "流动党员活动证编号"],
    "certificate_issued_on": ["发证时间", "发证日期", "活动证发证时间", "活动证发证日期"],
    "certificate_checked_on": [
        "活动证查验日期", "活动证查验时间", "活动证验证日期", "活动证验证时间", "查验日期", "查验时间",
        "验证日期", "验证时间",
    ],
}  # fmt: skip

#: The six things a ledger knows, and what official forms add; kept beside the member as they are written.
DETAILS: dict[str, list[str]] = {
    "branch": ["所在党支部", "所属党支部", "所在支部", "党支部", "支部", "所属党组织", "所在党组织"],
    "gender": ["性别"],
    "ethnicity": ["民族"],
    "education": ["学历", "文化程度", "最高学历"],
    "member_category": ["人员类别", "党员类别", "党员类型"],
    "full_member_on": ["转为正式党员日期", "转正日期", "转正时间"],
    "landline": ["固定电话", "座机", "家庭电话", "固话"],
    "home_address": ["户籍地址", "户籍所在地", "户籍地", "家乡住址", "老家地址"],
    "membership_status": ["党籍状态"],
    "lost_contact": ["是否为失联党员", "是否失联"],
    "lost_contact_on": ["失去联系日期", "失联时间", "失联日期"],
    "floating": ["是否为流动党员", "是否流动党员"],
    "away_to": ["外出流向", "外出地点", "流向"],
    "away_province": ["流出省份", "流入省份"],
    "away_reason": ["流出原因", "外出原因", "流动原因"],
    "away_type": ["流动类型"],
    "away_range": ["流动范围"],
    "away_industry": ["外出流动行业", "从事行业"],
    "has_certificate": ["是否持有《中国共产党流动党员活动证》", "是否持有流动党员活动证", "是否持有活动证"],
    "outflow_organisation": ["流出组织名称", "流出党组织", "流出党组织名称", "原党组织"],
    "outflow_contact": ["流出组织联系人", "流出党组织联系人", "流出党支部联系人", "原联系人"],
    "outflow_phone": [
        "流出组织联系电话",
        "流出党组织联系电话",
        "流出党组织联系方式",
        "流出党支部联系电话",
        "原联系方式",
    ],
    "inflow_organisation": ["流入组织名称", "流入党组织", "流入党组织名称", "挂靠组织"],
    "inflow_contact": ["流入党支部联系人", "流入组织联系人", "流入党组织联系人"],
    "inflow_phone": [
        "流入党支部联系方式",
        "流入党支部联系电话",
        "流入组织联系电话",
        "流入党组织联系电话",
        "流入党组织联系方式",
    ],
    "inflow_on": ["流入时间", "流入日期"],
    "province_before": ["流入前所在省份"],
    "membership_held_at": ["组织关系所在地"],
    "membership_transfer": ["组织关系状态"],
    "contact_kept": ["联系情况"],
    "returned_on": ["回归时间", "返回时间", "返回日期"],
    "dues_paid_to": ["党费缴纳情况", "党费交纳情况"],
    "smartphone": ["是否使用智能手机", "使用智能手机", "有无智能手机", "是否有智能手机", "智能手机"],
    "remarks": ["备注"],
}

#: Read past on purpose: row numbers, what a fix-it file adds, and what our own lists add for the eye.
IGNORED: dict[str, list[str]] = {
    "serial": ["序号", "编号", "行号", "NO", "No.", "No"],
    "fixit": ["问题", "您原来填的", "原工作表", "原行号"],
    "ours": ["登记组织", "寄送编号", "原因", "下一步", "缺少"],
}

#: Never read, never kept: any title with one of these in it.
IDENTITY_CARD = ("身份证", "公民身份", "身份号码", "证件号")

VARIANTS: dict[str, list[str]] = KEY | MAIN | FACTS | DETAILS

#: The home address is only where a member lives if the ledger has no better column.
HOME_TITLES = {"家庭住址", "家庭地址"}


def corrected(variants: Mapping[str, list[str]], titles: Mapping[str, str]) -> dict[str, list[str]]:
    """The titles of each column, where a person said which column a title means ("" for none: it is not read).

    Columns with identity-card numbers stay closed, whatever was said of them.
    """
    meant = {fold_header(title): name for title, name in titles.items() if not is_identity_card(title)}
    kept = {name: [one for one in some if fold_header(one) not in meant] for name, some in variants.items()}
    for title, name in titles.items():
        if name in kept and not is_identity_card(title):
            kept[name].insert(0, title)
    return kept


def is_identity_card(title: str) -> bool:
    """Whether a column holds identity-card numbers, which are dropped at the door."""
    return any(word in title for word in IDENTITY_CARD)
