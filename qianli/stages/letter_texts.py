"""The letter texts that are kept: which there are, in which versions, and what may be written into one."""

from dataclasses import dataclass
from datetime import datetime

from qianli.documents.designs import DESIGNS, body, measures
from qianli.documents.letter_text import PLACEHOLDERS
from qianli.documents.templates import designs
from qianli.stages.unit import reading
from qianli.store import letter_texts
from qianli.store.letter_texts import Used


@dataclass(frozen=True)
class PlaceholderLine:
    """A placeholder as one writes it, what it stands for, and how it looks."""

    placeholder: str
    label: str
    sample: str


@dataclass(frozen=True)
class DesignLine:
    """A look, by the name a campaign gives it, and the face of its running text on this machine."""

    design: str
    label: str
    face: str


@dataclass(frozen=True)
class TextLine:
    """One version of a text; `campaigns` are those that use just this version."""

    code: str
    version: int
    versions: int
    design: str
    salutation: str
    characters: int
    checksum: str
    created_at: datetime
    campaigns: tuple[str, ...]


def placeholders() -> list[PlaceholderLine]:
    """Everything that may stand between braces in a letter."""
    return [PlaceholderLine(f"{{{name}}}", one.label, one.sample) for name, one in PLACEHOLDERS.items()]


def list_designs() -> list[DesignLine]:
    """Every look a letter can have."""
    return [DesignLine(name, measures(name).label if name in DESIGNS else name, body(name)) for name in designs()]


def list_texts() -> list[TextLine]:
    """The newest version of every text."""
    with reading() as session:
        return [_line(one) for one in letter_texts.newest(session)]


def list_versions(code: str) -> list[TextLine]:
    """Every version of one text, oldest first."""
    with reading() as session:
        return [_line(one) for one in letter_texts.versions(session, code=code)]


def _line(one: Used) -> TextLine:
    text = one.text
    return TextLine(
        code=text.code,
        version=text.version,
        versions=one.versions,
        design=text.design,
        salutation=text.title,
        characters=len("".join(text.body.split())),
        checksum=text.checksum,
        created_at=text.created_at,
        campaigns=one.campaigns,
    )
