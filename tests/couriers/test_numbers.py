import pytest

from qianli.couriers.numbers import doubt, read_number, s10_agrees


@pytest.mark.parametrize(
    "number", ["EB000717618HK", "EB000717595HK", "EM966331020CN", "EM761294038CN", "EM473124829CN"]
)
def test_published_postal_numbers_agree(number: str) -> None:
    assert s10_agrees(number)
    assert doubt("china_post", number) is None


def test_a_wrong_check_digit_is_only_doubted() -> None:
    assert not s10_agrees("EB900717618HK")
    assert doubt("china_post", "EB900717618HK") == "运单号的校验位不符，请核对是否录错。"


@pytest.mark.parametrize(
    ("courier", "number", "fits"),
    [
        ("china_post", "9812345678901", True),
        ("china_post", "XA12345678901", True),
        ("china_post", "SF1234567890123", False),
        ("sf", "SF1234567890123", True),
        ("sf", "123456789012", True),
        ("sf", "1234567890123", False),
        ("jd", "JDVA12345678901", True),
        ("jd", "JDX123456789012-1-1-", True),
        ("jd", "9812345678901", False),
        ("spreadsheet", "YT9693083639795", True),
        ("spreadsheet", "12", False),
        ("a_later_courier", "12", True),
    ],
)
def test_forms_of_numbers(courier: str, number: str, *, fits: bool) -> None:
    assert (doubt(courier, number) is None) == fits


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (" sf 1234 567 890 123 ", "SF1234567890123"),
        ("９８１２３４５６７８９０１", "9812345678901"),
        ("JDVA12345678901-1-1-", "JDVA12345678901-1-1-"),
        ("待出单", None),
        ("无", None),
        ("ABCDEF", None),
        ("1.2E+12", None),
        ("=1+1", None),
        ("12345678901234567890123456789012345678901", None),
        ("", None),
    ],
)
def test_what_is_a_number_at_all(written: str, number: str | None) -> None:
    assert read_number(written) == number
