"""A clerk who takes odd files to the command line, in this process or in one with limits."""

import contextlib
import json
import os
import resource
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from qianli.cli.main import execute

ORGANISATION = "青石镇党委"
GB = 1 << 30


@dataclass
class Clerk:
    """Types commands on files; a stack trace or an unforeseen error is never an answer."""

    folder: Path

    def write(self, name: str, content: bytes | str) -> str:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def type(self, *words: str, cpu_s: int | None = None) -> tuple[int, str, str]:
        """Exit code, standard output and standard error; within so many seconds and two gigabytes."""
        code = self._bounded(words, cpu_s) if cpu_s else self._here(words)
        out, err = (self.folder / "out").read_text("utf-8"), (self.folder / "err").read_text("utf-8")
        assert "Traceback" not in out + err
        assert "没有预料到" not in err
        return code, out, err

    def take_in(self, name: str, content: bytes, *options: str, cpu_s: int | None = None) -> dict[str, Any] | str:
        """What importing a ledger says: its JSON, or the sentence of a refusal."""
        file = self.write(name, content)
        words = ("member", "import", file, "--organisation", ORGANISATION, "--json", *options)
        code, out, err = self.type(*words, cpu_s=cpu_s)
        if code:
            assert (code, out) == (2, "")
            return err
        said: dict[str, Any] = json.loads(out)
        said["notices"] = [one for one in said["notices"] if "按新组织处理" not in one["reason"]]
        return said

    def _here(self, words: Sequence[str]) -> int:
        with (
            (self.folder / "out").open("w", encoding="utf-8") as out,
            (self.folder / "err").open("w", encoding="utf-8") as err,
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            return execute(list(words))

    def _bounded(self, words: Sequence[str], cpu_s: int) -> int:
        """The same in a child that the kernel stops."""
        sys.stdout.flush()
        child = os.fork()
        if not child:
            code = 99
            with contextlib.suppress(BaseException):
                before = psutil.Process().memory_info()
                resource.setrlimit(resource.RLIMIT_AS, (before.vms + 2 * GB, before.vms + 2 * GB))
                resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
                code = self._here(words)
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
                (self.folder / "grown").write_text(str(peak - before.rss))
            os._exit(code)
        _, status = os.waitpid(child, 0)
        assert os.WIFEXITED(status), f"stopped by signal {os.WTERMSIG(status)}"
        return os.WEXITSTATUS(status)

    def grown_bytes(self) -> int:
        """How much memory the last bounded command took at its most, beyond what this process had."""
        return int((self.folder / "grown").read_text())


@pytest.fixture
def clerk(place: Path) -> Clerk:
    folder = place / "desk"
    folder.mkdir()
    return Clerk(folder)
