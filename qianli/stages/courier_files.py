"""What comes of a courier's file: counts, refused rows with their reasons, and the fix-it spreadsheet."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from models import ArtefactKind
from qianli.campaigns.references import normalise
from qianli.couriers.protocol import Refusal
from qianli.ledger.fixit import RefusedRow, fix_file
from qianli.ledger.problems import RowProblem
from qianli.stages.artefacts import publish_artefact


@dataclass(frozen=True)
class FileResult:
    """Rows taken in, rows known before, rows refused, remarks on rows taken in, and where the refused rows are."""

    accepted: int
    unchanged: int
    rejected: list[RowProblem]
    notices: list[RowProblem]
    fix_file: str | None


def concluded(
    accepted: int, unchanged: int, refused: Sequence[Refusal], notices: Sequence[RowProblem], *, name: str, by: str
) -> FileResult:
    """The result, with the refused rows published as a fix-it spreadsheet where there are any."""
    ordered = sorted(refused, key=lambda one: (one.line.sheet, one.line.row))
    return FileResult(
        accepted=accepted,
        unchanged=unchanged,
        rejected=[one.problem for one in ordered],
        notices=sorted(notices, key=lambda one: (one.sheet, one.row)),
        fix_file=_publish(ordered, name, by) if ordered else None,
    )


def our_reference(written: str) -> str:
    """A reference as we keep it; one with a wrong check character stays as written, so that nothing is found for it."""
    return normalise(written) or written.strip().upper()


def unknown_reference(written: str) -> str:
    """Why there is no parcel with this reference."""
    if normalise(written) is None:
        return "包裹编号写错了（校验位不符），请对照面单核对。"
    return "没有这个包裹编号，请核对是不是别的单位的包裹。"


def _publish(refused: Sequence[Refusal], name: str, by: str) -> str:
    """The same refused rows are the same file: importing a bad file twice leaves one."""
    rows = [
        RefusedRow(sheet=one.line.sheet, row=one.line.row, values=one.line.values, reasons=(one.problem.reason,))
        for one in refused
    ]
    content = fix_file(rows)
    path = f"fix/{name}-{hashlib.sha256(content).hexdigest()[:12]}.xlsx"
    return publish_artefact(kind=ArtefactKind.fix_file, path=path, content=content, by=by)
