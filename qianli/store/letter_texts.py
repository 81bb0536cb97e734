"""Letter texts and their versions."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Campaign, LetterText
from qianli.errors import NotFound


@dataclass(frozen=True)
class Used:
    """A version of a text, how many versions there are, and which campaigns use this one."""

    text: LetterText
    versions: int
    campaigns: tuple[str, ...]


def add(session: Session, *, code: str, title: str, body: str, design: str, at: datetime) -> LetterText:
    """A new version of a text; `title` and `design` are empty where it is told and not printed."""
    last = session.exec(select(sa.func.max(LetterText.version)).where(LetterText.code == code)).one()
    words = f"{title}\n{body}" if title else body
    text = LetterText(
        code=code, version=int(last or 0) + 1, title=title, body=body, design=design,
        checksum=hashlib.sha256(words.encode()).hexdigest(), created_at=at,
    )  # fmt: skip
    session.add(text)
    session.flush()
    return text


def newest(session: Session) -> list[Used]:
    """The newest version of every text, by code."""
    last = select(sa.func.max(LetterText.id)).group_by(col(LetterText.code))
    query = select(LetterText).where(col(LetterText.id).in_(last)).order_by(col(LetterText.code))
    return _used(session, list(session.exec(query)))


def versions(session: Session, *, code: str) -> list[Used]:
    """Every version of one text, oldest first; NotFound if there is none."""
    query = select(LetterText).where(LetterText.code == code).order_by(col(LetterText.version))
    found = list(session.exec(query))
    if not found:
        raise NotFound(f"没有代码为“{code}”的书信，可用“letter list”查看。", code=code)
    return _used(session, found)


def one(session: Session, *, code: str, version: int | None = None) -> LetterText:
    """A text by its code, in its newest version or another; NotFound says where to look."""
    query = select(LetterText).where(LetterText.code == code).order_by(col(LetterText.version).desc())
    if version is not None:
        query = query.where(LetterText.version == version)
    found = session.exec(query).first()
    if found is None:
        which = f"“{code}”" if version is None else f"“{code}”的第 {version} 版"
        raise NotFound(f"没有代码为{which}的书信，可用“letter list”查看；要用文件的，请核对文件名。", code=code)
    return found


def campaign_of(session: Session, *, code: str) -> Campaign | None:
    """The newest campaign that a text was written for."""
    query = (
        select(Campaign)
        .join(LetterText, col(LetterText.id) == col(Campaign.letter_text_id))
        .where(LetterText.code == code)
        .order_by(col(Campaign.id).desc())
    )
    return session.exec(query).first()


def _used(session: Session, texts: Sequence[LetterText]) -> list[Used]:
    codes = {text.code for text in texts}
    counts = sa.select(col(LetterText.code), sa.func.count()).where(col(LetterText.code).in_(codes))
    many = dict(session.execute(counts.group_by(col(LetterText.code))).tuples().all())
    using = sa.select(col(Campaign.letter_text_id), col(Campaign.code)).where(
        col(Campaign.letter_text_id).in_([text.key for text in texts])
    )
    by_text: dict[int, list[str]] = {}
    for text_id, campaign in session.execute(using.order_by(col(Campaign.code))).tuples():
        by_text.setdefault(text_id, []).append(campaign)
    return [Used(text, many[text.code], tuple(by_text.get(text.key, ()))) for text in texts]
