"""Every spreadsheet that Qianli writes, opened and saved again by LibreOffice: every value as it was meant."""

import ast
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import mkdtemp

import openpyxl
import pytest

from models import Campaign, Manifest
from qianli.cli import main
from qianli.folding import fold
from qianli.ledger.cells import text
from qianli.ledger.fixit import RefusedRow, fix_file
from qianli.ledger.out import Sheet, Value, write_table
from qianli.ledger.sheets import read_sheets
from qianli.settings import ROOT
from qianli.stages import billing, demo, facts, held
from qianli.stages.closing_report import counted, workbook
from qianli.stages.exporting import export_members
from qianli.stages.importing import import_members
from qianli.stages.manifest_paper import spreadsheet
from qianli.stages.unit import reading, writing
from qianli.stages.waybill_sheet import write_parcels
from qianli.store import manifests
from qianli.testing import add_member, make_world, workspace

WRITERS = {"write_xlsx", "write_csv", "write_table", "fix_file", "Workbook", "writer", "DictWriter"}
#: Where spreadsheets are written, and by which test below each kind is opened. A new place has to be added here.
PLACES = {
    "qianli/ledger/out.py": "the writers themselves",
    "qianli/ledger/fixit.py": "fix-it file",
    "qianli/stages/importing.py": "fix-it file",
    "qianli/stages/courier_files.py": "fix-it file",
    "qianli/stages/mending.py": "fix-it file",
    "qianli/stages/facts.py": "facts",
    "qianli/stages/exporting.py": "ledger",
    "qianli/stages/held.py": "holds",
    "qianli/stages/reviewing.py": "monthly review, sent back by its own test",
    "qianli/stages/duplicates.py": "duplicates, read back by their own test",
    "qianli/stages/waybill_sheet.py": "parcels",
    "qianli/stages/chasing.py": "calls to make, by the writer of the list of parcels",
    "qianli/stages/manifest_paper.py": "manifest",
    "qianli/stages/closing_report.py": "report",
    "qianli/stages/told_report.py": "report of a campaign by message, by the writer of the report",
    "qianli/stages/billing.py": "invoices",
    "qianli/stages/lists.py": "lists of the console, by the writer of the ledger",
    "qianli/stages/address_rounds.py": "whom to ask before a campaign, by the writer of the list of parcels",
    "qianli/stages/message_sheets.py": "messages to send by hand, read back by their own test",
    "qianli/stages/study_importing.py": "fix-it file",
    "qianli/stages/study_links.py": "links of members' study pages, by the writer of the list of parcels",
    "qianli/stages/study_calls.py": "calls to members without a smartphone, by the writer of the list of parcels",
    "qianli/stages/demo.py": "courier's waybills",
    "qianli/addresses/data/rebuild.py": "our own table of divisions, never sent to people",
    "qianli/ledger/sample/files.py": "invented ledgers, read by the tests of the importer",
    "qianli/ledger/testing.py": "odd files of the tests",
    "examples/make_ledgers.py": "examples, read by the tests of the importer",
}
POISON = "=1+1"
TRICKY: list[list[Value]] = [
    ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1+1", "'=1+1", '=HYPERLINK("http://localhost","x")'],
    ["0123", "010010", "9812345678901234567", "13900001201", "1E5", "1/2", "2026年12月"],
    ["M12-3-X", "TRUE", "a,b;c", '引"号', "一\n二", "0851-12345678 转 12", date(1985, 3, 12)],
]


def calls(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)


def test_every_place_that_writes_a_spreadsheet_is_opened_here() -> None:
    files = [path for room in ("examples", "flows", "models", "qianli") for path in (ROOT / room).rglob("*.py")]
    found = {path.relative_to(ROOT).as_posix() for path in files if WRITERS & set(calls(path))}
    assert found == PLACES.keys()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile of LibreOffice of our own; the folder is for its files."""
    return tmp_path_factory.mktemp("office")


def saved_again(office: Path, paths: list[Path], suffix: str) -> list[Path]:
    """The files as LibreOffice saves them; a CSV is opened with comma, quotes and UTF-8, as its dialogue proposes."""
    was = paths[0].suffix
    out = Path(mkdtemp(dir=office))
    how = ["--infilter=CSV:44,34,76"] if was == ".csv" else []
    to = "csv:Text - txt - csv (StarCalc):44,34,76" if suffix == "csv" else "xlsx"
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{office}/profile", "--headless", *how, "--convert-to", to,
         "--outdir", out, *paths],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return [out / f"{path.stem}.{suffix}" for path in paths]


def shown(path: Path) -> list[list[str]]:
    """Every row of the first sheet as our reader sees it."""
    sheet = read_sheets(path.read_bytes(), filename=path.name)[0]
    assert not [cell for row in sheet.rows for cell in row if cell.formula]
    return [[text(cell) for cell in row] for row in sheet.rows]


def no_formula(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    assert not [cell.coordinate for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


pytestmark = pytest.mark.usefixtures("office")
WAYS = [(made, saved) for made in ("xlsx", "csv") for saved in ("xlsx", "csv")]


@pytest.mark.slow
@pytest.mark.parametrize(("made", "saved"), WAYS)
def test_texts_stay_what_they_are(office: Path, tmp_path: Path, made: str, saved: str) -> None:
    path = tmp_path / f"难.{made}"
    path.write_bytes(write_table(Sheet("表", [f"列{n}" for n in range(7)], TRICKY), filename=path.name))
    (again,) = saved_again(office, [path], saved)
    expected = [[fold(str(value)) for value in row] for row in TRICKY]
    assert shown(again)[1:] == expected
    if saved == "xlsx":
        no_formula(again)


@contextmanager
def campaign(root: Path) -> Iterator[str]:
    """A campaign whose members have awkward names and occupations, with a sealed manifest."""
    with workspace(root):
        with writing("user:test") as session:
            world = make_world(session, members=3)
            add_member(session, world, 4, occupation=POISON, phone="+8685112345678;ext=12", postcode="010010")
            add_member(
                session, world, 5, phone=None, phone_written="0123", details={"remarks": "-1+1", "branch": "1/2"}
            )
            manifests.add_draft(session, campaign_id=world.campaign, courier="china_post", parcel_ids=world.parcels,
                                at=session.info["at"])  # fmt: skip
        yield "TEST-2027"


def written(kind: str, root: Path, suffix: str, code: str) -> Path:
    """One file of each kind, as people get it."""
    path = root / f"{kind}.{suffix}"
    if kind == "ledger":
        export_members(path, organisation="青石镇党委")
    elif kind == "holds":
        one = held.Held(f"{code}-0004", "党员4", 4, held.HoldReason.no_address, POISON, "补上地址")
        held.write_holds(path, [one])
    elif kind == "facts":
        facts.write_report(path, facts.report())
    elif kind == "invoices":
        billing.write_billing(path, billing.billing(code))
    elif kind == "parcels":
        write_parcels(path, code)
    elif kind == "fix-it file":
        row = RefusedRow("表", 3, {"姓名": POISON, "邮编": "010010", "运单号": "9812345678901"}, ("不对",))
        path.write_bytes(fix_file([row]))
    elif kind == "courier's waybills":
        path.write_bytes(demo.waybill_file(code))
    else:
        with reading() as session:
            found = session.get_one(Campaign, 1)
            made = {
                "manifest": lambda: spreadsheet(session, manifest_id=session.get_one(Manifest, 1).key),
                "report": lambda: workbook(counted(session, found)),
            }
            path.write_bytes(made[kind]())
    return path


BOTH = ["ledger", "holds", "parcels", "facts", "invoices"]
XLSX_ONLY = ["fix-it file", "courier's waybills", "manifest", "report"]


@pytest.mark.slow
@pytest.mark.parametrize(("made", "kinds"), [("xlsx", [*BOTH, *XLSX_ONLY]), ("csv", BOTH)])
def test_every_kind_of_file_opens_as_it_was_meant(office: Path, tmp_path: Path, made: str, kinds: list[str]) -> None:
    with campaign(tmp_path) as code:
        paths = [written(kind, tmp_path, made, code) for kind in kinds]
        before = [shown(path) for path in paths]
        assert all(before)
        for saved in ("xlsx", "csv"):
            for kind, rows, again in zip(kinds, before, saved_again(office, paths, saved), strict=True):
                assert shown(again) == rows, (kind, saved)
                if saved == "xlsx":
                    no_formula(again)


def test_every_kind_is_opened() -> None:
    assert {*BOTH, *XLSX_ONLY} == {kind for kind in PLACES.values() if len(kind) < 20}


@pytest.mark.slow
@pytest.mark.parametrize(("made", "saved"), WAYS)
def test_a_ledger_saved_again_comes_back_unchanged(office: Path, tmp_path: Path, made: str, saved: str) -> None:
    with campaign(tmp_path) as code:
        kinds = ("ledger", "holds")
        paths = [written(kind, tmp_path, made, code) for kind in kinds]
        for kind, again in zip(kinds, saved_again(office, paths, saved), strict=True):
            result = import_members(again.read_bytes(), filename=again.name, organisation="青石镇党委", by="user:test")
            assert result.rejected == []
            assert (result.added, result.changed, result.unchanged) == (0, 0, 5 if kind == "ledger" else 1), kind


@pytest.mark.slow
def test_waybill_numbers_typed_into_a_saved_copy_come_in(office: Path, tmp_path: Path) -> None:
    with campaign(tmp_path) as code:
        (again,) = saved_again(office, [written("parcels", tmp_path, "csv", code)], "csv")
        lines = again.read_text(encoding="utf-8").splitlines()
        filled = [lines[0], *(f"{line.removesuffix(',')},98123456789{n:02d}" for n, line in enumerate(lines[1:]))]
        again.write_text("\n".join(filled), encoding="utf-8")
        assert main.execute(["parcel", "waybills", str(again)]) == 0
        assert main.execute(["parcel", "list", code, "--xlsx", str(tmp_path / "b.csv")]) == 0
        numbers = [row[-1] for row in shown(tmp_path / "b.csv")[1:]]
        assert numbers == ["9812345678900", "9812345678901", "9812345678902"]
