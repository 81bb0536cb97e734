"""The process that lays out: members' data meets the layout engine here, and nowhere else (see layout_process.py).

It answers one question after another from its standard input until that is closed. Each is a pickled name of a work,
its arguments, how many seconds it may take and the fonts to fall back to; each answer how it ended, what came of it,
the CPU it took, and whether it is the last: a process that has grown large ends, the asking one starts another.
"""

import os
import pickle
import re
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from qianli import garbage
from qianli.documents import fallback, raster
from qianli.documents.confined import confine
from qianli.documents.fonts import INSTALL
from qianli.errors import ConfigurationError, QianliError

DONE, REFUSED, NO_MEMORY, BROKEN = "done", "refused", "no memory", "broken"
LENGTH = 8  # bytes before a message that say how long it is
TIGHT_MB = 128  # the largest single thing that is asked for: a file of faces
GRACE_S = 5  # the asking process is the first to lose patience; this is for when it is gone itself
Answer = tuple[str, Any]


def main(memory_mb: str) -> None:
    """Confine this process, then answer."""
    confine(int(memory_mb))
    garbage.look_seldom()
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints is no answer
    works: dict[str, Callable[..., Any]] = {}
    while (question := receive(asked)) is not None:
        name, arguments, limit_s, chain = pickle.loads(question)  # noqa: S301 - from who started us
        fallback.use(chain)
        signal.alarm(limit_s + GRACE_S)
        before = _used_s()
        how, result = _answer(works, name, arguments)
        if how != DONE and _tight(int(memory_mb)):
            how, result = NO_MEMORY, ""  # a face that could not be mapped is no face that is missing
        last = how == NO_MEMORY or _large(int(memory_mb))
        send(answers, pickle.dumps((how, result, _used_s() - before, last), pickle.HIGHEST_PROTOCOL))
        signal.alarm(0)
        if last:
            return


def receive(stream: IO[bytes]) -> bytes | None:
    """A whole message; None when there is no more."""
    head = stream.read(LENGTH)
    if len(head) < LENGTH:
        return None
    length = int.from_bytes(head)
    message = stream.read(length)
    return message if len(message) == length else None


def send(stream: IO[bytes], message: bytes) -> None:
    """A message with its length before it."""
    stream.write(len(message).to_bytes(LENGTH))
    stream.write(message)
    stream.flush()


def _answer(works: dict[str, Callable[..., Any]], name: str, arguments: tuple[Any, ...]) -> Answer:
    try:
        if not works:
            works |= _works()
        return DONE, works[name](*arguments)
    except QianliError as error:
        return REFUSED, error
    except MemoryError:
        return NO_MEMORY, ""
    except Exception as error:  # noqa: BLE001 - whatever the engine stumbles over; its message may hold names
        last = traceback.extract_tb(error.__traceback__)[-1]
        return BROKEN, f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}"


def _works() -> dict[str, Callable[..., Any]]:
    """What can be asked for. The engine takes half a second to import, and needs libraries of the system."""
    try:
        from qianli.documents import engine  # noqa: PLC0415 - see above
    except OSError as error:
        raise ConfigurationError(f"本机缺少排版用的系统库，请先安装：{INSTALL}") from error
    return {
        "render": engine.render,
        "lay_out": engine.lay_out,
        "boxes": engine.boxes,
        "lay_out_after": engine.lay_out_after,
        "first_unlike": raster.first_unlike,
    }


def _used_s() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def _tight(memory_mb: int) -> bool:
    """Whether hardly any memory was left. Only Linux tells."""
    try:
        found = re.search(r"VmPeak:\s+(\d+)", Path("/proc/self/status").read_text("ascii", "replace"))
    except OSError:
        return False
    return found is not None and int(found[1]) // 1024 > memory_mb - TIGHT_MB


def _large(memory_mb: int) -> bool:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > memory_mb * 1024 // 2


if __name__ == "__main__":
    main(*sys.argv[1:])
