"""How a run of letters is made: stamped where that pays and proves right, else laid out whole."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Literal

from qianli.documents import culprits, gates, letter_run, release_check
from qianli.documents.designs import measures
from qianli.documents.forms import Letter
from qianli.documents.imprints import Picture
from qianli.documents.layout_process import used_s
from qianli.documents.letter_design import BASE, LetterDesign, letter_styles
from qianli.documents.letter_files import LetterFiles
from qianli.documents.letter_run import press_stamped, press_whole
from qianli.documents.pdf import Pdf
from qianli.documents.shapes import sort_out
from qianli.errors import DocumentError, NotStampable

__all__ = ["BASE", "WORTH", "Pressing", "letter_styles", "press_files", "press_letters"]
#: How many letters it takes for a pool of glyphs, frames and the release check to be worth while.
WORTH = 150
#: The same for letters in a file each: the engine takes ten times as long over a file as over a page.
WORTH_IN_FILES = 40


@dataclass(frozen=True)
class Pressing:
    """How to make letters: stamp them or lay each of them out; by which seed to choose those that are checked.

    With `duplex` they are printed on both sides: a letter begins on the front of a sheet.
    """

    how: Literal["stamp", "layout"] = "stamp"
    seed: int = 0
    worth: int = WORTH
    duplex: bool = False


def press_letters(
    letters: Sequence[Letter],
    design: str,
    pressing: Pressing,
    pictures: tuple[Picture, ...] = (),
    out: Path | None = None,
) -> Pdf:
    """The letters in one file, in their order; a remark says why they were not stamped although it would have paid.

    With `out` the file is written there as it grows.
    """
    drawn, remark = LetterDesign(design, pictures), ""
    # Two texts beside each other are laid out whole: the height of one decides where the other's lines stand.
    if pressing.how == "stamp" and len(letters) > pressing.worth and not measures(design).bilingual:
        try:
            return _stamped(letters, drawn, pressing, out)
        except DocumentError as error:  # if a letter is at fault, laying all of them out says which
            if gates.at_fault(error)[1] == gates.LAYOUT_FAILED:
                raise  # that was found out by laying it out
            remark = f"没有套印，改为逐封排版：{error.message.rstrip('。')}。"
    if pressing.duplex or len(letters) > letter_run.AT_ONCE:
        with _writing(out) as stream:
            whole = press_whole(letters, drawn, duplex=pressing.duplex, out=stream)
        return replace(whole, remark=remark, path=out)
    made = culprits.named(
        len(letters), lambda some: drawn.render([letters[index] for index in some]), sound=drawn.sound
    )
    if out:
        out.write_bytes(made.content)
        made = replace(made, content=b"", path=out)
    return replace(made, remark=remark)


@contextmanager
def _writing(out: Path | None) -> Iterator[BinaryIO | None]:
    """The file to write to, a new one, if there is to be one."""
    if out is None:
        yield None
        return
    with out.open("wb") as stream:
        yield stream


def _stamped(letters: Sequence[Letter], design: LetterDesign, pressing: Pressing, out: Path | None) -> Pdf:
    """The stamped run, released."""
    release_check.refuse_without_renderers()
    with _writing(out) as stream:
        made = press_stamped(letters, sort_out(letters, design.body), design, duplex=pressing.duplex, out=stream)
    looked_at = release_check.sample(made.stamped, pressing.seed)
    return release_check.released(
        replace(made.pdf, path=out),
        looked_at,
        lambda: design.render([letters[index] for index in looked_at]),
        name=lambda index: f"编号 {letters[index].number} 的书信",
    )


def press_files(
    letters: Sequence[Letter], design: str, pressing: Pressing, pictures: tuple[Picture, ...] = ()
) -> Iterator[Pdf]:
    """The letters in a file each, in their order, with nothing in it of anybody else's.

    A remark on the first says why none was stamped although it would have paid.
    """
    drawn, files, remark = LetterDesign(design, pictures), None, ""
    worth = min(pressing.worth, WORTH_IN_FILES)
    if pressing.how == "stamp" and len(letters) > worth and not measures(design).bilingual:
        try:
            files = _checked_files(letters, drawn, pressing)
        except DocumentError as error:
            remark = f"没有套印，改为逐封排版：{error.message.rstrip('。')}。"
    for index, letter in enumerate(letters):
        try:
            made = files.file(index, letter) if files else drawn.render([letter])
        except DocumentError as error:
            raise gates.among(error, [index]) from error
        check_cpu_s = files.check_cpu_s if files and not index else 0.0
        yield replace(made, remark="" if index else remark, check_cpu_s=check_cpu_s)


def _checked_files(letters: Sequence[Letter], design: LetterDesign, pressing: Pressing) -> LetterFiles:
    """What makes the files, once what it stamps was compared with a plain layout: in one file, and each by itself."""
    release_check.refuse_without_renderers()
    files = LetterFiles(sort_out(letters, design.body), design)
    looked_at = release_check.sample(files.stamped(), pressing.seed)
    before = used_s()
    plain = design.render([letters[index] for index in looked_at])
    together = replace(files.together(letters, looked_at), stamped=len(looked_at))
    release_check.released(
        together,
        range(len(looked_at)),
        lambda: plain,
        name=lambda place: f"编号 {letters[looked_at[place]].number} 的书信",
    )
    wrong = release_check.first_unlike_file([files.file(index, letters[index]) for index in looked_at], plain)
    if wrong is not None:
        raise NotStampable(f"编号 {letters[looked_at[wrong]].number} 的书信套印出来与排版不一致")
    files.check_cpu_s = used_s() - before
    return files
