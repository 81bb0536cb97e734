"""The rows and sums of both kinds of manifest. Lengths in CSS pixels."""

from collections.abc import Iterator, Sequence

from qianli.documents import half_em, manifest_pages
from qianli.documents.blocks import Block, Field, Placed
from qianli.documents.forms import ManifestKind, ManifestPaper, ManifestRow
from qianli.documents.manifest_pages import AROUND, LINE, Design, ManifestPage, Sum, head_layout, lines, row_lines
from qianli.documents.words import amount

__all__ = ["DESIGNS", "head_layout", "pages", "paginate"]
NAME_HALVES, ADDRESS_HALVES, CODE_HALVES, NUMBER_HALVES, WEIGHT_HALVES = 14, 45, 20, 5, 9
OFFICE_HALVES, POSTAGE_HALVES = 26, 10


def paginate(rows: Sequence[ManifestRow], kind: ManifestKind) -> list[ManifestPage]:
    """The rows of every page of a manifest of this kind."""
    return manifest_pages.paginate(rows, DESIGNS[kind])


def pages(paper: ManifestPaper) -> Iterator[list[Placed]]:
    """The paper, page by page."""
    return manifest_pages.pages(paper, DESIGNS[paper.kind])


def _hand_over_row(row: ManifestRow) -> Block:
    name, address, code = row.name, half_em.closed_up(row.address), row.waybill_number or ""
    most = row_lines(row, lines(name, NAME_HALVES), lines(address, ADDRESS_HALVES), 1 + lines(code, CODE_HALVES))
    fields = _parcel(row, most) | {"address": Field.of(address, ADDRESS_HALVES, most)}
    return Block("row", most * LINE + AROUND, (), fields)


def _hand_over_sums(page: Sum, _so_far: Sum) -> Block:
    count = Field.of(f"{page.count}件", NUMBER_HALVES + 2, bold=True)
    weight = Field.of(str(page.weight_g), WEIGHT_HALVES, bold=True, right=True)
    return Block("sum", 26, (), {"count": count, "weight": weight})


def _bulk_post_row(row: ManifestRow) -> Block:
    code = row.waybill_number or ""
    most = row_lines(row, lines(row.name, NAME_HALVES), lines(row.office, OFFICE_HALVES), 1 + lines(code, CODE_HALVES))
    fields = _parcel(row, most) | {
        "office": Field.of(row.office, OFFICE_HALVES, most),
        "postage": Field.of(amount(row.postage_fen), POSTAGE_HALVES, right=True),
    }
    return Block("row", most * LINE + AROUND, (), fields)


def _bulk_post_sums(page: Sum, so_far: Sum) -> Block:
    fields = _three("page", page) | _three("so_far", so_far)
    return Block("sum", 52, (), fields)


def _three(name: str, one: Sum) -> dict[str, Field]:
    """The figures of one line of sums, under those of the rows."""
    return {
        f"{name}_count": Field.of(str(one.count), NUMBER_HALVES, bold=True, right=True),
        f"{name}_weight": Field.of(str(one.weight_g), WEIGHT_HALVES, bold=True, right=True),
        f"{name}_postage": Field.of(amount(one.postage_fen), POSTAGE_HALVES, bold=True, right=True),
    }


def _parcel(row: ManifestRow, most: int) -> dict[str, Field]:
    """What both kinds say of a parcel."""
    fields = {
        "position": Field.of(str(row.position), NUMBER_HALVES, right=True),
        "reference": Field.of(row.reference, CODE_HALVES),
        "name": Field.of(row.name, NAME_HALVES, most),
        "weight": Field.of(str(row.weight_g), WEIGHT_HALVES, right=True),
    }
    if row.waybill_number:
        fields["waybill"] = Field.of(row.waybill_number, CODE_HALVES, most - 1)
    return fields


DESIGNS = {
    ManifestKind.hand_over: Design(188, 26, 26, 26, 136, _hand_over_row, _hand_over_sums),
    ManifestKind.bulk_post: Design(246, 26, 52, 52, 170, _bulk_post_row, _bulk_post_sums),
}
