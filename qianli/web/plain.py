"""The sentences of the commands as pages say them: no page tells anybody to type one. Pure."""

import re

CASES, HELD, CALLS = "在活动页“待处理的问题”里", "在活动页“暂缓寄送”里", "在“打电话”页"
#: What a sentence names as a command → where that is done here, and what to do there if the sentence does not say.
HERE = {
    "campaign ask": ("在活动页", "点“现在结束，不等截止日”"),
    "campaign answer": (CALLS, "登记"),
    "campaign prepare": ("在活动页", "点“开始准备”"),
    "campaign approve": ("由有审批权限的同志在活动页", "批准"),
    "campaign fulfil": ("在活动页", "点“编包裹、出单据”"),
    "campaign close": ("在活动页", "办结"),
    "campaign holds": (HELD, "看"),
    "campaign list": ("在待办页", "看"),
    "campaign show": ("在活动页", "看"),
    "campaign cancel": ("由管理员", "取消"),
    "campaign moved": ("由管理员", "按新地址改寄"),
    "campaign documents": ("由管理员", "查看"),
    "case": (CASES, "看"),
    "case list": (CASES, "看"),
    "case resolve": (CASES, "办结"),
    "consignment release": (HELD, "点“可以再寄了”"),
    "courier list": ("请管理员检查接口", ""),
    "member list": ("在党员名单里", "看"),
    "consignment cancel": ("由管理员", "取消寄送"),
    "courier unknown": ("在“快递状态码”清单里", "看"),
    "ledger imports": ("在“导入台账”页", "看"),
    "item list": ("在“物品”清单里", "看"),
    "item receive": ("在“物品”清单里", "登记入库"),
    "kit list": ("在“资料包”清单里", "看"),
    "movement imports": ("在“导入台账”页", "看"),
    "movement undo": ("在“导入台账”页", "撤销"),
    "ledger undo": ("在“导入台账”页", "撤销"),
    "member addresses": ("在党员的页面上", "看"),
    "member distinct": ("在“可能重复”清单里", "注明是两个人"),
    "member duplicates": ("在“可能重复”清单里", "看"),
    "member merge": ("在“可能重复”清单里", "合并"),
    "member verify": ("在“住址”清单里", "点“今天核实过”"),
    "movement accept": ("在“流动报告”清单里", "采用"),
    "movement dismiss": ("在“流动报告”清单里", "点“不采用”"),
    "movement import": ("由管理员", "导入流动报告"),
    "campaign sample": ("在“抽样核实”页", "看"),
    "sample record": ("在“抽样核实”页", "登记"),
    "case prepare": ("在“问题”清单里", "下载单子"),
    "member move": ("在党员的页面上", "登记搬家"),
    "message settle": ("在“消息”清单里", "登记"),
    "movement list": ("在“流动报告”清单里", "看"),
    "movement show": ("在“流动报告”清单里", "办理"),
    "organisation change": ("在“组织”清单里", "改"),
    "ledger import": ("在“导入台账”页", "导入"),
    "manifest list": ("在活动页", "看"),
    "manifest seal": ("在活动页", "点“封交接单”"),
    "parcel list": ("在活动页看过", ""),
    "parcel pack": ("在装箱页", "装箱"),
    "parcel replace": (CASES, "点“补寄”"),
    "parcel take-back": (CASES, "登记退回"),
    "print list": ("打印间", "列出"),
    "programme page": ("在这里", "点“开设学习页面”"),
    "print reprint": ("在打印间", "重印"),
    "receipt chase": (CALLS, "看"),
    "receipt record": (CALLS, "登记"),
}
#: Acts that have no page: the person at the command line does them.
ELSEWHERE = ("由管理员", "办理")
TAKEN_BACK = ("由管理员", "撤销")
NOUN = (
    "activity|address|backup|call|campaign|case|channel|consignment|courier|demo|documents|fonts|init|invoice|item|journal|kit|"
    "ledger|letter|manifest|member|message|movement|organisation|parcel|print|programme|purge|receipt|reconcile|"
    "restore|sample|serve|status|stories|up|user"
)
LEAD = "(?:运行一次|运行|查看|看|用|详见|见)?"
QUOTED = re.compile(rf"{LEAD}\s*“(?:qianli )?((?:{NOUN})(?: [a-z][a-z-]*)?)(?![a-z])[^”]*”")
ARGUMENT = (
    r"(?:--?[a-z][a-z-]*(?: [a-z]+_[a-z]+)?|[A-Z0-9][\w-]*|\{[a-z_]+\}|(?:党员|寄送|包裹|报告)?编号|(?:物品|活动)代码"
    r"|文件|sent(?:（没有发出写 not-sent）)?)"
)
BARE = re.compile(
    rf"{LEAD}\s*(?:qianli ((?:{NOUN})(?: [a-z][a-z-]*)?)|\b((?:{NOUN}) [a-z][a-z-]*))(?: {ARGUMENT}(?![a-z]))*\s*"
)
OPTIONS = {
    "--reason": "原因", "--pages": "页码", "--from-label": "起始张", "--unconfirmed": "原因", "--sku": "物品",
    "--put-back": "退回入库", "--write-off": "退回报损", "--until": "到哪一天", "--since": "从哪天起",
}  # fmt: skip
OPTION = re.compile(r"\s*(--[a-z][a-z-]*)\s*")
ENDS = "，。；、）（：？！"


def plain(message: str) -> str:
    """The same sentence without commands and options: where it is done here, or by whom."""
    said = BARE.sub(_instead, QUOTED.sub(_instead, message))
    return OPTION.sub(lambda found: f"“{OPTIONS[found[1]]}”" if found[1] in OPTIONS else "", said)


def _instead(found: re.Match[str]) -> str:
    """Where and, if nothing follows that says it, what."""
    named = found[1] or (found[2] if found.re is BARE else "")
    where, act = TAKEN_BACK if "--undo" in found[0] else HERE.get(named, ELSEWHERE)
    rest = found.string[found.end() :]
    if rest.startswith("里"):  # “…”里的编号
        return where.removeprefix("在").removesuffix("里")
    return where + act if not rest or rest[0] in ENDS else where
