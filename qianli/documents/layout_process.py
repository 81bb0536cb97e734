"""Asking the process that lays out: one a process of ours, started when first needed and kept for all papers.

Whatever members' data does to the layout engine (a crash, all memory, no end) happens there: that process is ended and
the asking one hears LayoutFailed. The next question starts a new one.
"""

import atexit
import io
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field, is_dataclass, replace
from pathlib import Path
from threading import Lock, Timer
from typing import Any

from qianli.documents import fallback
from qianli.documents.layout_child import DONE, NO_MEMORY, REFUSED, receive, send
from qianli.errors import LayoutFailed, QianliError

ROOT = Path(__file__).resolve().parents[2]
CHILD = "qianli.documents.layout_child"
#: All of our environment that the process sees: no secret is among it.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "PYTHONPATH", "LD_LIBRARY_PATH", "FONTCONFIG_FILE", "FONTCONFIG_PATH")
#: How glibc keeps memory: large blocks go back when they are free. The engine copies every face it draws with, 26 MB
#: each; left alone glibc holds on to those after the first, and the process stays a hundred megabytes larger.
KEEPING = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "262144", "MALLOC_TRIM_THRESHOLD_": "1048576"}
AGAIN = "这一批没有印出，已印的不受影响，可以重新运行"


@dataclass(frozen=True)
class Limits:
    """How long one question may take, in seconds by the clock, and how much memory the process may have."""

    time_s: int = 600
    memory_mb: int = 4096


_at_most: ContextVar[int | None] = ContextVar("_at_most", default=None)


@contextmanager
def at_most(time_s: int) -> Iterator[None]:
    """Give each question no more than so many seconds, where the limits would allow more."""
    before = _at_most.set(time_s)
    try:
        yield
    finally:
        _at_most.reset(before)


@dataclass
class _Child:
    """The process as we hold it."""

    process: subprocess.Popen[bytes]
    limits: Limits
    environment: dict[str, str]
    late: bool = field(default=False)

    def serves(self, limits: Limits, environment: dict[str, str]) -> bool:
        """Whether it still runs, and as it should."""
        same = (self.limits.memory_mb, self.environment) == (limits.memory_mb, environment)
        return same and self.process.poll() is None

    def end(self) -> None:
        """End it at once, and what it started."""
        if self.process.returncode is not None:
            return  # gone already, and its number may be another's by now
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def too_late(self) -> None:
        """End it because its time is over."""
        self.late = True
        self.end()


class LayoutProcess:
    """The one process of this process."""

    def __init__(self) -> None:
        self.limits = Limits()
        self.cpu_s = 0.0
        self._child: _Child | None = None
        self._one_at_a_time = Lock()

    @property
    def pid(self) -> int | None:
        """Its process id, if it runs."""
        return self._child.process.pid if self._child else None

    def ask(self, work: str, *arguments: object) -> Any:
        """What comes of a work; a refusal is raised as it was there, LayoutFailed when the process is no more."""
        limits = replace(self.limits, time_s=min(self.limits.time_s, _at_most.get() or self.limits.time_s))
        question = pickle.dumps((work, arguments, limits.time_s, fallback.entries()), pickle.HIGHEST_PROTOCOL)
        with self._one_at_a_time:
            child = self._ready(limits)
            try:
                how, result, cpu_s, last = self._exchanged(child, question)
            except BaseException:  # Ctrl-C among them: whatever it still says is no answer to the next question
                self._stop()
                raise
            if last:
                self._stop()
        self.cpu_s += cpu_s
        if how == DONE:
            return result
        if how == REFUSED and isinstance(result, QianliError):
            raise result
        if how == NO_MEMORY:
            raise _out_of_memory(limits)
        raise LayoutFailed("排版引擎出错，文书没有生成，请技术人员检查。", where=result)

    def close(self) -> None:
        """End the process if it runs."""
        with self._one_at_a_time:
            self._stop()

    def forget(self) -> None:
        """In a fork of ours: the process belongs to who forked us."""
        if self._child:
            self._child.process.returncode = 0  # not ours to wait for
            for stream in (self._child.process.stdin, self._child.process.stdout):
                with suppress(OSError, ValueError):
                    os.close(stream.fileno()) if stream else None
        self._child, self._one_at_a_time, self.cpu_s = None, Lock(), 0.0

    def _ready(self, limits: Limits) -> _Child:
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | KEEPING
        if self._child and not self._child.serves(limits, environment):
            self._stop()
        if self._child is None:
            process = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-m", CHILD, str(limits.memory_mb)],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # traces and messages of libraries may hold names
                start_new_session=True,
            )
            self._child = _Child(process, limits, environment)
        self._child.limits = limits
        return self._child

    def _exchanged(self, child: _Child, question: bytes) -> tuple[str, Any, float, bool]:
        stdin, stdout = child.process.stdin, child.process.stdout
        if stdin is None or stdout is None:
            raise TypeError("a process without pipes")
        timer = Timer(child.limits.time_s, child.too_late)
        timer.daemon = True
        timer.start()
        try:
            with suppress(BrokenPipeError):
                send(stdin, question)
            answer = receive(stdout)
        finally:
            timer.cancel()
        if answer is None:
            raise _ended(child)
        how, result, cpu_s, last = read_answer(answer)
        return str(how), result, float(cpu_s), bool(last)

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.end()
        child.process.wait()
        for stream in (child.process.stdin, child.process.stdout):
            with suppress(OSError):  # what was not written any more
                stream.close() if stream else None


class _Reader(pickle.Unpickler):
    """Reads answers, which are our own plain values: a process that drew strangers' data may make nothing else here."""

    def find_class(self, module: str, name: str) -> Any:
        """A class by its name, if it is one of ours for plain values or an error."""
        found = super().find_class(module, name) if module.startswith("qianli.") else None
        if isinstance(found, type) and (is_dataclass(found) or issubclass(found, QianliError)):
            return found
        raise pickle.UnpicklingError(f"{module}.{name} is no answer")


def read_answer(message: bytes) -> Any:
    """What an answer says; UnpicklingError if it is anything but plain values of ours."""
    return _Reader(io.BytesIO(message)).load()


def _ended(child: _Child) -> LayoutFailed:
    """Why there is no answer."""
    limits = child.limits
    if child.late:
        return LayoutFailed(
            f"排版超过 {limits.time_s} 秒还没有完成，已中止；{AGAIN}。总是这样时请调大 QIANLI_LAYOUT_TIME_S。"
        )
    child.end()
    code = child.process.wait()
    return LayoutFailed(
        f"排版进程意外中止（{_how(code)}），可能是内存不够；{AGAIN}。总是这样时请技术人员检查。", code=code
    )


def _out_of_memory(limits: Limits) -> LayoutFailed:
    return LayoutFailed(
        f"排版用的内存超过 {limits.memory_mb} MB，已中止；{AGAIN}。总是这样时请调大 QIANLI_LAYOUT_MEMORY_MB。"
    )


def _how(code: int) -> str:
    return f"信号 {-code}" if code < 0 else f"退出码 {code}"


def used_s() -> float:
    """CPU seconds that this process and the one that lays out for it took so far."""
    return time.process_time() + PROCESS.cpu_s


PROCESS = LayoutProcess()
atexit.register(PROCESS.close)
os.register_at_fork(after_in_child=PROCESS.forget)
