"""A stand-in for the process that lays out: it dies of a certain text, as the engine might of a strange letter.

`deadly(monkeypatch)` has it started in the place of the real one; run as a module it is that process.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import pytest

from qianli.documents import layout_child, layout_process

DEADLY = "龘龘"  # our faces have it


def deadly(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on until the test ends a paper with DEADLY on it ends the process that lays it out."""
    monkeypatch.setattr(layout_process, "CHILD", "qianli.testing_layout")
    layout_process.PROCESS.close()


def main(memory_mb: str) -> None:
    """Answer as the real one does, and die before the engine is there: that takes a second to import."""
    real = layout_child._answer  # noqa: SLF001 - the stand-in knows what it stands in for

    def answer(works: dict[str, Callable[..., Any]], name: str, arguments: tuple[Any, ...]) -> tuple[str, Any]:
        if any(DEADLY in one for one in arguments if isinstance(one, str)):
            os.kill(os.getpid(), signal.SIGSEGV)
        return real(works, name, arguments)

    layout_child._answer = answer  # noqa: SLF001
    layout_child.main(memory_mb)


if __name__ == "__main__":
    main(*sys.argv[1:])
