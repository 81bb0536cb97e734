"""Printed letters once more, in a file each: rows first, the same files whenever it is done, gone with the campaign."""

import hashlib
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from models import Artefact, ArtefactKind
from qianli.documents import press
from qianli.errors import RuleBroken
from qianli.stages.campaigns import documents
from qianli.stages.cancelling import cancel_campaign
from qianli.stages.letter_files import write_letter_files
from qianli.stages.purging import purge
from qianli.stages.unit import reading
from qianli.testing import workspace
from qianli.testing_campaign import BY, CODE, fulfilled, registered

pytestmark = pytest.mark.slow


def digests(root: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (root / "documents" / CODE / "letters").glob("*.pdf")
    }


def test_each_letter_has_its_file_until_the_campaign_is_purged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "Pressing", partial(press.Pressing, worth=1))
    with workspace(tmp_path):
        fulfilled()
        papers = documents(CODE)
        made = write_letter_files(CODE, by=BY)
        assert (made.files, made.remark) == (4, "")
        first = digests(tmp_path)
        assert sorted(first) == [f"{CODE}-{number:04}.pdf" for number in range(1, 5)]
        assert documents(CODE) == papers
        write_letter_files(CODE, by=BY)
        assert digests(tmp_path) == first
        with reading() as session:
            rows = session.execute(sa.select(Artefact).where(Artefact.path.contains("/letters/"))).scalars().all()
        assert {one.path.rpartition("/")[2]: one.sha256 for one in rows} == first
        assert {one.kind for one in rows} == {ArtefactKind.letter}
        cancel_campaign(CODE, by=BY)
        purge(CODE, reason="试验", by=BY)
        assert digests(tmp_path) == {}
        with pytest.raises(RuleBroken, match="已经清除"):
            write_letter_files(CODE, by=BY)


def test_nothing_printed_nothing_to_write(tmp_path: Path) -> None:
    with workspace(tmp_path):
        registered()
        with pytest.raises(RuleBroken, match="还没有印过书信"):
            write_letter_files(CODE, by=BY)
