"""What is on the desk of whoever types, and what is in the database."""

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from qianli.cli.main import execute
from qianli.settings import ROOT

ORGANISATION = "临溪镇石门村党支部"
CHINESE = re.compile("[\u4e00-\u9fff]")
EXAMPLE = ROOT / "examples/study-books"
LEDGER = """姓名,手机号,入党时间,现居住地址,核实日期,外出时间
彭大勇,13900003401,2007-07-01,福建省泉州市晋江市陈埭镇鞋都路158号3栋402室,2026-10-18,2012-03
覃丽君,13900003404,2012-06-01,福建省泉州市石狮市湖滨街道八七路1099号503室,2026-11-02,2014-09
"""


@dataclass
class Office:
    """A table with files on it, and the command line beside it."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    database: Path

    def write(self, name: str, content: str | bytes) -> str:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def altered(self, name: str, old: str, new: str) -> str:
        """An example file with one thing changed."""
        text = (EXAMPLE / name).read_text("utf-8")
        assert old in text
        return self.write(name, text.replace(old, new))

    def type(self, *words: str) -> tuple[int, str, str]:
        """Exit code, standard output and standard error of a command."""
        self.capsys.readouterr()
        code = execute(list(words))
        said = self.capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        assert "没有预料到" not in said.err
        return code, said.out, said.err

    def dump(self) -> str:
        """Every row of every table, and every file that was published. That a flow was asked for may be noted."""
        with closing(sqlite3.connect(self.database)) as connection:
            rows = "\n".join(row for row in connection.iterdump() if "_campaign asked'" not in row)
        files = sorted(str(path) for path in (self.database.parent / "documents").rglob("*"))
        return "\n".join([rows, *files])

    def is_refused(self, code: int, sentence: str, *words: str) -> None:
        """The command ends with this code and sentence, and nothing whatever has changed."""
        before = self.dump()
        got, _, err = self.type(*words)
        assert got == code, err
        assert sentence in err
        assert CHINESE.search(err)
        assert self.dump() == before
