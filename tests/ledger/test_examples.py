"""The example ledgers are what their script writes."""

import subprocess
import sys
from pathlib import Path

from qianli.settings import ROOT


def test_the_script_writes_the_same_bytes(tmp_path: Path) -> None:
    files = ["qianli-letter/ledger.xlsx", "qianli-letter/correction.xlsx", "study-books/ledger.csv"]
    for folder in {Path(name).parent for name in files}:
        (tmp_path / folder).mkdir()
    script = tmp_path / "make_ledgers.py"
    script.write_bytes((ROOT / "examples/make_ledgers.py").read_bytes())
    subprocess.run([sys.executable, str(script)], check=True, capture_output=True)
    for name in files:
        assert (tmp_path / name).read_bytes() == (ROOT / "examples" / name).read_bytes()
