import json
from pathlib import Path

from typer.testing import CliRunner

from qianli.cli.receipt import app
from qianli.errors import BadInput
from qianli.stages.unit import writing
from qianli.testing import make_world


def test_record_and_list(place: Path) -> None:
    with writing("system") as session:
        make_world(session)
    record = ["record", "--campaign", "TEST-2027", "--member", "TEST-2027-0001"]
    run = CliRunner().invoke
    said = run(app, [*record, "--said", "something_missing", "--missing", "book", "--damaged", "badge", "--json"])
    assert json.loads(said.stdout) == {
        "consignment": "TEST-2027-0001", "said": "something_missing", "changed": True,
    }  # fmt: skip
    again = run(app, [*record, "--said", "something_missing", "--missing", "book", "--damaged", "badge"])
    assert "没有改动" in again.stdout
    assert "全部收到" in run(app, [*record, "--said", "all_here", "--note", "谢谢", "--via", "visit"]).stdout
    (listed,) = json.loads(run(app, ["list", "--campaign", "TEST-2027", "--json"]).stdout)
    assert (listed["said"], listed["via"], listed["note"], listed["name"]) == ("all_here", "visit", "谢谢", "张*")
    assert "张*" in run(app, ["list", "--campaign", "TEST-2027"]).stdout


def test_only_the_page_says_page(place: Path) -> None:
    args = ["record", "--campaign", "C", "--member", "1", "--said", "all_here", "--via", "page"]
    assert isinstance(CliRunner().invoke(app, args).exception, BadInput)
