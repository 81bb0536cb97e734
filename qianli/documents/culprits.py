"""Which form it is that ends the process that lays out, each time: it is named, and the others go on without it.

A crash may be chance, and most are. What is drawn once and again in vain is drawn by halves, until the form is alone.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from qianli.documents import gates
from qianli.documents.layout_process import at_most
from qianli.errors import DocumentError, LayoutFailed

T = TypeVar("T")
MOST = 5  # forms that are named of one batch; of more than that it is no form's own fault
START_S, EACH_S = 30, 2  # what a second try may take: forty times what a letter does
SAID = "一排这一份，排版程序就中断，试了几次都是这样；同一批的其他各份不受影响。"


def named(forms: int, draw: Callable[[Sequence[int]], T], sound: Callable[[], object]) -> T:
    """What comes of drawing so many forms, by their indexes; one that cannot be laid out alone either is named.

    DocumentError tells its index, LAYOUT_FAILED is the reason. LayoutFailed if it cannot be that: `sound`, a paper that
    is known to be good, fails as well, or each half can be drawn, or hardly any form. Nobody is held for the machine.
    """
    everything = range(forms)
    try:
        return draw(everything)
    except LayoutFailed:
        pass  # by chance, perhaps
    try:
        return _hurried(everything, draw)
    except LayoutFailed as error:
        _hurried(range(1), lambda _: sound())
        wrong = _alone(everything, draw)
        if not wrong or len(wrong) > MOST or len(wrong) == forms > 1:
            raise
        raise DocumentError(SAID, forms=wrong, reason=gates.LAYOUT_FAILED) from error


def _alone(some: Sequence[int], draw: Callable[[Sequence[int]], object]) -> list[int]:
    """Those of some forms, which cannot be drawn together, that cannot be drawn alone; a few more than MOST at most."""
    if len(some) == 1:
        return list(some)
    found: list[int] = []
    for half in (some[: len(some) // 2], some[len(some) // 2 :]):
        if len(found) <= MOST and not _drawable(half, draw):
            found += _alone(half, draw)
    return found


def _drawable(some: Sequence[int], draw: Callable[[Sequence[int]], object]) -> bool:
    """Whether forms can be drawn; a single one, which would be held, gets a second chance."""
    for _ in range(2 if len(some) == 1 else 1):
        try:
            _hurried(some, draw)
        except LayoutFailed:
            continue
        except DocumentError:  # it was laid out, and something else is the matter
            return True
        return True
    return False


def _hurried(some: Sequence[int], draw: Callable[[Sequence[int]], T]) -> T:
    with at_most(START_S + EACH_S * len(some)):
        return draw(some)
