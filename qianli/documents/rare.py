"""Characters that a face of the fallback chain serves, marked in HTML with that very face: nothing is left to choose.

A marked run has no height of its own, so that lines keep their pitch whatever the face. Runs from right to left are
whole with the blanks and points inside them; as the engine lays out every run by itself, what stands around one keeps
its place.
"""

import re
from collections.abc import Iterable
from html import escape

from qianli.documents import fallback, fonts

BETWEEN = r"[ \u00a0·・.\-']"  # inside a name that runs from right to left
#: Not text of a page: tags, and what stands between some of them.
_NOT_TEXT = r"<(style|title|script|svg)\b.*?</\1\s*>|<[^>]*>"


def marked(html: str) -> str:
    """The document with every run of rare characters in an element of its own."""
    served = {one: family for one in set(html) if (family := fonts.served_by(one))}
    if not served:
        return html
    runs = [_run(some) for some in _together(served)]
    return re.sub(f"{_NOT_TEXT}|(?P<run>{'|'.join(runs)})", _element, html, flags=re.DOTALL | re.IGNORECASE)


def _together(served: dict[str, str]) -> Iterable[list[str]]:
    """Characters that may stand in one run: those of one face and one direction."""
    found: dict[tuple[str, bool], list[str]] = {}
    for one, family in sorted(served.items()):
        found.setdefault((family, _right_to_left(one)), []).append(one)
    return found.values()


def _run(some: list[str]) -> str:
    one = f"[{re.escape(''.join(some))}]"
    return f"{one}(?:{BETWEEN}*{one})*" if _right_to_left(some[0]) else f"{one}+"


def _element(found: re.Match[str]) -> str:
    run = found["run"]
    if run is None:
        return found[0]
    script = fallback.script_of(run[0])
    language = f' lang="{script.language}"' if script else ""
    family = escape(f'"{fonts.served_by(run[0])}","{fonts.SERIF}"')  # what is between them is ours
    return f'<span class="rare"{language} style="font-family:{family};line-height:0;letter-spacing:0">{run}</span>'


def _right_to_left(one: str) -> bool:
    script = fallback.script_of(one)
    return script is not None and script.right_to_left
