from datetime import date
from pathlib import Path

import pytest

from qianli.campaigns.definition import approval_checksum, digest, read_campaign
from qianli.errors import BadInput

GOOD = Path("examples/qianli-letter/campaign.yaml").read_text(encoding="utf-8")


def test_the_example_is_read_in_grams_and_fen() -> None:
    campaign = read_campaign(GOOD.encode())
    assert campaign.planned_delivery == date(2027, 1, 20)
    assert campaign.postage_rows[0] == {"up_to_g": 1000, "fen": 900}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("code: QLCS-2027", "code: 千里", "code：写法不对"),
        ("planned_delivery: 2027-01-20", "planned_delivery: 明年", "planned_delivery：应当是日期"),
        ("planned_delivery: 2027-01-20", "planned_delivery: 2027-02-30", "planned_delivery：应当是日期"),
        ("yuan: 9.00", "yuan: -9.00", "yuan：不能小于 0"),
        ("name: 云岭社区便民服务中心", "name: 云岭社区党支部", "不能出现“党”"),
        ("content: 图书、纪念品", "content: 红色家书", "不能出现“红色”"),
        ("云岭路36号", "云岭路36号党群服务中心", "地址不能出现“党”，请写门牌号"),
        ("云岭路36号", "云岭路36号第一支 部", "地址不能出现“支部”"),
        ("labels: roll_100x150", "labels: a5", "labels：只能是"),
        ("labels: roll_100x150", "colour: red", "colour：没有这一项"),
        ("letter: letter.txt\n", "", "letter：缺少这一项"),
        ("  default: china_post\n", "  default: china_post\n  labels: {jd: de_identified}\n", "“jd”不在这次用的快递里"),
        ("  default: china_post\n", "  default: china_post\n  labels: {sf: secret}\n", "labels.sf：只能是"),
    ],
)
def test_bad_campaigns_get_a_clear_answer(old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(BadInput) as refused:
        read_campaign(GOOD.replace(old, new).encode())
    assert says in " ".join([refused.value.message, *refused.value.problems])


def test_a_definition_without_third_parties_keeps_its_checksum() -> None:
    none, named = (
        read_campaign(
            GOOD.replace("  default: china_post\n", f"  default: china_post\n  trackers: {trackers}\n").encode()
        )
        for trackers in ("[]", "[kuaidi100]")
    )
    before = read_campaign(GOOD.encode()).checksum
    # As it was before there was this setting, and changes only with the example itself.
    assert before == none.checksum == "e767fbd8cfc8835a9d9b5d6e75d5076530e0086a9e8cd4d9d09904c8794a3dce"
    assert named.checksum != before


def test_a_definition_without_channels_keeps_its_checksum() -> None:
    before = read_campaign(GOOD.encode())
    none, named = (read_campaign(f"{GOOD}\nmessages: {written}\n".encode()) for written in ("[]", "[sms, file, sms]"))
    assert none.checksum == before.checksum != named.checksum
    assert named.messages == ["sms", "file"]


def test_an_approval_covers_each_of_its_four_parts() -> None:
    parts = {"definition": "a", "kit": "b", "letter": "c", "design": "d"}
    whole = approval_checksum(**parts)
    assert all(approval_checksum(**{**parts, name: "x"}) != whole for name in parts)
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
