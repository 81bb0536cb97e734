"""The process that lays out: what it may not do, and what becomes of us when it crashes, takes too long or too much."""

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qianli.documents import layout_process, press, typeset
from qianli.documents.forms import Letter
from qianli.documents.layout_process import PROCESS, ROOT, LayoutProcess, Limits
from qianli.errors import BadInput, DocumentError, LayoutFailed
from qianli.testing_letters import seeded_letters

pytestmark = pytest.mark.slow

STYLE = "@page { size: A5; margin: 10mm } html { font: 12pt 'Noto Serif CJK SC' }"
LONG = "<p>字</p>" * 60_000  # half a minute of work


@pytest.fixture
def process() -> Iterator[LayoutProcess]:
    """A process of the test's own."""
    own = LayoutProcess()
    yield own
    own.close()


def confined(program: str) -> str:
    """What a confined process says."""
    words = [sys.executable, "-c", f"from qianli.documents.confined import confine; confine(1024)\n{program}"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    return subprocess.run(words, env=environment, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def kill_once_at_work(process: LayoutProcess, number: signal.Signals) -> threading.Thread:
    """Kill the process as soon as there is one."""

    def watch() -> None:
        limit = time.monotonic() + 60
        while process.pid is None and time.monotonic() < limit:
            time.sleep(0.001)
        os.kill(process.pid or 0, number)

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL])
def test_a_crash_is_a_sentence_and_the_next_paper_is_the_same(process: LayoutProcess, number: signal.Signals) -> None:
    killer = kill_once_at_work(process, number)
    with pytest.raises(LayoutFailed, match=rf"意外中止（信号 {number.value}）.*可以重新运行"):
        process.ask("render", "<p>字</p>", STYLE)
    killer.join()
    assert process.ask("render", "<p>字</p>", STYLE) == typeset.render("<p>字</p>", STYLE)


def test_no_end_is_stopped_and_no_memory_is_told(process: LayoutProcess) -> None:
    process.ask("render", "<p>字</p>", STYLE)
    process.limits = Limits(time_s=1)
    began = time.monotonic()
    with pytest.raises(LayoutFailed, match=r"超过 1 秒.*QIANLI_LAYOUT_TIME_S"):
        process.ask("render", LONG, STYLE)
    assert time.monotonic() - began < 20
    process.limits = Limits(memory_mb=400)
    with pytest.raises(LayoutFailed, match="QIANLI_LAYOUT_MEMORY_MB"):
        process.ask("render", "<table><tr><td colspan='999999999'>字</table>", STYLE)
    process.limits = Limits()
    assert process.ask("render", "<p>字</p>", STYLE).pages == 1


def test_one_that_died_while_nobody_asked_is_not_noticed(process: LayoutProcess) -> None:
    process.ask("render", "<p>字</p>", STYLE)
    first = process.pid
    assert first
    os.kill(first, signal.SIGKILL)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
    assert process.ask("render", "<p>字</p>", STYLE).pages == 1
    second = process.pid
    assert second != first
    assert process.ask("render", "<p>字</p>", STYLE).pages == 1
    assert process.pid == second


def test_refusals_come_through_as_they_were() -> None:
    with pytest.raises(DocumentError, match="已拒绝") as caught:
        typeset.render("<p>字</p>", STYLE, "@import url(http://x.example/x.css);")
    assert caught.value.ids == {"schemes": ["http"]}
    with pytest.raises(DocumentError, match="超出了版面") as caught:
        typeset.render("<section id='form-0'><p style='margin-left: -30mm'>纸外</p></section>", STYLE)
    assert caught.value.ids["forms"] == [0]


def test_a_fault_of_the_engine_is_told_without_what_it_carried(process: LayoutProcess) -> None:
    with pytest.raises(LayoutFailed, match="请技术人员检查") as caught:
        process.ask("render", 13, STYLE)
    assert str(caught.value.ids["where"]).startswith(("AttributeError in", "TypeError in"))


def test_our_process_never_has_the_engine() -> None:
    program = (
        "import sys; from qianli.documents import press; from qianli.documents.forms import Letter;"
        "press.letters([Letter.sample()]); print('weasyprint' in sys.modules)"
    )
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "QIANLI_SECRET": "hush"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, cwd=ROOT, capture_output=True, check=True)
    assert done.stdout == b"False\n"


def test_it_sees_no_secret_and_ends_with_us() -> None:
    program = (
        "import os; from pathlib import Path; from qianli.documents import typeset\n"
        "from qianli.documents.layout_process import PROCESS\n"
        "typeset.render('<p>A</p>', \"html { font-family: 'Noto Serif CJK SC' }\")\n"
        "print(PROCESS.pid, Path(f'/proc/{PROCESS.pid}/environ').read_text().count('hush'), flush=True)\n"
        "os.kill(os.getpid(), 9)"
    )
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "QIANLI_SECRET": "hush"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, cwd=ROOT, capture_output=True, check=False)
    pid, secrets = map(int, done.stdout.split())
    assert secrets == 0
    limit = time.monotonic() + 20
    while Path(f"/proc/{pid}/stat").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]:
        assert time.monotonic() < limit, "it outlives us"
        time.sleep(0.05)


def test_there_is_no_network_and_no_core_file() -> None:
    by_python = (
        "import socket\ntry:\n    socket.create_connection(('127.0.0.1', 9))\nexcept OSError as e: print(e.errno)"
    )
    assert confined(by_python) == "13"
    by_libc = "import ctypes; c = ctypes.CDLL(None, use_errno=True); print(c.socket(2, 1, 0), ctypes.get_errno())"
    assert confined(by_libc) == "-1 13"
    by_a_child = f"import subprocess, sys; print(subprocess.run([sys.executable, '-c', {by_libc!r}]).returncode)"
    assert confined(by_a_child).split() == ["-1", "13", "0"]
    assert (
        confined("import resource as r; print(r.getrlimit(r.RLIMIT_CORE), r.getrlimit(r.RLIMIT_AS)[0] >> 20)")
        == "(0, 0) 1024"
    )


def test_an_answer_makes_nothing_but_plain_values() -> None:
    for value in (os.system, subprocess.Popen, layout_process.LayoutProcess, layout_process.used_s):
        with pytest.raises(pickle.UnpicklingError):
            layout_process.read_answer(pickle.dumps(value))
    error: Any = layout_process.read_answer(pickle.dumps(DocumentError("一", forms=[1])))
    assert (error.message, error.ids) == ("一", {"forms": [1]})
    assert layout_process.read_answer(pickle.dumps(BadInput("一", ["二"]))).problems == ["二"]


def test_a_fork_of_ours_has_a_process_of_its_own() -> None:
    expected = typeset.render("<p>字</p>", STYLE)
    ours = PROCESS.pid
    pid = os.fork()
    if not pid:
        same = PROCESS.pid is None and typeset.render("<p>字</p>", STYLE) == expected and PROCESS.pid != ours
        PROCESS.close()
        os._exit(0 if same else 1)
    assert typeset.render("<p>字</p>", STYLE) == expected
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert PROCESS.pid == ours


def test_a_run_whose_stamping_crashes_is_laid_out_whole() -> None:
    letters = seeded_letters(8)
    PROCESS.close()
    killer = kill_once_at_work(PROCESS, signal.SIGSEGV)
    made = press.letters(letters, "red_letter", press.Pressing("stamp", 7, worth=1))
    killer.join()
    assert made.stamped == 0
    assert "信号 11" in made.remark
    assert made.content == press.letters(letters, "red_letter", press.Pressing("layout")).content


def test_what_a_paper_cost_is_known() -> None:
    before = layout_process.used_s()
    press.letters([Letter.sample()])
    assert layout_process.used_s() > before
