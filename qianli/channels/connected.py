"""The channels with an interface: a line each. Their accounts come from settings."""

from types import ModuleType

from qianli.channels import aliyun_sms, smtp, tencent_sms, wechat_template, wecom_robot
from qianli.errors import ChannelUnavailable
from qianli.interfaces.connected import Registry
from qianli.interfaces.wire import Acquire, Wire, at_once

#: Channel code → module with `NAME`, `TO`, `NEEDS`, `LIMITS`, `connect(account, wire)`; `THIRD_PARTY` and `DATA` (what
#: it is told) if it is one; `TEMPLATES = True` if it sends approved texts only: their ids are further values of an
#: account, `template_<text>`.
MODULES: dict[str, ModuleType] = {
    "aliyun_sms": aliyun_sms,
    "smtp": smtp,
    "tencent_sms": tencent_sms,
    "wechat_template": wechat_template,
    "wecom_robot": wecom_robot,
}
REGISTRY = Registry(MODULES, "QIANLI_CHANNELS", "消息渠道")
CHANNEL = "channel"


def wire(acquire: Acquire = at_once) -> Wire:
    """The way to a channel."""
    return Wire(acquire=acquire, who="消息渠道", unavailable=ChannelUnavailable)
