"""An installation of several machines, and campaigns of any size to run on it."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from models import AddressStatus, Campaign, Member, Residence
from qianli import launch
from qianli.launch.api import answers
from qianli.stages.campaigns import new_campaign
from qianli.stages.kits import add_kit
from qianli.stages.unit import now, reading, writing
from qianli.store import organisations, stock
from qianli.testing import workspace
from qianli.testing_machines import Machines, Process, free_port, prefect_database, until

BY = "user:test"
AUTH = "qianli:geheim"
SPARE = 7
ASKED_S = 0.3
KIT = """
code: {code}
name: 资料包
items:
  - {{sku: {code}-book, name: 《党员学习手册》, quantity: 1, weight_g: 95, unit_cost: 6.00}}
  - {{sku: {code}-badge, name: 党徽, quantity: 1, weight_g: 12, unit_cost: 3.50}}
"""
LETTER = "  - {sku: letter, name: 红色家书, kind: printed, quantity: 1, weight_g: 8}\n"
CAMPAIGN = """
code: {code}
name: 千里传书
organisation: {organisation}
kit: {kit}
letter: letter.txt
letter_date: 2027-01-08
planned_delivery: 2027-01-20
address_max_age_days: 3650
sender: {{name: 青石镇党委, phone: 0851-12345678}}
outside: {{name: 便民服务中心, phone: 0851-12345678, address: 贵州省贵阳市花溪区青石镇1号, content: 图书}}
courier: {{default: china_post}}
postage: [{{up_to_g: 20000, yuan: 12.00}}]
consolidate: {consolidate}
"""
SURNAMES, FIRST, SECOND = "赵钱孙李周吴郑王冯陈", "国建文志海春小明永安", "华军英红平强芳玲伟霞"

MakeCampaign = Callable[..., int]


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """Both databases on PostgreSQL, the Prefect server with its password, all flows registered; no worker yet."""
    root, port = tmp_path_factory.mktemp("machines"), free_port()
    told = {"PREFECT_API_URL": f"http://127.0.0.1:{port}/api", "PREFECT_AUTH": AUTH, "ENVIRONMENT": "production"}
    cut = {"SHARD_SIZE": "100", "PRINT_RUN_SIZE": "10", "LEASE_S": "60"}
    with workspace(root, database="postgresql", **told, **cut), prefect_database() as database_url:
        made = Machines(root, AUTH)
        try:
            made.server(database_url, port)
            until(answers, what="the Prefect server answers", every_s=ASKED_S)
            launch.deploy()
            yield made
        finally:
            made.stop()


@pytest.fixture
def worker(machines: Machines) -> Iterator[Callable[..., Process]]:
    """Starts a worker on a machine of that name; after the test there is none."""
    begun: list[Process] = []

    def start(machine: str, **env: str) -> Process:
        begun.append(machines.worker(machine, **env))
        return begun[-1]

    yield start
    for one in begun:
        one.kill()


@pytest.fixture(scope="module")
def campaign(machines: Machines) -> MakeCampaign:
    """Makes a draft with its members, and stock for all of them with seven to spare."""
    return make_campaign


def make_campaign(code: str, *, members: int, in_one_flat: int = 1, letters: bool = False) -> int:
    organisation, sku = f"{code} 党支部", code.lower()
    with writing(BY) as session:
        home = organisations.find_or_add(session, path=organisation).key
        adding = sa.insert(Member).returning(col(Member.id), sort_by_parameter_order=True)
        ids = list(session.scalars(adding, [_member(home, number) for number in range(members)]))
        session.execute(sa.insert(Residence), [_home(id_, n // in_one_flat) for n, id_ in enumerate(ids)])
    add_kit((KIT.format(code=sku) + LETTER * letters).encode(), by=BY)
    with writing(BY) as session:
        for level in stock.levels(session):
            if level.item.sku.startswith(sku):
                stock.receive(session, item_id=level.item.key, quantity=members + SPARE)
    shared = "address" if in_one_flat > 1 else "none"
    text = CAMPAIGN.format(code=code, organisation=organisation, kit=sku, consolidate=shared)
    new_campaign(text.encode(), read_beside=lambda _: "致{姓名}同志\n您好，家乡惦记着您。\n".encode(), by=BY)
    with reading() as session:
        return session.exec(select(Campaign).where(Campaign.code == code)).one().key


def _member(organisation: int, number: int) -> dict[str, Any]:
    return {
        "organisation_id": organisation,
        "name": SURNAMES[number % 10] + FIRST[number // 10 % 10] + SECOND[number // 100 % 10],
        "phone": f"+86139{number:08d}",
        "details": {},
        "created_at": now(),
        "updated_at": now(),
    }


def _home(member: int, flat: int) -> dict[str, Any]:
    detail = f"青阳街道崇德路 {flat + 1} 号"
    return {
        "member_id": member,
        "province": "福建省",
        "city": "泉州市",
        "district": "晋江市",
        "detail": detail,
        "written": detail,
        "status": AddressStatus.exact,
        "source": "test",
        "reported_on": date(2026, 10, 1),
        "recorded_at": now(),
    }
