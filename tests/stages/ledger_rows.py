"""Ledgers to import, and what became of them."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, select

from models import JournalEntry, Member, Subject
from qianli.ledger.out import write_xlsx
from qianli.settings import ROOT, settings
from qianli.stages.importing import ImportResult, import_members
from qianli.stages.unit import reading
from qianli.store import residences
from qianli.store.session import engine

ORGANISATION = "青石街道云岭社区党委"
LETTERS, CORRECTION = ROOT / "examples/qianli-letter/ledger.xlsx", ROOT / "examples/qianli-letter/correction.xlsx"
STUDY = ROOT / "examples/study-books/ledger.csv"
TITLES = ["姓名", "出生日期", "手机号", "现住址", "更新日期", "职业"]
SHENZHEN, HANGZHOU = "广东省深圳市南山区科技园1号", "浙江省杭州市西湖区文三路2号"


def take_in(path: Path, organisation: str = ORGANISATION) -> ImportResult:
    return import_members(path.read_bytes(), filename=path.name, organisation=organisation, by="user:test")


def rows(*members: list[Any], titles: list[str] = TITLES, **options: Any) -> ImportResult:
    content = write_xlsx([("台账", titles, list(members))])
    return import_members(content, filename="台账.xlsx", organisation=ORGANISATION, by="user:test", **options)


def person(
    name: str = "张伟", phone: Any = 13900001201, address: str = SHENZHEN, known: str = "2026-10-01", job: str = ""
) -> list[Any]:
    return [name, "1985-03-12", phone, address, known, job]


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but files, to see whether anything changed."""
    with engine(settings().database_url).connect() as connection:
        tables = sa.inspect(connection).get_table_names()
        return {
            name: [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name}")]  # noqa: S608 - our own names
            for name in tables
            if name != "artefact"
        }


def the_member(session: Session, name: str = "张伟") -> Member:
    return session.exec(select(Member).where(Member.name == name)).one()


def stays(name: str = "张伟") -> list[tuple[str, date | None, date | None]]:
    with reading() as session:
        found = residences.mains(session, member_ids=[the_member(session, name).key])
        return [(one.detail, one.since, one.until) for known in found.values() for one in known]


def whats() -> Counter[str]:
    with reading() as session:
        return Counter(session.exec(select(JournalEntry.what).where(JournalEntry.subject == Subject.member)))
