"""What a campaign's page, its progress and its status say, by how the campaign gets to its members. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from models import Channel
from qianli.campaigns.next_step import Act, Room

#: A button: what it does and what it says.
Button = tuple[str, str]


@dataclass(frozen=True)
class PageWords:
    """Sentences may have places for `{date}`, `{count}` and `{amount}`; `funnel` is from owed to confirmed."""

    planned: str
    rooms: tuple[Room, ...]
    acts: Mapping[Act, str]
    rehearse: str
    to_sign: str
    held_later: str
    so_many: str
    which: str
    asks_where: bool
    funnel: tuple[str, ...]
    funnel_title: str
    unit: str
    held: str
    with_held: tuple[Button, ...]
    look_again: str
    with_cases: tuple[Button, ...]
    places: str
    checked: str
    ready: str
    waits: str
    made: tuple[str, ...]


ALWAYS = {Act.prepare: "开始准备", Act.approve: "批准", Act.close: "办结"}
POST = PageWords(
    planned="计划送达 {date}",
    rooms=(Room.print_room, Room.packing, Room.handover, Room.calls, Room.messages, Room.samples),
    acts={**ALWAYS, Act.fulfil: "编包裹、出单据", Act.pack: "全部装好了", Act.seal: "封交接单"},
    rehearse="先预演：看费用、暂缓的人和样信",
    to_sign="要批准的是 <b>{count}</b> 份，费用不超过 <b>{amount}</b>。",
    held_later="其中暂缓的 {count} 份补齐后再寄，费用已经算在内。",
    so_many="{count} 份",
    which="看是哪几份",
    asks_where=True,
    funnel=("应寄", "可以寄", "装好", "交给快递", "快递报告妥投", "本人确认"),
    funnel_title="从应寄到本人确认",
    unit="份数",
    held="暂缓寄送（{count}）",
    with_held=(("verify", "住址核实过了"), ("release", "可以再寄了"), ("cancel", "这次不寄了")),
    look_again="重新看一遍暂缓的和新加入的，改好的就可以寄了。",
    with_cases=(("put_back", "退回入库"), ("write_off", "退回报损"), ("replace", "补寄")),
    places="寄往哪些省份",
    checked="核对名单和地址（批）",
    ready="可以寄（份）",
    waits="暂缓（份）",
    made=("编好包裹（个）", "向快递公司订运单号（个）", "做好单据（个文件）"),
)
MESSAGE = PageWords(
    planned="计划 {date} 通知",
    rooms=(Room.messages, Room.call_list),
    acts={**ALWAYS, Act.fulfil: "编好消息，到时发送"},
    rehearse="先预演：看费用、暂缓的人和消息的样子",
    to_sign="要批准的是通知 <b>{count}</b> 人，费用不超过 <b>{amount}</b>。",
    held_later="其中暂缓的 {count} 人补齐后再通知，费用已经算在内。",
    so_many="{count} 人",
    which="看是哪些人",
    asks_where=False,
    funnel=("应通知", "可以通知", "发出", "渠道报告送达", "本人回复知道"),
    funnel_title="从应通知到本人回复知道",
    unit="人数",
    held="暂缓通知（{count}）",
    with_held=(("cancel", "这次不通知了"),),
    look_again="重新看一遍暂缓的和新加入的，改好的就可以通知了。",
    with_cases=(),
    places="这些人在哪些省份",
    checked="核对名单和联系方式（批）",
    ready="可以通知（人）",
    waits="暂缓（人）",
    made=("发出消息（条）",),
)
PHONE = PageWords(
    planned="计划 {date} 通知",
    rooms=(Room.call_list,),
    acts={**ALWAYS, Act.fulfil: "列出电话名单"},
    rehearse="先预演：看费用、暂缓的人和要说的话",
    to_sign=MESSAGE.to_sign,
    held_later=MESSAGE.held_later,
    so_many=MESSAGE.so_many,
    which=MESSAGE.which,
    asks_where=False,
    funnel=("应通知", "可以通知", "打过电话", "电话里告诉了", "本人答复知道"),
    funnel_title="从应通知到本人答复知道",
    unit="人数",
    held=MESSAGE.held,
    with_held=MESSAGE.with_held,
    look_again=MESSAGE.look_again,
    with_cases=(),
    places=MESSAGE.places,
    checked="核对名单和电话（批）",
    ready=MESSAGE.ready,
    waits=MESSAGE.waits,
    made=("打过电话（个）",),
)
WORDS = {Channel.post: POST, Channel.message: MESSAGE, Channel.phone: PHONE}
