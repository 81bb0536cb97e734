"""The refused rows of a list of people, published to be mended and sent again."""

import hashlib
from collections.abc import Sequence

from models import ArtefactKind
from qianli.ledger.fixit import RefusedRow, fix_file
from qianli.ledger.members import Ledger
from qianli.ledger.problems import RowProblem
from qianli.stages.artefacts import publish_artefact


def publish_refused(ledger: Ledger, refused: Sequence[RowProblem], *, name: str, by: str) -> str | None:
    """A fix-it spreadsheet of every refused row with all its reasons; the same refusals are the same file."""
    reasons: dict[tuple[str, int], list[str]] = {}
    for problem in refused:
        said = f"{problem.column}：{problem.reason}" if problem.column else problem.reason
        reasons.setdefault((problem.sheet, problem.row), []).append(said)
    if not reasons:
        return None
    rows = [
        RefusedRow(sheet, row, ledger.as_written(sheet, row), tuple(said)) for (sheet, row), said in reasons.items()
    ]
    content = fix_file(rows)
    path = f"fix/{name}-{hashlib.sha256(content).hexdigest()[:12]}.xlsx"
    return publish_artefact(kind=ArtefactKind.fix_file, path=path, content=content, by=by)


def in_order(ledger: Ledger, problems: Sequence[RowProblem]) -> list[RowProblem]:
    """What concerns the file first, then by sheet as in the file, then by row."""
    place = {name: number for number, name in enumerate(ledger.tables, start=1)}
    return sorted(problems, key=lambda problem: (place.get(problem.sheet, 0), problem.row))
