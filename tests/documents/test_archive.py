"""PDF/A-3b as other readers see it: what it says of itself, fonts inside, and not a dot drawn otherwise."""

import subprocess
from pathlib import Path

import pytest

from models import ArtefactKind
from qianli.documents import press
from qianli.documents.archive import as_archive
from qianli.documents.forms import AddressLabel
from qianli.settings import ROOT
from qianli.stages.artefacts import publish_artefact
from qianli.testing import workspace
from qianli.testing_letters import seeded_letters

PAPERS = {
    "stamped letters": lambda: press.letters(
        seeded_letters(4, odd=0.5), "red_letter", press.Pressing("stamp", worth=1)
    ),
    "labels": lambda: press.labels([AddressLabel.sample()], "roll_100x150"),
}


def said(*words: object) -> str:
    return subprocess.run([str(word) for word in words], capture_output=True, check=True).stdout.decode()


def drawn(folder: Path, content: bytes) -> list[bytes]:
    folder.mkdir()
    (folder / "paper.pdf").write_bytes(content)
    said("pdftoppm", "-r", "50", folder / "paper.pdf", folder / "page")
    return [page.read_bytes() for page in sorted(folder.glob("page*"))]


@pytest.mark.usefixtures("one_checked")
@pytest.mark.parametrize("name", PAPERS)
def test_an_archived_paper_says_so_and_looks_the_same(tmp_path: Path, name: str) -> None:
    content = PAPERS[name]().content
    made = as_archive(content)
    assert as_archive(content) == made
    assert drawn(tmp_path / "made", made) == drawn(tmp_path / "plain", content)
    path = tmp_path / "made/paper.pdf"
    meta = said("pdfinfo", "-meta", path)
    assert '<pdfaid:part xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">3<' in meta
    assert ">B</pdfaid:conformance>" in meta
    title = said("pdfinfo", path).splitlines()[0].removeprefix("Title:").strip()
    assert f">{title}</rdf:li>" in meta
    fonts = said("pdffonts", path).splitlines()[2:]
    assert fonts
    assert all(line.split()[-5] == "yes" for line in fonts), "a font is not inside"
    assert b"/GTS_PDFA1" in made


def test_papers_are_published_so_where_it_is_set(tmp_path: Path) -> None:
    with workspace(tmp_path, PDF_ARCHIVE="true"):
        content = PAPERS["labels"]().content
        path = publish_artefact(kind=ArtefactKind.report, path="X/a.pdf", content=content, by="user:test")
        assert (ROOT / path).read_bytes() == as_archive(content)
