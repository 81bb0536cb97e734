"""Labels and manifests by Qianli's press and by others: the same forms, each maker in fresh processes (contest.py).

`python -m tests.bench.papers` prints tables of medians and writes var/bench/papers.json. Everybody gets the bars of the
codes as numbers. Others draw the same words on about the same page; of a manifest they make one table that wraps and
says its titles again, without the totals of each page that ours has.
"""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from qianli.documents import fonts, press
from qianli.documents.forms import AddressLabel, ManifestPaper
from qianli.testing_papers import seeded_labels, seeded_manifest
from tests.bench import contest
from tests.bench import paper_contenders as others
from tests.bench.contest import OURS, Made, Row, Task

SEED = 7
WHOLE = f"{OURS}, laid out whole"


def told(made: press.Pdf) -> Made:
    """What is to be told of a file of ours."""
    note = made.remark or f"{made.stamped} blocks stamped, {made.checked} pages checked"
    return Made(len(made.content), made.check_cpu_s, note)


def stamped_labels(forms: Sequence[AddressLabel]) -> Made:
    """As `fulfil` has it."""
    return told(press.labels(forms, "roll_100x150", press.Pressing("stamp", SEED)))


def laid_out_labels(forms: Sequence[AddressLabel]) -> Made:
    """Every label by the layout engine."""
    return Made(len(press.labels(forms, "roll_100x150", press.Pressing("layout")).content))


def stamped_manifest(form: ManifestPaper) -> Made:
    """As `fulfil` has it."""
    return told(press.manifest(form, press.Pressing("stamp", SEED)))


def laid_out_manifest(form: ManifestPaper) -> Made:
    """Every row by the layout engine."""
    return Made(len(press.manifest(form, press.Pressing("layout")).content))


def elsewhere(draw: Callable[[Any, Path], bytes]) -> Callable[[Any], Made]:
    """Another maker, with a folder for what it must read from disk."""

    def run(forms: Any) -> Made:
        with tempfile.TemporaryDirectory() as folder:
            return Made(len(draw(forms, Path(folder))))

    return run


def labels(count: int, maker: str) -> Sequence[AddressLabel]:
    """The labels, and the faces of those that cannot read ours as they are."""
    forms = seeded_labels(count)
    others.prepare(maker, [*map(repr, forms)])
    return forms


def manifest(count: int, maker: str) -> ManifestPaper:
    """The manifest, likewise."""
    form = seeded_manifest(count)
    others.prepare(maker, [*map(repr, form.rows)])
    return form


TASKS = {
    "labels": Task(
        labels,
        {
            OURS: stamped_labels,
            WHOLE: laid_out_labels,
            "Typst": elsewhere(others.typst_labels),
            "ReportLab": elsewhere(others.reportlab_labels),
            "fpdf2": elsewhere(others.fpdf2_labels),
        },
    ),
    "manifest": Task(
        manifest,
        {
            OURS: stamped_manifest,
            WHOLE: laid_out_manifest,
            "Typst": elsewhere(others.typst_manifest),
            "ReportLab": elsewhere(others.reportlab_manifest),
            "fpdf2": elsewhere(others.fpdf2_manifest),
        },
    ),
}
MOST = {WHOLE: 200, "fpdf2": 1000, "Typst": 10_000}
ROWS = (
    Row("manifest", 60_000, {WHOLE: 0, "Typst": 0, "ReportLab": 0, "fpdf2": 0}),
    Row("labels", 1000, MOST),
    Row("labels", 10_000, MOST),
    Row("manifest", 1000, MOST),
    Row("manifest", 10_000, MOST),
)

if __name__ == "__main__":
    fonts.check_machine()
    packages = ("weasyprint", "typst", "reportlab", "fpdf2")
    contest.main("tests.bench.papers", "papers", TASKS, ROWS, packages=packages)
