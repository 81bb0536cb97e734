"""Which faces this machine prints with, and which of them serves a character."""

from dataclasses import dataclass

from qianli.documents import designs, fallback, fonts
from qianli.settings import settings

OURS_PACKAGE = "fonts-noto-cjk"
#: Families of running text that Debian has; the others come with other systems.
BODY_PACKAGES = dict.fromkeys(("LXGW WenKai Mono", "LXGW WenKai"), "fonts-lxgw-wenkai")


@dataclass(frozen=True)
class Family:
    """A family of the chain: what it is asked for, whether it is here, and what to install if not."""

    family: str
    serves: str
    here: bool
    package: str


@dataclass(frozen=True)
class Served:
    """A character and the family that is printed with; None if no face serves it."""

    character: str
    code: str
    family: str | None


def families() -> list[Family]:
    """Our own families, those of some designs' running text, and the fallback chain in the order it is asked."""
    fonts.check_machine()
    ours = [Family(one, "常用汉字、西文", here=True, package=OURS_PACKAGE) for one in fonts.OURS]
    bodies = {"书信正文的楷体": designs.KAI, "书信正文的仿宋": designs.FANG}
    own = [
        Family(one, use, here=fonts.REGULAR in fonts.face_files(one), package=BODY_PACKAGES.get(one, ""))
        for use, some in bodies.items()
        for one in some
    ]
    return [*ours, *own, *_chain()]


def _chain() -> list[Family]:
    settings()  # says which
    return [
        Family(one.family, _serves(one), here=bool(fonts.opened(one.family)), package=one.package)
        for one in fallback.chain()
    ]


def _serves(link: fallback.Fallback) -> str:
    """What a face is asked for, in words."""
    scripts = [one.label for one in fallback.SCRIPTS.values() if set(one.ranges) <= set(link.ranges)]
    named = {some for one in fallback.SCRIPTS.values() if one.label in scripts for some in one.ranges}
    others = [f"{first:X}-{last:X}" for first, last in link.ranges if (first, last) not in named]
    return "、".join([*scripts, *others])


def lacking() -> list[str]:
    """A sentence for each kind of characters that this machine cannot print because a face is not installed."""
    missing = [one for one in _chain() if not one.here]
    packages = sorted({one.package for one in missing if one.package})
    said = [f"本机没有字体 {one.family}，{one.serves}可能印不出来，有这种字的人会暂缓。" for one in missing]
    return [*said, *([f"安装：sudo apt-get install {' '.join(packages)}"] if packages else [])]


def served(text: str) -> list[Served]:
    """Each character of a text once, with the family it is printed with."""
    settings()
    return [
        Served(one, f"U+{ord(one):04X}", fonts.FAMILIES[0] if family == fonts.OWN else family)
        for one in dict.fromkeys(text)
        if not one.isspace()
        for family in [fonts.served_by(one)]
    ]
