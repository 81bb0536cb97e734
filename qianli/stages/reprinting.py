"""Acts of the print room: a run came out of the printer, sheets were spoiled, spoiled sheets are printed again."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlmodel import Session

from models import ArtefactKind, Campaign, CampaignState, PrintRun, Subject
from qianli.campaigns.references import consignment_number
from qianli.errors import BadInput, RuleBroken
from qianli.stages import label_sheets, papers
from qianli.stages.artefacts import shown
from qianli.stages.reasons import refuse_naming
from qianli.stages.runs import add_run
from qianli.stages.typed import folded
from qianli.stages.unit import now, reading, writing
from qianli.store import artefacts, campaigns, journal, print_runs, spoilage
from qianli.store.spoilage import Piece

LONGEST_REASON = 60
RANGE = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")
AS_A_WHOLE = {ArtefactKind.pick_list, ArtefactKind.manifest}
GOING_ON = {CampaignState.approved, CampaignState.under_way}


@dataclass(frozen=True)
class SpoilResult:
    """What stands on the sheets spoiled now and before, and what was refused with the reason."""

    spoiled: list[str]
    already: list[str]
    refused: list[tuple[str, str]]


@dataclass(frozen=True)
class Reprint:
    """A run that prints spoiled sheets again."""

    number: int
    kind: ArtefactKind
    sheets: int
    path: str


def came_out(campaign_code: str, numbers: Sequence[int], *, by: str) -> list[int]:
    """These runs came out of the printer; those of which it was said before stay as they are. The numbers said now."""
    with writing(by) as session:
        campaign = campaigns.by_code(session, code=campaign_code)
        runs = [_made(session, campaign, number) for number in dict.fromkeys(numbers)]
        new = [one for one in runs if one.printed_at is None]
        for run in new:
            print_runs.mark_printed(session, run=run, by=by, at=now())
            _note(session, run, "on paper", f"第 {run.number} 印次")
        return [one.number for one in new]


def _made(session: Session, campaign: Campaign, number: int) -> PrintRun:
    run = print_runs.by_number(session, campaign_id=campaign.key, number=number)
    if run is None:
        raise BadInput(f"活动 {campaign.code} 没有第 {number} 印次；“print list {campaign.code}”列出所有印次。")
    if run.made_at is None:
        raise RuleBroken(f"第 {number} 印次还没有做好，请先运行“campaign fulfil {campaign.code}”。")
    return run


def spoil(
    campaign_code: str, number: int, wanted: Sequence[str], *, pages: str | None = None, reason: str, by: str
) -> SpoilResult:
    """Sheets of a run are spoiled. What cannot be is refused with the reason; the others go on.

    `wanted` is what stands on them (CODE-0042, a parcel's reference); `pages`, like `3-5,9`, are of the run's file.
    """
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise BadInput(f"请用 --reason 写明怎么坏的，最多 {LONGEST_REASON} 个字，例如“卡纸”。")
    if not wanted and not pages:
        raise BadInput("请写出坏掉的书信编号或包裹编号，或者用 --pages 写第几页。")
    with writing(by) as session:
        campaign = campaigns.lock(session, campaign_id=campaigns.by_code(session, code=campaign_code).key)
        run = _made(session, campaign, number)
        if run.kind in AS_A_WHOLE:
            raise RuleBroken("拣货单和交接单坏了，把文件整份再打印一次就行，不用登记。")
        refuse_naming(session, reason, campaign_id=campaign.key)
        there = spoilage.pieces(session, run_id=run.key)
        chosen, refused = _choose(campaign.code, run, there, wanted, pages)
        new = [one for one in chosen if not one.spoiled]
        spoilage.record(session, sheet_ids=[one.sheet.key for one in new], reason=reason, by=by, at=now())
        if new:
            _note(session, run, "spoiled", f"第 {run.number} 印次 {len(new)} 份：{reason}")
        names = {one.sheet.key: _name(campaign.code, one) for one in chosen}
        already = [names[one.sheet.key] for one in chosen if one.spoiled]
        return SpoilResult([names[one.sheet.key] for one in new], already, refused)


def _name(code: str, one: Piece) -> str:
    return one.reference if one.consignment_number is None else consignment_number(code, one.consignment_number)


def _choose(
    code: str, run: PrintRun, there: Sequence[Piece], wanted: Sequence[str], pages: str | None
) -> tuple[list[Piece], list[tuple[str, str]]]:
    by_name: dict[str, list[Piece]] = {}
    for one in there:
        for name in dict.fromkeys((_name(code, one), one.reference)):
            by_name.setdefault(folded(name), []).append(one)
    found: dict[int, Piece] = {}
    refused: list[tuple[str, str]] = []
    for text in wanted:
        some = by_name.get(folded(text), [])
        found |= {one.sheet.key: one for one in some}
        if not some:
            refused.append((text, f"不在第 {run.number} 印次里，或者已经作废、不用重印。"))
    if pages:
        found |= {one.sheet.key: one for one in _on_pages(there, pages)}
    gone = [one for one in found.values() if one.stage not in spoilage.BEFORE]
    refused += [(_name(code, one), "包裹已经交给快递公司，不能再换。") for one in gone]
    return [one for one in there if one.sheet.key in found and one not in gone], refused


def _on_pages(there: Sequence[Piece], text: str) -> list[Piece]:
    asked = set()
    for part in text.replace("，", ",").split(","):
        match = RANGE.fullmatch(part.strip())
        if match is None:
            raise BadInput(f"--pages 应写成 3-5,9 这样，不是“{text}”。")
        first, last = int(match[1]), int(match[2] or match[1])
        asked |= set(range(first, last + 1))
    if any(one.sheet.first_page is None for one in there):
        raise BadInput("这种单据几份印在一页上，请写出坏掉的那几份的编号。")
    spans = [(one, one.sheet.first_page or 0, one.sheet.pages or 1) for one in there]
    found = [one for one, first, pages in spans if asked & set(range(first, first + pages))]
    if not found:
        raise BadInput(f"这一印次没有第 {text} 页，或者那些页已经作废。")
    return found


def reprint(campaign_code: str, *, from_label: int | None = None, by: str) -> list[Reprint]:
    """Print again what was spoiled, a run for each kind; killed anywhere and asked again, nothing is printed twice.

    Labels begin on label `from_label` (from 1) of their first sheet.
    """
    with writing(by) as session:
        campaign = campaigns.lock(session, campaign_id=campaigns.by_code(session, code=campaign_code).key)
        if campaign.state not in GOING_ON:
            raise RuleBroken(f"活动 {campaign_code} 不在寄送中，不再重印。")
        if from_label is not None:
            from_label = label_sheets.checked(campaign, from_label)
        for kind, some in groupby(spoilage.waiting(session, campaign_id=campaign.key), key=lambda one: one.kind):
            _again(session, campaign, list(some), from_label if kind is ArtefactKind.label else None)
        ids = spoilage.unmade_reprints(session, campaign_id=campaign.key)
    for id_ in ids:
        papers.run(id_)
    with reading() as session:
        return [_told(session, print_runs.by_id(session, run_id=id_)) for id_ in ids]


def _again(session: Session, campaign: Campaign, some: Sequence[spoilage.Waiting], from_label: int | None) -> None:
    kind = some[0].kind
    pieces = [(one.parcel_id, one.consignment_id) for one in some]
    run = add_run(session, campaign, kind, pieces, from_label=from_label)
    spoilage.take_their_place(session, run_id=run.key, spoilage_ids=[one.spoilage_id for one in some])
    before = "、".join(str(number) for number in sorted({one.run_number for one in some}))
    _note(session, run, "reprint", f"第 {run.number} 印次，代替第 {before} 印次里打坏的 {len(some)} 份")


def _told(session: Session, run: PrintRun) -> Reprint:
    sheets = print_runs.sheets(session, run_id=run.key)
    path = artefacts.by_id(session, artefact_id=run.artefact_id).path
    return Reprint(run.number, run.kind, len(sheets), shown(path))


def _note(session: Session, run: PrintRun, verb: str, why: str) -> None:
    journal.note(session, subject=Subject.campaign, ids=[run.campaign_id], what=f"{verb} {run.kind}", why=why)
