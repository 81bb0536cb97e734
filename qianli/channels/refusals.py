"""What a provider's code comes to, from its table: refused for good, not now, or nobody knows."""

from collections.abc import Mapping

from qianli.channels.reading import shown
from qianli.errors import ChannelUnavailable, InterfaceError, SendingRejected

NUMBER, TEMPLATE, BLOCKED, CONTENT, ACCOUNT, OTHER = "number", "template", "blocked", "content", "account", "other"
#: Not sent, and will be taken later: too fast, today's share used up, only by day.
BUSY = "busy"
#: A fault on their side: whether it was sent is not known.
UNKNOWN = "unknown"

WHY = {
    NUMBER: "收件号码不对或不能用，请核对后改正",
    TEMPLATE: "模板没有通过审核，或填的内容与模板对不上，请到平台核对模板",
    BLOCKED: "对方不接收（退订、拉黑或没有关注），请改用其他方式联系",
    CONTENT: "内容不合平台的要求（太长、有网址或敏感词），请修改文字",
    ACCOUNT: "账号、签名、余额或权限有问题，请到平台核对后再发",
    OTHER: "平台没有接受，原因见其答复",
}


def refusal(who: str, code: str, kinds: Mapping[str, str], words: str = "") -> InterfaceError:
    """The error that a code stands for. A table may name a family by its beginning up to a dot (`AuthFailure.`)."""
    kind = kinds.get(code) or kinds.get(code.partition(".")[0] + ".") or OTHER
    if kind == BUSY:
        return ChannelUnavailable(f"{who}现在不收（{shown(code)}），稍后会再发。", is_untouched=True)
    if kind == UNKNOWN:
        return ChannelUnavailable(f"{who}的接口暂时不能用（{shown(code)}），稍后会再问。")
    return SendingRejected(f"{who}没有发出（{shown(code)}）：{WHY[kind]}。", kind=kind, words=words)
