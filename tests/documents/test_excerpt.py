"""An excerpt shows the same pages, and nothing that is not in the file's own table."""

import io
import re
import zlib

import pytest

from qianli.documents import press, release_check
from qianli.documents.excerpt import excerpt
from qianli.documents.pdf_file import PdfFile
from qianli.errors import NotStampable
from qianli.testing_letters import seeded_letters

BOX = b"[0 0 595.3 841.9]"


def file_of(pages: int) -> bytes:
    """Pages that say their numbers, with a part that all begin with and one of 100 kB that none can do without."""
    file = PdfFile()
    font = file.add_stream(bytes(range(256)) * 400, b"/Subtype/OpenType")
    shared = file.add_stream(b"\nendobj\n q Q", level=0)
    for page in range(1, pages + 1):
        resources = b"<</Font<</F %d 0 R>>>>" % font
        content = file.add_stream(b"page %d of many\n" % page, level=page % 2)
        file.add_page(box=BOX, resources=resources, content=content, before=shared if page % 3 else 0)
    return file.finish("", "zh-CN")


def test_pages_are_found_by_the_tree_and_the_table() -> None:
    made = excerpt(io.BytesIO(file_of(450)), [450, 1, 200, 201])
    streams = [
        zlib.decompress(data) if b"Flate" in head else data
        for head, data in re.findall(rb"<<([^\n]*/Length \d+)>>\nstream\n(.*?)\nendstream", made, re.DOTALL)
    ]
    said = [int(found[1]) for one in streams if (found := re.fullmatch(rb"page (\d+) of many\n", one))]
    assert said == [450, 1, 200, 201]
    assert sum(len(one) > 100_000 for one in streams) == 1
    assert b"/Count 4>>" in made


@pytest.mark.parametrize(
    "spoil", [lambda made: made[:-9], lambda made: made.replace(b"0000000", b"0000001"), lambda _: b""]
)
def test_what_is_not_as_we_write_it_is_refused(spoil: object) -> None:
    assert callable(spoil)
    with pytest.raises(NotStampable, match="不完整"):
        excerpt(io.BytesIO(spoil(file_of(3))), [2])


@pytest.mark.slow
@pytest.mark.parametrize("large", [0, 100])
def test_a_large_run_is_compared_by_an_excerpt(monkeypatch: pytest.MonkeyPatch, large: int) -> None:
    letters, how = seeded_letters(5), press.Pressing("stamp", 7, worth=1, duplex=True)
    monkeypatch.setattr(release_check, "SPARSE", 0)
    monkeypatch.setattr(release_check, "LARGE", large)
    assert press.letters(letters, "red_letter", how).checked == 5
    plain = press.letters(letters, "red_letter", press.Pressing("layout"))
    others = press.letters(seeded_letters(5, seed=2), "red_letter", how)
    assert release_check.first_difference(others, [2], plain) == 2
