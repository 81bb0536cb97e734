"""The pages on a real browser, 360 px wide."""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from websockets.sync.client import connect

from models import Item
from qianli.stages.unit import writing
from qianli.web.testing import Site

WIDTH, TAP = 360, 48
_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --remote-debugging-port=0"
)
#: Everything to tap that is lower than a finger needs.
SMALL = f"""[...document.querySelectorAll('button, summary, .button, .tel, .choices label, input[type=text]')]
  .filter(one => one.offsetParent && one.getBoundingClientRect().height < {TAP}).map(one => one.outerHTML)"""


class Phone:
    """A browser as wide as a small phone, spoken to over its debugging protocol."""

    def __init__(self, socket: Any) -> None:
        self.socket, self.count = socket, 0
        self.call("Emulation.setDeviceMetricsOverride", width=WIDTH, height=740, deviceScaleFactor=2, mobile=True)
        self.call("Page.enable")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        self.count += 1
        self.socket.send(json.dumps({"id": self.count, "method": method, "params": params}))
        while (answer := json.loads(self.socket.recv(30))).get("id") != self.count:
            pass
        return answer["result"]  # type: ignore[no-any-return]

    def open(self, url: str) -> None:
        self.call("Page.navigate", url=url)
        self.wait(f"location.href == {url!r} && document.readyState == 'complete'")

    def wait(self, condition: str) -> None:
        for _ in range(100):
            if self.run(condition):
                return
            time.sleep(0.05)
        raise AssertionError(condition)

    def run(self, script: str) -> Any:
        return self.call("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[Phone]:
    profile = tmp_path / "profile"
    args = ["/usr/bin/chromium", *_FLAGS.split(), f"--user-data-dir={profile}", "about:blank"]
    with subprocess.Popen(args, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as chromium:
        try:
            port_file = profile / "DevToolsActivePort"
            while not port_file.exists() or "\n" not in port_file.read_text():
                time.sleep(0.05)
            port = port_file.read_text().split()[0]
            targets = requests.get(f"http://127.0.0.1:{port}/json", timeout=30).json()
            page = next(target for target in targets if target["type"] == "page")
            with connect(page["webSocketDebuggerUrl"], max_size=None) as socket:
                yield Phone(socket)
        finally:
            chromium.terminate()


@pytest.mark.slow
def test_nothing_overflows_and_everything_can_be_tapped(site: Site, phone: Phone) -> None:
    with writing("system") as session:
        session.get_one(Item, 2).name = "《很长很长的书名" + "很长" * 30 + "》Averylongwordwithoutanybreak" * 3
    member = f"{site.url}/r/{site.codes[0]}"
    site.post(f"/r/{site.codes[2]}", {"said": "something_missing", "item_1": "missing", "note": "字" * 200})
    pages = ["/", "/r", "/r/WRONG", f"/r/{site.codes[1]}", f"/r/{site.codes[2]}"]
    for path in pages:
        phone.open(site.url + path)
        phone.run("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert phone.run("document.documentElement.scrollWidth") == WIDTH, path
        assert phone.run(SMALL) == [], path
    assert phone.run("getComputedStyle(document.body).fontSize") == "18px"
    phone.open(member)
    phone.run("document.querySelector('button.primary').click()")
    phone.wait("document.body.innerText.includes('全部收到，谢谢您')")
    assert site.state() == "confirmed"
