"""Parts of a definition as people write them in a form."""

import pytest

from qianli.campaigns import written
from qianli.campaigns.definition import CampaignDefinition
from qianli.errors import BadInput
from qianli.web.console.new_campaign import POSTAGE_EXAMPLE

NAMES = {"中国邮政": "china_post", "顺丰速运": "sf"}


def test_postage_by_weight_and_by_zone() -> None:
    assert written.postage("1000 9.00\n\n3000克，14元", NAMES) == [
        {"up_to_g": "1000", "yuan": "9.00"},
        {"up_to_g": "3000", "yuan": "14"},
    ]
    post, rest = written.postage(POSTAGE_EXAMPLE, NAMES)
    assert (post["courier"], post["up_to_g"]) == ("china_post", "15000")
    assert [one["provinces"] for one in post["zones"]] == [["贵州"], ["新疆", "西藏"], []]
    assert post["zones"][1] == {
        "zone": "边远", "provinces": ["新疆", "西藏"], "first_g": "1000", "first_yuan": "15", "next_g": "500",
        "next_yuan": "6",
    }  # fmt: skip
    assert "courier" not in rest
    assert written.postage("全国 首重1000克18元 续重1000克8元", NAMES)[0]["zones"][0]["first_yuan"] == "18"
    with pytest.raises(BadInput, match="看不明白"):
        written.postage("大约十块钱", NAMES)


def test_contacts_and_pairs() -> None:
    assert written.contacts("张伟 书记 0851-12345678\n") == [{"name": "张伟", "duty": "书记", "phone": "0851-12345678"}]
    with pytest.raises(BadInput, match="一行一个"):
        written.contacts("张伟 0851-12345678")
    assert written.pairs("新疆：顺丰速运\n西藏 sf", "各省的快递", "新疆 顺丰速运") == {"新疆": "顺丰速运", "西藏": "sf"}
    with pytest.raises(BadInput, match="两次"):
        written.pairs("新疆 a\n新疆 b", "各省的快递", "新疆 顺丰速运")
    assert {"contacts", "imprints", "postage", "courier"} <= set(CampaignDefinition.model_fields)
