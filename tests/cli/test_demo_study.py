"""The demonstration's study programme: imported, published, told to a group and to members, shown on their screens."""

from pathlib import Path

import pytest

from qianli.cli import main
from qianli.cli.demo_story import LETTERS, ORGANISATIONS, Teller
from qianli.cli.demo_study import CODE, demo_phones, study


class Told(Teller):
    """Runs every command, which has to succeed."""

    def run(self, *words: str) -> None:
        assert main.execute(list(words)) == 0, words


@pytest.mark.slow
def test_the_phones_show_what_was_published(place: Path) -> None:
    folder = place / "demo"
    folder.mkdir()
    ledger = ["member", "import", "examples/qianli-letter/ledger.xlsx", "--organisation", ORGANISATIONS[LETTERS]]
    assert main.execute(ledger) == 0
    with demo_phones() as screens:
        path = study(Told(main.app, folder), screens)
        assert len(screens.tencent.inbox) == 3
        assert len({one.to for one in screens.tencent.inbox}) == 3
        assert [one.text.partition("，请看")[0] for one in screens.group.inbox] == ["您好，新到学习内容2篇"]
    page = path.read_text(encoding="utf-8")
    assert "4 个屏幕收到 4 条消息" in page
    assert CODE not in page
