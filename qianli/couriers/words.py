"""The words couriers' files use for states, as data. A word that is not here is unknown: never a guess."""

import re

from models import DeliveredTo, ReturnedFor, Tracking

T, D = Tracking, DeliveredTo

WORDS: dict[tuple[Tracking, DeliveredTo | None], str] = {
    (T.unknown, None): "已下单 待揽收 待收寄 待取货 客服备注 备注",
    (T.accepted, None): "已揽收 揽收 已揽件 揽件 收寄 已收寄 已收件 收件 已接单 已取件",
    (T.in_transit, None): """
        在途 在途中 运输中 运输 转运中 转运 干线运输 已发出 发出 发运 已发运 封发 离开处理中心 到达处理中心 到达 已到达
        到达派件城市 到达投递机构 到件 发件 转寄 改址 已改址 滞留
    """,
    (T.out_for_delivery, None): "派送中 派送 派件中 派件 正在派送 正在派件 正在投递 投递中 安排投递 配送中",
    (T.failed_attempt, None): """
        投递未成功 未妥投 派送不成功 派件不成功 派送未成功 派送失败 派件失败 投递失败 派件异常 无法联系 联系不上收件人
        收件人不在 超区 超时未签收 疑难 疑难件 问题件
        查无此人 原址查无此人 收件人名址有误 名址有误 名址不详 地址有误 地址错误 地址不详 原写地址不详 无此地址
        迁移 已迁移 迁移新址不明 收件人迁移 收件人已迁移 已搬走 收件人已搬走 搬迁
    """,
    (T.awaiting_pickup, None): """
        待自提 待取件 待领取 待取 转窗投 已投柜 投柜 投柜或驿站 投柜或站签收 柜机签收 驿站签收 已放入快递柜 已放入驿站
        到达驿站 已到驿站 驿站待取 柜机待取 代收点待取 包裹柜已接收 自提点已接收 已存入自提点 超时未取
    """,
    (T.delivered, D.unknown): """
        签收 已签收 妥投 已妥投 投递成功 派送成功 派件成功 派件异常后签收 正常签收 已送达
    """,
    (T.delivered, D.member): """
        本人签收 已签收本人签收 已签收本人 签收本人 妥投本人收 本人收 收件人已取走 收件人已取件 已取出 已自提 自提签收
    """,
    (T.delivered, D.other_person): """
        他人代收 他人签收 代收 代签 代签收 家人代收 家人签收 同事代收 邻居代收 代收签收 签收他人代收 妥投他人代收
        已签收他人代收 已签收他人签收
    """,
    (T.delivered, D.reception): """
        收发室签收 收发室代收 收发室 前台签收 前台代收 门卫签收 门卫代收 传达室签收 传达室代收 物业签收 物业代收
        已签收收发室 单位收发章
    """,
    (T.delivered, D.village_committee): "村委会签收 村委会代收 村委会 居委会签收 居委会代收 已签收村委会 妥投村委会",
    (T.delivered, D.left_at_door): "放门口 已放门口 家门口 放家门口 无人代收放门口 已签收家门口",
    (T.refused, None): "拒收 已拒收 客户拒收 收件人拒收 拒签",
    (T.returning, None): "退回中 退件中 退回 退件 退件登记 待退 退回途中 退运 转退 已拦截 拦截",
    (T.returned, None): "已退回 退回妥投 退回签收 退签 退件签收 退货签收 已退件 退回寄件人 已退回寄件人",
    (T.lost, None): "丢失 已丢失 遗失 已遗失 丢件 丢失赔付",
}
#: Words that say of the address itself that it is wrong; they stand alone, beside a state or in the remarks.
AGAINST: dict[ReturnedFor, str] = {
    ReturnedFor.moved: "迁移 搬走 搬迁 搬家",
    ReturnedFor.unknown_person: "查无此人 查无收件人",
    ReturnedFor.wrong_address: "名址有误 名址不详 地址有误 地址错误 地址不详 无此地址",
}
NO_DELIVERY = {T.failed_attempt, T.refused, T.returning, T.returned}
CANCELLING = "撤销 已撤销 撤销签收 撤销妥投 取消签收 签收撤销 撤销投递 撤销收寄 撤销前事件"


def _folded(word: str) -> str:
    """Without brackets, dashes, spaces and the like: files write 已签收（本人签收） and 已签收-本人签收."""
    return re.sub(r"[\W_]+", "", word)


STATES = {word: state for state, words in WORDS.items() for word in words.split()}
REASONS = {word: kind for kind, words in AGAINST.items() for word in words.split()}
CANCELS = frozenset(CANCELLING.split())


def state_of(word: str) -> tuple[Tracking, DeliveredTo | None]:
    """Our state and receiver for a courier's word; unknown for a word nobody taught us.

    退回（查无此人） is 退回: what is said against the address may stand before or after a state.
    """
    folded = _folded(word)
    return STATES.get(folded) or STATES.get(_without_reason(folded), (T.unknown, None))


def _without_reason(folded: str) -> str:
    for reason in REASONS:
        for bare in (folded.removeprefix(reason), folded.removesuffix(reason)):
            if bare != folded and STATES.get(bare, (T.unknown, None))[0] in NO_DELIVERY:
                return bare
    return ""


def returned_for(word: str, text: str, tracking: Tracking) -> ReturnedFor | None:
    """What a courier that did not deliver says against the address, in its state or in the remarks beside it."""
    if tracking not in NO_DELIVERY:
        return None
    said = f"{_folded(word)} {text}"
    return next((kind for reason, kind in REASONS.items() if reason in said), None)


def is_known(word: str) -> bool:
    """Whether somebody taught us the word, if only that it says nothing about where the parcel is."""
    return state_of(word)[0] is not T.unknown or _folded(word) in STATES or cancels(word)


def cancels(word: str) -> bool:
    """Whether the word takes back what the courier said before."""
    return _folded(word) in CANCELS
