"""The phones' screens show what arrived, each on its own, and nothing that was sent can become part of the page."""

from datetime import UTC, datetime

import requests
from pydantic import SecretStr

from qianli.channels.connected import REGISTRY, wire
from qianli.channels.live import Outgoing
from qianli.interfaces.accounts import Account
from qianli.stand_ins.inbox import Shown
from qianli.stand_ins.phones import Screens, page_of
from qianli.stand_ins.serving import serving


def test_what_is_sent_stands_on_the_screens() -> None:
    screens = Screens()
    screens.tencent.templates = {"1110": "确认请点 kit.example/r/{1}"}
    with serving(screens.app()) as url:
        for code, values in screens.settings(url).items():
            if code in {"tencent_sms", "wecom_robot"}:
                account = Account(code, code, {key: SecretStr(value) for key, value in values.items()})
                adapter = REGISTRY.connect(account, wire())
                one = Outgoing("k", "13800000001", "1110", {"code": "A3KQ7"}, "今晚有一场直播")
                assert adapter.check(one) == ""
                adapter.send(one)
        page = requests.get(url, timeout=30).text
    assert "2 个屏幕收到 2 条消息" in page
    assert "【千里传书】确认请点 kit.example/r/A3KQ7" in page
    assert "支部工作群" in page


def test_nothing_that_was_sent_is_markup() -> None:
    at = datetime(2026, 11, 30, 2, tzinfo=UTC)
    page = page_of([Shown("<b>1", "<i>x", "<script>1</script>", "短信", url='https://x/"><script>', at=at),
                    Shown("2", "x", "y", "短信", url="javascript:alert(1)", at=at)])  # fmt: skip
    assert "<script>" not in page
    assert "javascript:" not in page
    assert "11月30日 10:00" in page
    assert "还没有人" in page_of([])
