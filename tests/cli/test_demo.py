"""The demonstration throws away only what it made itself, and begins anew."""

from pathlib import Path

from qianli.cli import main
from qianli.cli.demo_story import ORGANISATIONS
from qianli.settings import settings
from qianli.stages import demo
from qianli.store.session import let_go


def test_another_organisation_makes_the_database_somebodys(place: Path) -> None:
    names = list(ORGANISATIONS.values())
    assert demo.holds_only(names)
    for name, is_ours in ((names[0], True), ("别的支部", False)):
        line = ["member", "import", "examples/qianli-letter/ledger.xlsx", "--organisation", name]
        assert main.execute(line) == 0
        assert demo.holds_only(names) is is_ours


def test_after_letting_go_a_database_can_be_made_in_the_place_of_the_old(place: Path) -> None:
    assert demo.holds_only([])
    let_go(settings().database_url)
    (place / "qianli.db").unlink()
    assert main.execute(["init"]) == 0
    assert main.execute(["campaign", "list"]) == 0
