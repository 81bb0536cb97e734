"""Reading an address."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import AddressStatus
from qianli.addresses.divisions import Place, tables
from qianli.addresses.parse import read_address
from qianli.addresses.sameness import same_place_key

EXACT = {
    "深圳市南山区粤海街道科技南十二路2号金蝶软件园B座10楼": "广东省/深圳市/南山区",
    "海南藏族自治州共和县恰卜恰镇绿洲南路15号": "青海省/海南藏族自治州/共和县",
    "海南省儋州市那大镇中兴大街88号": "海南省/儋州市/",
    "海南省陵水黎族自治县英州镇清水湾大道": "海南省//陵水黎族自治县",
    "湖北仙桃市沔阳大道12号": "湖北省//仙桃市",
    "湖北省神农架林区松柏镇常青路": "湖北省//神农架林区",
    "河南济源市沁园街道办济水大街": "河南省//济源市",
    "新疆石河子市北三路兵团第八师师部": "新疆维吾尔自治区//石河子市",
    "新疆生产建设兵团第一师阿拉尔市十二团六连": "新疆维吾尔自治区//阿拉尔市",
    "东莞市长安镇乌沙社区江贝第六工业区兴六路3号": "广东省/东莞市/",
    "中山市小榄镇民安南路98号": "广东省/中山市/",
    "甘肃嘉峪关市雄关街道新华中路": "甘肃省/嘉峪关市/",
    "海南省三沙市永兴岛北京路1号": "海南省/三沙市/",
    "江苏省南通市通州区平潮镇颜港村12组": "江苏省/南通市/通州区",
    "北京通州区马驹桥镇联东U谷中区70号楼转交李书记": "北京市/北京市/通州区",
    "湖南省益阳市沅江市草尾镇乐园村五组": "湖南省/益阳市/沅江市",
    "四川凉山州昭觉县解放乡火普村3社": "四川省/凉山彝族自治州/昭觉县",
    "贵州黔西南普安县江西坡镇联盟村四组": "贵州省/黔西南布依族苗族自治州/普安县",
    "恩施州咸丰县高乐山镇龙坪村8组": "湖北省/恩施土家族苗族自治州/咸丰县",
    "上海浦东新区临港新片区某某项目部工地宿舍3栋205": "上海市/上海市/浦东新区",
    "重庆市彭水苗族土家族自治县汉葭街道": "重庆市/重庆市/彭水苗族土家族自治县",
    "重庆市忠县忠州街道1号": "重庆市/重庆市/忠县",
    "内蒙古呼伦贝尔市鄂温克旗巴彦托海镇": "内蒙古自治区/呼伦贝尔市/鄂温克族自治旗",
    "苏州工业园区星湖街328号创意产业园A4栋": "江苏省/苏州市/",
    "吉林市丰满区江南街道恒山西路": "吉林省/吉林市/丰满区",
    "海口市龙华区金贸街道国贸路": "海南省/海口市/龙华区",
    "浙江省龙港市龙翔路1号": "浙江省/温州市/龙港市",
    "浙江省义乌市稠江街道贝村路88号": "浙江省/金华市/义乌市",
    "河北省雄安新区容城县容城镇": "河北省/保定市/容城县",
    "云南省红河哈尼族彝族自治州蒙自市文澜街道": "云南省/红河哈尼族彝族自治州/蒙自市",
    "晋城市城区黄华街1号": "山西省/晋城市/城区",
    "湖南长沙县星沙街道开元路9号": "湖南省/长沙市/长沙县",
    "香港特别行政区九龙油尖旺区弥敦道1号": "香港特别行政区/九龙/油尖旺区",
    "广东省 深圳市 南山区 科技园1号": "广东省/深圳市/南山区",
    "广东省-深圳市-南山区-科技园1号": "广东省/深圳市/南山区",
    "地址：中国广东省深圳市南山区科技园1号": "广东省/深圳市/南山区",
}
INCOMPLETE = [
    "",
    "深圳",
    "广东省深圳市",
    "广东省深圳市南山区",
    "中山北路30号",
    "广东省中山路1号",
    "西区1号楼",
    "新疆和田地区和康县",
    "杭州市九环路31号",
    "广东省厦门市思明区1号",
    "张三 13812345678 江苏省苏州市",
    "与父母同住",
]


@pytest.mark.parametrize("written", EXACT)
def test_full_addresses(written: str) -> None:
    read = read_address(written)
    assert f"{read.province}/{read.city or ''}/{read.district or ''}" == EXACT[written]
    assert read.status == AddressStatus.exact


@pytest.mark.parametrize("written", ["朝阳区望京街道阜通东大街6号", "鼓楼区中山北路30号", "通州区平潮镇1号"])
def test_a_district_of_several_cities_is_not_guessed(written: str) -> None:
    read = read_address(written)
    assert (read.status, read.province, read.district, read.line()) == (AddressStatus.ambiguous, None, None, written)


@pytest.mark.parametrize("written", INCOMPLETE)
def test_what_is_missing_is_said(written: str) -> None:
    assert read_address(written).status == AddressStatus.incomplete


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("上海市上海市浦东新区世纪大道1号", "上海市浦东新区世纪大道1号"),
        ("上海市虹口区上海市虹口区四川北路1号", "上海市虹口区四川北路1号"),
        ("广东省深圳市广东省深圳市南山区科技园", "广东省深圳市南山区科技园"),
        ("广东省深圳市深圳市南山区科技园", "广东省深圳市南山区科技园"),
        ("东莞市东莞市长安镇1号", "广东省东莞市长安镇1号"),
        ("吉林省吉林市船营区吉林大街1号", "吉林省吉林市船营区吉林大街1号"),
        ("仙桃市干河街道1号", "湖北省仙桃市干河街道1号"),
        ("新疆生产建设兵团第一师阿拉尔市十二团", "新疆维吾尔自治区阿拉尔市生产建设兵团第一师十二团"),
    ],
)
def test_the_line_says_everything_once(written: str, line: str) -> None:
    assert read_address(written).line() == line


@pytest.mark.parametrize("written", ["550025 {}", "{}（邮编：550025）", "{} 550025", "{}，邮政编码550025"])
def test_postcodes(written: str) -> None:
    place = "贵州省贵阳市花溪区青石镇1号"
    read = read_address(written.format(place))
    assert (read.postcode, read.line()) == ("550025", place)


def test_the_detail_is_left_as_it_is() -> None:
    read = read_address("广东省深圳市南山区粤海街道 12-3号(南山区图书馆旁)，转交李书记")
    assert read.detail == "粤海街道 12-3号(南山区图书馆旁),转交李书记"


PLACES = [tables().place(code) for code in tables().codes() if len(code) == 6 or code in tables().whole]


@settings(max_examples=300)
@given(st.sampled_from(PLACES))
def test_every_place_is_found_by_its_full_name(place: Place) -> None:
    read = read_address(place.line() + "人民路1号")
    assert (read.province, read.city, read.district) == place
    assert (read.detail, read.status) == ("人民路1号", AddressStatus.exact)


@given(st.text(max_size=40))
def test_any_text_is_read(written: str) -> None:
    read = read_address(written)
    assert read.status != AddressStatus.exact or read.province


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("鞋都路158号员工宿舍3栋402室", "鞋都路１５８号，员工宿舍 ３栋（402）室", True),
        ("A座10楼", "a座10楼", True),
        ("3-12", "31-2", False),
        ("3-12", "3－12", True),
        ("3栋402", "3栋403", False),
    ],
)
def test_sameness(one: str, other: str, same: bool) -> None:  # noqa: FBT001 - a table of cases
    keys = [same_place_key("福建省", "泉州市", "晋江市", detail) for detail in (one, other)]
    assert (keys[0] == keys[1]) is same
    assert same_place_key("福建省", "泉州市", None, one) != keys[0]
