from collections.abc import Callable
from pathlib import Path

import pytest

from qianli.errors import BadInput
from qianli.stages.campaigns import NewCampaign, list_campaigns, new_campaign
from qianli.stages.kits import add_kit
from qianli.stages.unit import writing
from qianli.store import organisations

EXAMPLES = Path("examples")
LETTERS, STUDY = "qianli-letter", "study-books"
ORGANISATIONS = ("青石街道云岭社区党委", "临溪镇石门村党支部")
STRANGE = "\U0002ebf0"  # in none of our faces
BOTH = "name: 云岭社区便民服务中心\n  phone: 0851-85551207\n  address: 贵州省"
New = Callable[..., NewCampaign]
pytestmark = pytest.mark.parametrize("database", ["sqlite"])  # what fits on paper is asked of no database


@pytest.fixture
def new(place: Path) -> New:
    """Register an example, with some words changed."""
    for example in (LETTERS, STUDY):
        add_kit((EXAMPLES / example / "kit.yaml").read_bytes(), by="user:test")
    with writing("user:test") as session:
        for name in ORGANISATIONS:
            organisations.find_or_add(session, path=name)

    def make(example: str, **changes: str) -> NewCampaign:
        text = (EXAMPLES / example / "campaign.yaml").read_text(encoding="utf-8")
        for old, changed in changes.items():
            assert old in text
            text = text.replace(old, changed)
        return new_campaign(
            text.encode(), read_beside=lambda name: (EXAMPLES / example / name).read_bytes(), by="user:test"
        )

    return make


@pytest.mark.parametrize("example", [LETTERS, STUDY])
def test_the_examples_can_be_printed_and_tell_nothing(new: New, example: str) -> None:
    assert new(example).added


@pytest.mark.parametrize(
    ("old", "changed", "says"),
    [
        ("name: 千里传书", f"name: 千里{STRANGE}书", "name：有字库没有的字"),
        ("organisation: 青石街道", f"organisation: {STRANGE}青石街道", "organisation：有字库没有的字"),
        ("  phone: 0851-85551207\noutside", f"  phone: 0851{STRANGE}\noutside", "sender.phone：有字库没有的字"),
        ("0851-85551207\n  address", f"0851{STRANGE}\n  address", "outside.phone：有字库没有的字"),
        ("content: 图书、纪念品", f"content: 图书{STRANGE}", "outside.content：有字库没有的字"),
        ("name: 千里传书", f"name: {'千里传书' * 10}", "name：活动名称连同代码太长"),
        ("中共青石街道云岭社区委员会", "青石街道" * 10, "sender.name：发文单位名称太长"),
        ("  phone: 0851-85551207\noutside", f"  phone: {'0851-' * 10}\noutside", "sender.phone：电话太长"),
        ("0851-85551207\n  address", f"{'0851-' * 10}\n  address", "outside.phone：电话太长"),
        (BOTH, BOTH.replace("便民", "便民" * 40).replace("贵州省", "贵州省" * 25), "outside.address：寄件人太长"),
        ("content: 图书、纪念品", f"content: {'图书、纪念品' * 16}", "outside.content：内件品名太长"),
    ],
)
def test_what_cannot_be_printed_is_refused_by_its_field(new: New, old: str, changed: str, says: str) -> None:
    with pytest.raises(BadInput) as refused:
        new(LETTERS, **{old: changed})
    assert says in " ".join(refused.value.problems)
    assert list_campaigns() == []


@pytest.mark.parametrize(
    ("old", "changed", "says"),
    [
        ("name: 云岭社区便民服务中心", "name: 千里传书服务中心", "outside.name：出现了活动名称“千里传书”"),
        ("content: 图书、纪念品", "content: 图书、千里 传书", "outside.content：出现了活动名称"),
        ("云岭路36号", "云岭路36号千里传书办公室", "outside.address：出现了活动名称"),
        ("name: 中共青石街道云岭社区委员会", "name: 云岭社区便民服务中心", "outside.name：出现了书信的寄件人"),
        ("content: 图书、纪念品", "content: 测绘纪念章", "outside.content：出现了物品名称“测绘纪念章”"),
        ("content: 图书、纪念品", "content: 乡村振兴知识读本", "outside.content：出现了物品名称“《乡村振兴知识读本》”"),
    ],
)
def test_the_outside_may_not_name_what_is_inside(new: New, old: str, changed: str, says: str) -> None:
    kit = (EXAMPLES / STUDY / "kit.yaml").read_text(encoding="utf-8").replace("助学信", "测绘纪念章")
    add_kit(kit.replace("study-", "other-").encode(), by="user:test")
    with pytest.raises(BadInput) as refused:
        new(LETTERS, **{"kit: red-letter-kit": "kit: other-books-kit", old: changed})
    assert says in " ".join(refused.value.problems)
    assert list_campaigns() == []


def test_a_general_word_for_goods_tells_nothing(new: New) -> None:
    kit = (EXAMPLES / LETTERS / "kit.yaml").read_text(encoding="utf-8").replace("name: 党徽", "name: 纪念品")
    add_kit(kit.replace("party-badge", "souvenir").replace("code: red", "code: plain").encode(), by="user:test")
    assert new(LETTERS, **{"kit: red-letter-kit": "kit: plain-letter-kit"}).added
