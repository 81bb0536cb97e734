"""The letter designs' measures, which must agree with their style sheets, and the faces of their running text.

A design is `templates/letters/NAME.html`, `_NAME.html` and `NAME.css`, over what all share in `_parts.html` and
`_shared.css`. One without measures here, an organisation's own, has those of the red letter.
"""

from dataclasses import dataclass
from functools import cache

from qianli.documents import fonts

RULE_PT = 170 / 25.4 * 72
#: Faces by preference; where the machine has none of them, Song takes their place. All have outlines that every
#: printer renders (TrueType, or CFF without renumbered glyphs: not Fandol).
KAI = ("LXGW WenKai Mono", "LXGW WenKai", "KaiTi", "STKaiti")
FANG = ("FangSong", "STFangsong")
BODIES = (*KAI, *FANG)


@dataclass(frozen=True)
class Design:
    """Lengths in points or in em of the running text."""

    label: str
    measure_em: int = 28
    room_pt: float = 484.0  # from the salutation to the foot of a page that carries one
    pitches_pt: tuple[float, ...] = (28, 26, 24, 22)  # the standard's 29 as nearly as a letter of one page allows
    long_pitch_pt: float = 26
    head_pt: float = 32.0
    smallest_head_pt: float = 18.0
    head_wide_pt: float = RULE_PT
    date_indent_em: int = 4  # 成文日期右空四字
    faces: tuple[str, ...] = ()
    bilingual: bool = False  # with a second text beside the first; as long as it has to be
    most_pages: int | None = None  # a letter with more is not printed


DESIGNS = {
    "red_letter": Design("红头信"),
    "official_letter": Design(
        "公函（GB/T 9704 信函格式）",
        room_pt=463.2,
        pitches_pt=(28.95, 28, 27, 26, 25, 24, 23, 22),
        long_pitch_pt=28.95,
        faces=FANG,
    ),
    "family_letter": Design(
        "家书",
        measure_em=27,
        room_pt=529.0,
        pitches_pt=(30, 29, 28, 27, 26, 25, 24, 23),
        long_pitch_pt=28,
        head_pt=15.0,
        smallest_head_pt=11.0,
        head_wide_pt=330.0,
        date_indent_em=2,
        faces=KAI,
    ),
    "notice": Design(
        "通知",
        most_pages=1,
        room_pt=462.0,
        pitches_pt=(28, 27, 26, 25, 24, 23, 22),
        long_pitch_pt=28,
        head_pt=28.0,
        smallest_head_pt=16.0,
        head_wide_pt=441.0,
        faces=FANG,
    ),
    "bilingual": Design(
        "双语信", long_pitch_pt=20, head_pt=26.0, smallest_head_pt=14.0, head_wide_pt=441.0, bilingual=True
    ),
}


def measures(design: str) -> Design:
    """The measures of a design."""
    return DESIGNS.get(design) or DESIGNS["red_letter"]


def body(design: str) -> str:
    """The family of a design's running text on this machine."""
    return _first(measures(design).faces)


def body_style(design: str) -> str:
    """A style sheet that sets the running text in it; what it lacks is Song's."""
    family = body(design)
    return "" if family == fonts.SERIF else f'section.letter, .pool {{ font-family: "{family}", "{fonts.SERIF}" }}'


@cache
def _first(faces: tuple[str, ...]) -> str:
    return next((family for family in faces if fonts.REGULAR in fonts.face_files(family)), fonts.SERIF)
