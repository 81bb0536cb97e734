"""Letters by Qianli's press and by others: the same letters, one combined file, every contender in fresh processes.

`python -m tests.bench.press` prints a table of medians and writes var/bench/press.json. All encode their QRs the same
way, inside what is measured. Slow contenders get fewer letters: figures are per letter. Others draw the same words, but
not the same page: Typst justifies and spaces by rules of its own, ReportLab and fpdf2 place lines we break for them.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from qianli.documents import press, release_check
from qianli.documents.forms import Letter
from qianli.testing_letters import seeded_letters
from tests.bench import press_contenders as others

ROOT = Path(__file__).parents[2]
Made = tuple[int, float]  # bytes, and seconds of CPU for the release check among all
SEED, ODD = 7, 0.05


def cpu() -> float:
    """Seconds this process and its children worked."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def stamped(letters: Sequence[Letter]) -> Made:
    """Qianli, as `fulfil` has it; the release check begins when its sample is chosen and is the last thing done."""
    began = [cpu()]
    sample = release_check.sample

    def watched(groups: Sequence[Sequence[int]], seed: int) -> list[int]:
        began.append(cpu())
        return sample(groups, seed)

    release_check.sample = watched
    made = press.letters(letters, "red_letter", press.Pressing("stamp", SEED))
    if not made.stamped:
        raise SystemExit(f"nothing was stamped: {made.remark}")
    return len(made.content), cpu() - began[-1]


def laid_out(letters: Sequence[Letter], at_once: int) -> Made:
    """WeasyPrint through our engine, so many letters in one document."""
    files = [
        press.letters(letters[start : start + at_once], "red_letter", press.Pressing("layout"))
        for start in range(0, len(letters), at_once)
    ]
    return sum(len(one.content) for one in files), 0.0


def elsewhere(draw: Callable[[Sequence[Letter], Path], bytes]) -> Callable[[Sequence[Letter]], Made]:
    """Another engine, with a folder for what it must read from disk."""

    def run(letters: Sequence[Letter]) -> Made:
        with tempfile.TemporaryDirectory() as folder:
            return len(draw(letters, Path(folder))), 0.0

    return run


#: Contender → how, (letters, share of odd names, rounds) each.
CONTENDERS: dict[str, tuple[Callable[[Sequence[Letter]], Made], list[tuple[int, float, int]]]] = {
    "Qianli": (stamped, [(1000, 0, 3), (10_000, 0, 3), (10_000, ODD, 3)]),
    "WeasyPrint, one by one": (lambda letters: laid_out(letters, 1), [(60, 0, 3)]),
    "WeasyPrint, 50 at once": (lambda letters: laid_out(letters, 50), [(400, 0, 3)]),
    "Typst, all at once": (elsewhere(others.typst_letters), [(1000, 0, 3), (1000, ODD, 3), (3000, 0, 3)]),
    "ReportLab": (elsewhere(others.reportlab_letters), [(1000, 0, 3)]),
    "fpdf2": (elsewhere(others.fpdf2_letters), [(500, 0, 3)]),
}


def one(name: str, count: int, odd: float) -> None:
    """Measure once, in this process, and print what it took."""
    letters = seeded_letters(count, odd=odd)
    others.prepare(letters)
    cpu_before, wall_before = cpu(), time.perf_counter()
    size, check = CONTENDERS[name][0](letters)
    took = {"cpu_s": cpu() - cpu_before, "wall_s": time.perf_counter() - wall_before, "check_cpu_s": check}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({**took, "peak_mb": peak, "bytes": size}) + "\n")


def measured(name: str, count: int, odd: float, rounds: int) -> dict[str, object]:
    """Medians of several rounds, each in a process of its own."""
    command = [sys.executable, __file__, name, str(count), str(odd)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    runs = [
        json.loads(subprocess.run(command, check=True, capture_output=True, env=environment).stdout.splitlines()[-1])
        for _ in range(rounds)
    ]
    median = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    return {"contender": name, "letters": count, "odd": odd, "rounds": rounds, **median}


def main() -> None:
    """Run every contender, print the table, write the figures."""
    rows = []
    head = f"{'':24} {'letters':>8} {'odd':>5} {'ms/letter':>10} {'wall ms':>9} {'check s':>8} {'a second':>9} "
    print(f"{head}{'MB':>6} {'bytes/letter':>13}")
    for name, (_, sizes) in CONTENDERS.items():
        for count, odd, rounds in sizes:
            row = measured(name, count, odd, rounds)
            rows.append(row)
            making = (float(str(row["cpu_s"])) - float(str(row["check_cpu_s"]))) / count
            print(
                f"{name:24} {count:8} {odd:5.0%} {making * 1000:10.2f} {float(str(row['wall_s'])) / count * 1000:9.2f}"
                f" {row['check_cpu_s']:8.2f} {1 / making:9.0f} {row['peak_mb']:6.0f}"
                f" {float(str(row['bytes'])) / count:13.0f}",
                flush=True,
            )
    print("CPU per letter is of making, without the release check; wall includes it. Peak memory is the process's.")
    versions = {one: version(one) for one in ("weasyprint", "typst", "reportlab", "fpdf2", "segno")}
    folder = ROOT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "press.json").write_text(json.dumps({"rows": rows, "versions": versions}, indent=1) + "\n")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        one(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
    else:
        main()
