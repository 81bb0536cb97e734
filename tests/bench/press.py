"""Letters by Qianli's press and by others: the same letters, every maker in fresh processes (see contest.py).

`python -m tests.bench.press` prints tables of medians and writes var/bench/press.json. All encode their QRs the same
way, inside what is measured. Others draw the same words, but not the same page: Typst justifies and spaces by rules of
its own, ReportLab and fpdf2 place lines we break for them, Chromium lays out our own HTML by its own rules.

About a quarter of an hour. Slow makers get fewer letters, as the table says; the largest rows are measured once.
"""

import atexit
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from qianli.documents import press
from qianli.documents.forms import Letter
from qianli.testing_letters import seeded_letters
from tests.bench import contest
from tests.bench import press_contenders as others
from tests.bench.contest import OURS, ROOT, Made, Row, Task

SEED, ODD = 7, 0.05
STREAMED, BLOCK = f"{OURS}, in parts", 1000
DESIGN = "red_letter"
Letters = Sequence[Letter]


def stamped(letters: Letters) -> Made:
    """Qianli, as `fulfil` has it."""
    made = press.letters(letters, DESIGN, press.Pressing("stamp", SEED))
    return Made(len(made.content), made.check_cpu_s, made.remark or f"{made.stamped} stamped, {made.checked} checked")


def streamed(letters: Letters) -> Made:
    """Qianli, with letters read from disk a block at a time and the file written as it grows."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "letters.pdf")
        made = press.letters(letters, DESIGN, press.Pressing("stamp", SEED), out=out)
        return Made(
            out.stat().st_size, made.check_cpu_s, made.remark or f"{made.stamped} stamped, {made.checked} checked"
        )


def stamped_each(letters: Letters) -> Made:
    """Qianli, a file a letter."""
    files = list(press.letter_files(letters, DESIGN, press.Pressing("stamp", SEED)))
    return Made(
        sum(len(one.content) for one in files),
        files[0].check_cpu_s,
        files[0].remark or f"{sum(one.stamped for one in files)} stamped",
    )


def laid_out(letters: Letters) -> Made:
    """Qianli's way 3: every letter laid out, in the child."""
    return Made(len(press.letters(letters, DESIGN, press.Pressing("layout")).content))


def elsewhere(draw: Callable[[Letters, Path], int]) -> Callable[[Letters], Made]:
    """Another maker, with a folder for what it must read from disk."""

    def run(letters: Letters) -> Made:
        with tempfile.TemporaryDirectory() as folder:
            return Made(draw(letters, Path(folder)))

    return run


def plainly(how: str, **options: int) -> Callable[[Letters, Path], int]:
    """Plain WeasyPrint or Chromium; the others must not pay for importing it."""

    def draw(letters: Letters, folder: Path) -> int:
        from tests.bench import press_html  # noqa: PLC0415 - see above

        size: int = getattr(press_html, how)(letters, folder, **options)
        return size

    return draw


def prepared(count: int, maker: str, odd: float = 0.0) -> Letters:
    """The letters, and the faces of those that cannot read ours as they are."""
    if maker == STREAMED:
        return on_disk(count, odd)
    letters = seeded_letters(count, odd=odd)
    if maker in ("ReportLab", "fpdf2"):
        others.prepare(letters)
    return letters


def on_disk(count: int, odd: float) -> Letters:
    """Letters that are not held: a file for each block of them."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder)
    for start in range(0, count, BLOCK):
        some = seeded_letters(min(BLOCK, count - start), odd=odd, seed=start + 1)
        Path(folder, str(start)).write_bytes(pickle.dumps(some, pickle.HIGHEST_PROTOCOL))
    return press.InBlocks(count, lambda start, _: pickle.loads(Path(folder, str(start)).read_bytes()), BLOCK)  # noqa: S301 - our own


def number_of(count: int, _maker: str) -> int:
    """Processes make their letters themselves."""
    return count


def from_scratch(how: str) -> Callable[[int], Made]:
    """A whole process, from its start to the file: what a small campaign costs, imports and all."""

    def run(count: int) -> Made:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "tests.bench.press_small", how, str(count), f"{folder}/letters.pdf"]
            subprocess.run(command, check=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})
            return Made(Path(folder, "letters.pdf").stat().st_size)

    return run


def processes(many: int, size: int) -> Callable[[int], Made]:
    """Print runs of so many letters at most, by so many processes at once; wall time is what this is about."""

    def run(count: int) -> Made:
        letters = min(size, -(-count // many))
        shares = [range(number, -(-count // letters), many) for number in range(many)]
        with ThreadPoolExecutor(many) as pool:
            return Made(sum(pool.map(partial(_runs, letters), shares)))

    return run


def _runs(size: int, numbers: range) -> int:
    words = [sys.executable, "-m", "tests.bench.press_small", "runs", str(size), *map(str, numbers)]
    done = subprocess.run(words, check=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True)
    return int(done.stdout)


CHROMIUM = {"Chromium, 50 at once": elsewhere(plainly("chromium"))} if shutil.which("chromium") else {}
COMBINED = {
    OURS: stamped,
    STREAMED: streamed,
    f"{OURS}, laid out whole": laid_out,
    "WeasyPrint, one by one": elsewhere(plainly("weasyprint_letters", at_once=1)),
    "WeasyPrint, 50 at once": elsewhere(plainly("weasyprint_letters", at_once=50)),
    "Typst, all at once": elsewhere(others.typst_letters),
    "ReportLab": elsewhere(others.reportlab_letters),
    "fpdf2": elsewhere(others.fpdf2_letters),
    **CHROMIUM,
}
TASKS = {
    "letters in one file": Task(prepared, COMBINED),
    "letters in one file, 5% odd names": Task(partial(prepared, odd=ODD), COMBINED),
    "one file a letter": Task(
        prepared,
        {
            OURS: stamped_each,
            "WeasyPrint": elsewhere(plainly("weasyprint_each")),
            "Typst": elsewhere(others.typst_each),
            "ReportLab": elsewhere(others.reportlab_each),
            "fpdf2": elsewhere(others.fpdf2_each),
        },
    ),
    "a small campaign, everything counted": Task(
        number_of, {OURS: from_scratch("qianli"), "WeasyPrint, all at once": from_scratch("weasyprint")}
    ),
    **{
        f"print runs of {size:,}, by processes": Task(
            number_of, {"one process": processes(1, size), "two processes": processes(2, size)}
        )
        for size in (1000, 10_000)
    },
}
#: Typst dies on 10,000 letters in one document (segmentation fault), and needs a gigabyte for 3,000.
MOST = {
    f"{OURS}, laid out whole": 200, "WeasyPrint, one by one": 30, "WeasyPrint, 50 at once": 200,
    "Typst, all at once": 3000, "ReportLab": 3000, "fpdf2": 1000, "Chromium, 50 at once": 100,
}  # fmt: skip
NOBODY_ELSE = dict.fromkeys(MOST, 0)
ODD_MOST = NOBODY_ELSE | {STREAMED: 0, "WeasyPrint, 50 at once": 200, "Typst, all at once": 3000}
EACH_MOST = {"WeasyPrint": 30, "Typst": 500, "ReportLab": 100, "fpdf2": 20}
#: Runs of 1,000 are what `fulfil` makes; each has its own release check, so ten of them tell of a hundred. Larger ones,
#: in which the check weighs less, are for the large numbers.
ROWS = (
    Row("letters in one file", 1000, MOST),
    Row("letters in one file", 10_000, MOST),
    Row("letters in one file", 100_000, NOBODY_ELSE | {OURS: 0}, rounds=1),
    Row("letters in one file, 5% odd names", 10_000, ODD_MOST),
    Row("one file a letter", 1000, EACH_MOST),
    Row("a small campaign, everything counted", 6),
    Row("print runs of 1,000, by processes", 10_000, rounds=1),
    Row("print runs of 10,000, by processes", 10_000, rounds=1),
    Row("print runs of 10,000, by processes", 60_000, rounds=1),
    Row("print runs of 10,000, by processes", 100_000, rounds=1),
)
PACKAGES = ("weasyprint", "typst", "reportlab", "fpdf2", "segno", "pypdfium2")

if __name__ == "__main__":
    contest.main("tests.bench.press", "press", TASKS, ROWS, PACKAGES)
