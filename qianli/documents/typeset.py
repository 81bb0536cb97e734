"""HTML in, laid-out papers out, by the engine in a process of its own (layout_process.py)."""

from qianli.documents import fonts
from qianli.documents.layout_output import Boxes, Laid
from qianli.documents.layout_process import PROCESS
from qianli.documents.pdf import Pdf


def render(html: str, *styles: str) -> Pdf:
    """The PDF of a document, as `engine.render` makes it."""
    fonts.check_machine()  # an engine without fonts would crash
    made: Pdf = PROCESS.ask("render", html, *styles)
    return made


def lay_out(html: str, *styles: str) -> Laid:
    """A document drawn and not yet made into a file, as `engine.lay_out` has it."""
    fonts.check_machine()
    laid: Laid = PROCESS.ask("lay_out", html, *styles)
    return laid


def boxes(html: str, *styles: str) -> Boxes:
    """Where the elements with an id stand once a document is laid out, as `engine.boxes` tells."""
    fonts.check_machine()
    found: Boxes = PROCESS.ask("boxes", html, *styles)
    return found


def lay_out_after(first: str, html: str, *styles: str) -> Laid:
    """Two documents drawn as one, as `engine.lay_out_after` has it."""
    fonts.check_machine()
    laid: Laid = PROCESS.ask("lay_out_after", first, html, *styles)
    return laid
