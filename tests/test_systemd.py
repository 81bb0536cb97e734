"""The examples for several machines: units that systemd understands, environment files that hold our settings."""

import re
import shutil
import subprocess
from importlib import import_module
from pathlib import Path

import pytest
import yaml

from qianli.launch.runs import HEARTBEAT_S, QUIET_S, REFUSED
from qianli.launch.zombies import ENDS, WITHIN_S
from qianli.settings import ROOT, Settings

FOLDER = ROOT / "examples" / "systemd"
UNITS = sorted(FOLDER.glob("*.service"))
FILE = ROOT / "prefect.yaml"
FILES = sorted(FOLDER.glob("*.env"))
APP = "/srv/qianli/app"


def lines(path: Path) -> dict[str, str]:
    told = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in told if line and not line.startswith("#"))


def test_there_are_units_and_files() -> None:
    assert len(UNITS) == 3
    assert len(FILES) == 2


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="this machine has no systemd to ask")
@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_understands_the_unit(tmp_path: Path, unit: Path) -> None:
    for name in ("prefect", "qianli"):
        program = tmp_path / ".venv" / "bin" / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.touch(mode=0o755)
    here = tmp_path / unit.name
    here.write_text(unit.read_text(encoding="utf-8").replace(APP, str(tmp_path)), encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", here], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_our_settings_in_the_example_are_good_for_production() -> None:
    ours = {name: value for name, value in lines(FOLDER / "qianli.env").items() if name.startswith("QIANLI_")}
    known = {f"QIANLI_{name.upper()}": name for name in Settings.model_fields}
    read = Settings(_env_file=None, **{known[name]: value for name, value in ours.items()})
    assert read.environment == "production"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_prefect_knows_its_settings(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown PREFECT_… variable is ignored without a word."""
    written = {name: value for name, value in lines(path).items() if name.startswith("PREFECT_")}
    assert written
    for name, value in written.items():
        monkeypatch.setenv(name, value)
    prefects = import_module("prefect.settings").Settings()  # every worker collects this file, one needs it
    assert written.keys() <= prefects.to_environment_variables(exclude_unset=True).keys()


def test_one_password_and_one_server_under_all_their_names() -> None:
    ours, server = lines(FOLDER / "qianli.env"), lines(FOLDER / "prefect-server.env")
    assert ours["QIANLI_PREFECT_AUTH"] == ours["PREFECT_API_AUTH_STRING"] == server["PREFECT_SERVER_API_AUTH_STRING"]
    assert ours["QIANLI_PREFECT_API_URL"] == ours["PREFECT_API_URL"]


def test_the_heartbeat_the_automation_and_reconcile_agree() -> None:
    (pool,) = {str(entry["work_pool"]) for entry in yaml.safe_load(FILE.read_text(encoding="utf-8"))["deployments"]}
    assert f"'PREFECT_FLOWS_HEARTBEAT_FREQUENCY': '{HEARTBEAT_S}'" in pool
    assert HEARTBEAT_S < WITHIN_S < QUIET_S
    assert REFUSED in ENDS, "a refused run would be taken for a dead one"


def test_the_readme_names_the_numbers() -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    for seconds in (WITHIN_S, int(QUIET_S), Settings.model_fields["lease_s"].default):
        assert re.search(rf"^\| {seconds} s", page, re.MULTILINE)
