"""Providers of messages in one, with a page that shows the phones' screens: who received what, for the demo.

`with serving(Screens(...).app()) as url` serves the page at `url` and each provider below it; `settings(url)` is what
`QIANLI_CHANNELS` has to hold for messages to come here.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from itertools import groupby

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route

from qianli.channels.reading import ZONE
from qianli.stand_ins.aliyun_sms import AliyunCloud
from qianli.stand_ins.inbox import Shown
from qianli.stand_ins.tencent_sms import TencentCloud
from qianli.stand_ins.wechat_template import Followed
from qianli.stand_ins.wecom_robot import Group

STYLE = """
:root { color-scheme: light dark; --page: #eef1f4; --screen: #fff; --bubble: #e9ebee; --ink: #1c1f23; --soft: #5c6670;
  --frame: #23272c; --link: #0b5cad; }
@media (prefers-color-scheme: dark) { :root { --page: #14171a; --screen: #1f2429; --bubble: #2e353c; --ink: #eceff2;
  --soft: #a4adb6; --frame: #4a525a; --link: #8cc2ff; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 1.5rem 1rem 3rem; background: var(--page); color: var(--ink);
  font: 16px/1.6 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
header { max-width: 70rem; margin: 0 auto 1.5rem; }
h1 { margin: 0; font-size: 1.35rem; }
header p { margin: .25rem 0 0; color: var(--soft); }
main { max-width: 70rem; margin: 0 auto; display: grid; gap: 1.5rem; align-items: start;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr)); }
section { background: var(--screen); border: 6px solid var(--frame); border-radius: 1.6rem; overflow: hidden; }
h2 { margin: 0; padding: .7rem 1rem .5rem; font-size: 1rem; border-bottom: 1px solid var(--bubble); }
h2 small { display: block; font-weight: 400; color: var(--soft); }
ol { list-style: none; margin: 0; padding: .75rem; max-height: 26rem; overflow-y: auto; }
li { margin: 0 0 .9rem; }
li time { display: block; margin: 0 .2rem .2rem; font-size: .8rem; color: var(--soft); }
li p { margin: 0; padding: .55rem .8rem; border-radius: .3rem 1rem 1rem 1rem; background: var(--bubble);
  white-space: pre-wrap; overflow-wrap: anywhere; }
a { color: var(--link); }
"""


@dataclass
class Screens:
    """Two providers of short messages, an official account and a group, and whoever holds a phone."""

    tencent: TencentCloud = field(default_factory=TencentCloud)
    aliyun: AliyunCloud = field(default_factory=AliyunCloud)
    official: Followed = field(default_factory=Followed)
    group: Group = field(default_factory=Group)

    def app(self) -> Starlette:
        """The page, and the providers below it."""
        providers = {
            "tencent": self.tencent.app(),
            "aliyun": self.aliyun.app(),
            "wechat": self.official.app(),
            "wecom": self.group.app(),
        }
        mounts = [Mount(f"/{name}", app) for name, app in providers.items()]
        return Starlette(routes=[Route("/", self._page), *mounts])

    def settings(self, url: str, templates: Mapping[str, str] | None = None) -> dict[str, dict[str, str]]:
        """What `QIANLI_CHANNELS` has to hold; `templates` are further values, the same for all that need them."""
        own = dict(templates or {})
        return {
            "tencent_sms": self.tencent.values(f"{url}/tencent") | own,
            "aliyun_sms": self.aliyun.values(f"{url}/aliyun") | own,
            "wechat_template": self.official.values(f"{url}/wechat") | own,
            "wecom_robot": self.group.values(f"{url}/wecom"),
        }

    def written(self, url: str) -> str:
        """The same as the value of the variable."""
        return json.dumps(self.settings(url), ensure_ascii=False)

    def received(self) -> list[Shown]:
        """All that was sent, the oldest first."""
        inboxes = (self.tencent.inbox, self.aliyun.inbox, self.official.inbox, self.group.inbox)
        return sorted((one for inbox in inboxes for one in inbox), key=lambda one: one.at)

    async def _page(self, _request: Request) -> HTMLResponse:
        return HTMLResponse(page_of(self.received()))


def page_of(received: Iterable[Shown]) -> str:
    """The page: a screen for each receiver, whoever was written to last first."""
    by_receiver = sorted(received, key=lambda one: (one.to, one.at))
    phones = [(to, list(some)) for to, some in groupby(by_receiver, key=lambda one: one.to)]
    phones.sort(key=lambda phone: phone[1][-1].at, reverse=True)
    count = sum(len(some) for _, some in phones)
    told = f"{len(phones)} 个屏幕收到 {count} 条消息" if phones else "还没有人收到消息"
    screens = "".join(_screen(to, some) for to, some in phones)
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>手机屏幕</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="refresh" content="5">'
        f"<style>{STYLE}</style></head><body><header><h1>手机屏幕</h1><p>演示用的消息平台：{told}。</p></header>"
        f"<main>{screens}</main></body></html>"
    )


def _screen(to: str, some: list[Shown]) -> str:
    ways = "、".join(dict.fromkeys(one.channel for one in some))
    items = "".join(_item(one) for one in some)
    return f"<section><h2>{escape(to)}<small>{escape(ways)}</small></h2><ol>{items}</ol></section>"


def _item(one: Shown) -> str:
    at = one.at.astimezone(ZONE)
    link = f'\n<a href="{escape(one.url)}">查看详情</a>' if one.url.startswith(("http://", "https://")) else ""
    when = f'<time datetime="{at.isoformat()}">{escape(one.sender)} · {at.month}月{at.day}日 {at:%H:%M}</time>'
    return f"<li>{when}<p>{escape(one.text)}{link}</p></li>"
