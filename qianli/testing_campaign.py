"""A campaign of four members from the examples, its papers really made: what tests of papers begin with."""

from collections.abc import Sequence

from qianli.settings import ROOT
from qianli.stages.approve import approve
from qianli.stages.campaigns import new_campaign
from qianli.stages.importing import import_members
from qianli.stages.kits import add_kit, receive, stock_levels
from qianli.stages.steps import run_inline
from qianli.stages.unit import reading
from qianli.store import campaigns

BY = "user:李主任"
CODE, EXAMPLE = "YJZX-2027", ROOT / "examples/study-books"
NAMES = ("彭大勇", "覃丽君", "欧阳小芳", "买买提·艾力")


def fulfilled(names: Sequence[str] = NAMES, *, design: str = "red_letter") -> int:
    """Import, prepare, approve and fulfil in the workspace there is; the campaign's id."""
    campaign = registered(names, design=design)
    run_inline("prepare_campaign", campaign)
    approve(CODE, by=BY)
    run_inline("fulfil_campaign", campaign)
    return campaign


def registered(names: Sequence[str] = NAMES, *, design: str = "red_letter") -> int:
    """Members, kit, stock and campaign, and nothing done yet; the campaign's id."""
    rows = [
        f"{name},1390000340{n},2007-07-01,福建省泉州市晋江市陈埭镇鞋都路{n}号,2026-10-18,2012-03"
        for n, name in enumerate(names)
    ]
    content = "\n".join(["姓名,手机号,入党时间,现居住地址,核实日期,外出时间", *rows]).encode()
    import_members(content, filename="名册.csv", organisation="临溪镇石门村党支部", by=BY)
    add_kit((EXAMPLE / "kit.yaml").read_bytes(), by=BY)
    definition = (EXAMPLE / "campaign.yaml").read_bytes() + f"\ndesign: {design}\n".encode()
    new_campaign(definition, read_beside=lambda name: (EXAMPLE / name).read_bytes(), by=BY)
    for level in stock_levels():
        receive(level.item.sku, 10, by=BY)
    with reading() as session:
        return campaigns.by_code(session, code=CODE).key
