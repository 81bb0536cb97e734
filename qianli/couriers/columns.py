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
    "text": "描述 轨迹 轨迹描述 物流信息 物流轨迹 轨迹信息 详情 说明 备注 最新轨迹 操作描述",
    "place": "地点 所在地 所在地点 网点 操作网点 操作机构 处理机构 处理网点 位置 城市 所在城市",
}
TITLES = {column: titles.split() for column, titles in WRITTEN.items()}
EVENTS = {column: titles for column, titles in TITLES.items() if column != "refusal"}
WAYBILLS = {column: TITLES[column] for column in ("reference", "number", "refusal")}
LABELS = {
    "reference": "包裹编号",
    "number": "运单号",
    "refusal": "不能承运原因",
    "status": "状态",
    "time": "时间",
    "text": "描述",
    "place": "地点",
}
