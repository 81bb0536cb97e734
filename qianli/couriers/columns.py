"""The titles couriers' files give their columns, as data; the best title of a column first."""

WRITTEN = {
    "reference": """
        包裹编号 包裹号 参考号 参考编号 客户参考号 客户订单号 客户单号 商户订单号 商家订单号 外部订单号 订单编号 订单号
        寄件编号 内件编号
    """,
    "number": """
        运单号 运单号码 运单编号 快递单号 快递运单号 快递编号 邮件号 邮件号码 邮件编号 物流单号 物流编号 物流运单号
        面单号 面单号码 母单号 单号
    """,
    "refusal": """
        不能承运原因 不予承运原因 不承运原因 拒绝承运原因 拒单原因 退单原因 拒收原因 下单失败原因 失败原因
    """,
    "status": """
        状态 物流状态 快件状态 邮件状态 包裹状态 运单状态 快递状态 轨迹状态 当前状态 最新状态 节点 物流节点 操作
        操作类型 操作名称 动作
    """,
    "time": """
        时间 操作时间 发生时间 轨迹时间 状态时间 物流时间 扫描时间 处理时间 更新时间 最新时间 签收时间 妥投时间 日期
        操作日期 签收日期
    """,
    "amount": """
        应付金额 应收金额 结算金额 实收金额 计费金额 费用合计 合计费用 总费用 总金额 金额 费用 总运费 应收运费 实收运费
        结算运费 快递运费 运费 快递费 邮费 资费 邮资 合计资费 总资费 收费
    """,
    "charge": "费用类型 费用类别 费用项目 费用名称 收费项目 收费类型 计费项目 结算项目 资费项目 项目",
    "weight": "计费重量 结算重量 收费重量 计重 重量 邮件重量 快件重量 实际重量 毛重",
    "text": "描述 轨迹 轨迹描述 物流信息 物流轨迹 轨迹信息 详情 说明 备注 最新轨迹 操作描述",
    "place": "地点 所在地 所在地点 网点 操作网点 操作机构 处理机构 处理网点 位置 城市 所在城市",
}
TITLES = {column: titles.split() for column, titles in WRITTEN.items()}
EVENTS = {column: TITLES[column] for column in ("reference", "number", "status", "time", "text", "place")}
WAYBILLS = {column: TITLES[column] for column in ("reference", "number", "refusal")}
INVOICES = {column: TITLES[column] for column in ("reference", "number", "amount", "charge", "weight")}
LABELS = {
    "reference": "包裹编号",
    "number": "运单号",
    "refusal": "不能承运原因",
    "status": "状态",
    "time": "时间",
    "amount": "金额",
    "charge": "费用类型",
    "weight": "计费重量",
    "text": "描述",
    "place": "地点",
}
