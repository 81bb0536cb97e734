"""Letters in a file each: of every letter that was printed, for those who are sent theirs in another way.

Rows first, then the files, then what came of them. Cut off anywhere and run again it ends with the same files.
"""

from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath

from models import ArtefactKind, Subject
from qianli import artefacts
from qianli.campaigns.references import consignment_number
from qianli.documents import press
from qianli.documents.forms import Letter
from qianli.documents.imprints import Picture
from qianli.errors import RuleBroken
from qianli.settings import settings
from qianli.stages import imprints
from qianli.stages.artefacts import shown
from qianli.stages.letter_forms import LetterMaker
from qianli.stages.paper_forms import shares_of
from qianli.stages.parcel_views import view
from qianli.stages.unit import now, reading, writing
from qianli.store import artefacts as rows
from qianli.store import campaigns, journal, print_runs

AT_ONCE = 200  # files between two notes of what was published


@dataclass(frozen=True)
class LetterFiles:
    """Where the files are, how many, and why they were not stamped if that would have paid."""

    folder: str
    files: int
    remark: str


@dataclass(frozen=True)
class _Work:
    campaign_id: int
    design: str
    seed: int
    paths: list[str]
    letters: list[Letter]
    pictures: tuple[Picture, ...]


def write_letter_files(code: str, *, by: str) -> LetterFiles:
    """One PDF for each printed letter of a campaign, named by its number; the same letters give the same files."""
    work = _work(code)
    with writing(by) as session:
        ids = rows.find_or_add_all(
            session, kind=ArtefactKind.letter, paths=work.paths, campaign_id=work.campaign_id, at=now()
        )
        journal.note(session, subject=Subject.campaign, ids=[work.campaign_id], what="letter files written")
    pressing = press.Pressing(settings().press, work.seed)
    made = press.letter_files(work.letters, work.design, pressing, work.pictures)
    remark = ""
    for start in range(0, len(work.paths), AT_ONCE):
        published = []
        for path, pdf in zip(work.paths[start : start + AT_ONCE], islice(made, AT_ONCE), strict=True):
            remark = remark or pdf.remark
            published.append((ids[path], artefacts.publish(settings().documents_url, path, pdf.content), pdf.pages))
        with writing(by) as session:
            rows.record_all(session, published=published, at=now())
    return LetterFiles(shown(str(PurePosixPath(work.paths[0]).parent)), len(work.paths), remark)


def _work(code: str) -> _Work:
    """The letters that were printed and are not void; of several for one member, the last."""
    with reading() as session:
        campaign = campaigns.by_code(session, code=code)
        if campaign.purged_at is not None:
            raise RuleBroken(f"活动 {code} 的个人信息已经清除，没有书信可以导出。", campaign=code)
        sheets = print_runs.made_sheets(session, campaign_id=campaign.key, kind=ArtefactKind.letter)
        if not sheets:
            raise RuleBroken(f"活动 {code} 还没有印过书信；请先运行 qianli campaign fulfil {code}。", campaign=code)
        views = view(session, campaign, parcel_ids=[one.parcel_id for one in sheets])
        maker = LetterMaker.of(session, campaign)
        letters = {
            consignment_number(code, one.consignment.number): maker.letter(one.consignment, one.snapshot, one.items)
            for one in shares_of(sheets, views)
        }
        paths = [f"{code}/letters/{number}.pdf" for number in letters]
        pictures = imprints.approved(session, campaign)
        return _Work(campaign.key, maker.text.design, campaign.seed, paths, list(letters.values()), pictures)
