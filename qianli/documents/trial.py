"""A letter design tried out on samples, in a process of its own that gets so much time and memory and no more.

A design is a template: it can loop for hours, double a text until the machine stops, or ask for files. In the process
that serves people that would be found out too late, so a design is drawn here before a campaign takes it.
"""

import os
import resource
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

from qianli.documents import templates
from qianli.documents.confined import confine
from qianli.documents.forms import Letter
from qianli.documents.layout_process import PASSED_ON, PROCESS, Limits
from qianli.errors import BadInput, DocumentError, LayoutFailed

CPU_S, WALL_S = 40, 120
MEMORY_MB = 2048
MOST_PAGES = 20  # of two sample letters
ROOT = Path(__file__).resolve().parents[2]
SAID = 3  # exit code of a design that was refused in a sentence
ENDLESS = "在限定的时间和内存里画不完（可能有没完没了的循环，或太大的表格）"


def try_design(design: str) -> None:
    """Draw sample letters in a design; BadInput if it cannot be drawn within bounds."""
    checksum = templates.template_checksum(design)
    _drawn(design, checksum, templates.TEMPLATES)


@cache
def _drawn(design: str, checksum: str, folder: Path) -> None:  # noqa: ARG001 - the same files need no second trial
    try:
        done = subprocess.run(  # noqa: S603 - ourselves
            [sys.executable, "-m", "qianli.documents.trial", design, str(folder), str(CPU_S)],
            cwd=ROOT,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
            capture_output=True,
            timeout=WALL_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        said, code = "", 1
    else:
        said, code = done.stdout.decode("utf-8", "replace").strip(), done.returncode
    if code:
        raise BadInput(f"书信版式“{design}”试印没有通过：{said if code == SAID and said else ENDLESS}。")


def draw(design: str) -> str:
    """What is wrong with a design; empty if samples of it can be drawn."""
    from qianli.documents import press  # noqa: PLC0415 - the asking process does not need it

    sample = Letter.sample()
    try:
        pages = press.letters([sample, replace(sample, confirm_url=None, code=None)], design).pages
    except LayoutFailed:
        return ENDLESS
    except DocumentError as error:
        return error.message.rstrip("。")
    return f"两封样信印出了 {pages} 页，太多" if pages > MOST_PAGES else ""


def main(design: str, folder: str, cpu_s: str) -> int:
    """Draw with limits on; they end with this process."""
    allowed = resource.getrlimit(resource.RLIMIT_CPU)[1]  # a limit can be lowered, never raised
    most = int(cpu_s) if allowed == resource.RLIM_INFINITY else min(int(cpu_s), allowed)
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    confine(MEMORY_MB)
    PROCESS.limits = Limits(int(cpu_s), MEMORY_MB)  # it lays out in a process of its own
    templates.TEMPLATES = Path(folder)
    said = draw(design)
    sys.stdout.buffer.write(said.encode())
    return SAID if said else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
