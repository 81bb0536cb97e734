"""Two branches that report who left and who came, and what became of the reports."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import select

from models import Campaign, CampaignState, Member, Movement, Organisation, ReportSide, Residence
from qianli.ledger.out import write_xlsx
from qianli.stages import movement_reports
from qianli.stages.movement_reports import Reported
from qianli.stages.unit import reading, today, writing
from qianli.testing import World, make_world

BY, CODE = "user:test", "TEST-2027"
HOME, HOST = ReportSide.home, ReportSide.host
HOME_BRANCH, HOST_BRANCH = "青石镇党委", "科技园党委"
OUT = ["姓名", "出生日期", "外出流向", "流出时间", "流出原因", "流入组织名称"]
IN = ["姓名", "出生日期", "流入地址", "流入时间", "流出组织名称"]
BORN = "1985-03-12"
EXACT, OTHER = "广东省深圳市南山区科技园1号", "广东省深圳市南山区科技园2号"
LEFT = today() - timedelta(days=60)
ARRIVED = LEFT + timedelta(days=3)


def make(number: int = 3) -> World:
    """Members at home, ready in a campaign not yet planned, and a branch that hosts."""
    with writing(BY) as session:
        world = make_world(session, members=number, state=CampaignState.prepared, stage=None)
        session.execute(sa.update(Member).values(born_on=date.fromisoformat(BORN), away_since=None))
        session.execute(sa.update(Residence).values(since=date(2020, 1, 1)))
        session.execute(sa.update(Campaign).values(planned_delivery_on=today() + timedelta(days=20)))
        session.add(Organisation(name=HOST_BRANCH))
    return world


def reported(side: ReportSide, *rows: list[Any], titles: list[str] | None = None, by: str | None = None) -> Reported:
    titles = titles or (OUT if side is HOME else IN)
    content = write_xlsx([("名单", titles, [[str(one) if isinstance(one, date) else one for one in r] for r in rows])])
    branch = by or (HOME_BRANCH if side is HOME else HOST_BRANCH)
    return movement_reports.import_movements(content, filename="名单.xlsx", organisation=branch, side=side, by=BY)


def left(name: str = "张伟", to: str = "广东深圳", on: date = LEFT) -> list[Any]:
    return [name, BORN, to, on, "务工", HOST_BRANCH]


def came(name: str = "张伟", to: str = EXACT, on: date = ARRIVED) -> list[Any]:
    return [name, BORN, to, on, HOME_BRANCH]


def rows(model: type) -> list[Any]:
    with reading() as session:
        found = list(session.exec(select(model).order_by(sa.column("id"))))
        session.expunge_all()
        return found


def numbers(done: Reported) -> tuple[int, ...]:
    return done.added, done.unchanged, done.agreed, done.differing, len(done.rejected)


def lives(member: int) -> list[tuple[str, date | None, date | None]]:
    return [(r.written, r.since, r.until) for r in rows(Residence) if r.member_id == member and not r.superseded_at]


def outcomes() -> list[str | None]:
    return [str(one.outcome) if one.outcome else None for one in rows(Movement)]
