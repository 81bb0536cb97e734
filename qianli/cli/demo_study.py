"""The last chapter of `qianli demo`: a study programme, and what people's phones show of it."""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from qianli.cli.common import say
from qianli.cli.demo_story import LETTERS, ORGANISATIONS, Teller
from qianli.settings import ROOT, settings
from qianli.stages import demo as played
from qianli.stages.unit import today
from qianli.stand_ins.phones import Screens, page_of
from qianli.stand_ins.serving import serving

EXAMPLE = ROOT / "examples" / "study"
CODE, BRANCH = "WSDZB", ORGANISATIONS[LETTERS]
SMS, ROBOT = "tencent_sms", "wecom_robot"
FIRST_DAY = date(2027, 1, 4)  # of the example's items
AWAY = timedelta(days=4)  # the machine was off: the items of these days come in one go
SCREENS = "phones.html"
TEMPLATE = "2001"
DATE = re.compile(r"(?<=日期：)\d{4}-\d{2}-\d{2}")


@contextmanager
def demo_phones() -> Iterator[Screens]:
    """A provider of short messages and a group's robot on loopback, with accounts in the settings; no hour is quiet."""
    screens = Screens()
    screens.group.name = f"{BRANCH}工作群"
    screens.tencent.templates = {TEMPLATE: "您好，新到学习内容{1}篇，请看 qianli.example/s/{2}"}
    with serving(screens.app()) as url:
        told = screens.settings(url, {"template_study_items": f"{TEMPLATE}:count,code"})
        os.environ["QIANLI_CHANNELS"] = json.dumps({name: told[name] for name in (SMS, ROBOT)})
        os.environ |= {"QIANLI_MESSAGES_FROM_HOUR": "0", "QIANLI_MESSAGES_UNTIL_HOUR": "24"}
        settings.cache_clear()
        yield screens


def study(tell: Teller, screens: Screens) -> Path:
    """七、网上党支部：导入、发布、提醒；停了四天再开机，不会一下子发一堆"""
    tell.run("programme", "add", str((EXAMPLE / "programme.yaml").relative_to(ROOT)), "--organisation", BRANCH)
    tell.run("programme", "import", CODE, _items(tell))
    tell.run("programme", "page", CODE, BRANCH)
    tell.run("programme", "notices", CODE, "--group", BRANCH, "--through", ROBOT)
    tell.run("programme", "notices", CODE, "--through", SMS)
    tell.run("programme", "wants", CODE, *played.with_phones(BRANCH, most=3))
    tell.run("programme", "publish")
    tell.run("message", "send")
    tell.run("message", "list")
    count = played.study_by_link([one.text.rpartition("/")[2] for one in screens.tencent.inbox[:2]])
    say(f"（两名党员点开短信里的链接，登记“我学过了” {count} 篇。）")
    tell.run("programme", "report", CODE, f"{today():%Y-%m}")
    path = tell.folder / SCREENS
    path.write_text(page_of(screens.received()), encoding="utf-8")
    return path


def _items(tell: Teller) -> str:
    """The example's items as if its first day had been before the machine was off."""
    moved = today() - AWAY - FIRST_DAY
    written = (EXAMPLE / "items.md").read_text(encoding="utf-8")
    path = tell.folder / "items.md"
    path.write_text(DATE.sub(lambda found: str(date.fromisoformat(found[0]) + moved), written), encoding="utf-8")
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)
