"""Forms read in blocks, and a file written as it grows: the same letters, byte for byte."""

from pathlib import Path

import pytest

from qianli.documents import press, release_check
from qianli.documents.in_blocks import InBlocks
from qianli.testing_letters import seeded_letters


def test_one_block_is_held_and_in_order_each_is_read_once() -> None:
    read: list[tuple[int, int]] = []

    def some(start: int, end: int) -> range:
        read.append((start, end))
        return range(start, end)

    forms = InBlocks(25, some, at_once=10)
    assert list(forms) == [*range(25)]
    assert read == [(0, 10), (10, 20), (20, 25)]
    assert (len(forms), forms[-1], forms[3], forms[18:22]) == (25, 24, 3, [18, 19, 20, 21])
    with pytest.raises(IndexError):
        forms[25]


@pytest.mark.slow
def test_a_streamed_run_is_the_same_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    letters, out = seeded_letters(6), tmp_path / "letters.pdf"
    how = press.Pressing("stamp", 7, worth=1)
    held = press.letters(letters, "red_letter", how)
    streamed = press.letters(InBlocks(6, lambda start, end: letters[start:end], 4), "red_letter", how, out=out)
    assert (streamed.stamped, streamed.checked, streamed.content, streamed.path) == (6, 6, b"", out)
    assert out.read_bytes() == held.content
    monkeypatch.setattr(release_check, "first_difference", lambda *_: 0)  # what was written is written over
    whole = press.letters(letters, "red_letter", how, out=out)
    assert whole.remark
    assert out.read_bytes() == press.letters(letters, "red_letter", press.Pressing("layout")).content
