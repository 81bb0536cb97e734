import pytest
from pydantic import SecretStr

from qianli.couriers.connected import connections, takes_bookings
from qianli.errors import ConfigurationError
from qianli.interfaces.accounts import Need, read_accounts

NEEDS = (Need("partner_id", "顾客编码"), Need("checkword", "校验码"), Need("url", "接口地址", "https://live.example"))


def test_an_account_is_its_couriers_unless_it_says_otherwise() -> None:
    found = read_accounts({"sf": {"partner_id": SecretStr("A")}, "sf_city": {"courier": SecretStr("sf")}})
    assert (found["sf"].module, found["sf_city"].module) == ("sf", "sf")
    assert [need.key for need in found["sf"].missing(NEEDS)] == ["checkword"]
    assert found["sf"].value(NEEDS, "partner_id") == "A"
    assert found["sf"].value(NEEDS, "url") == "https://live.example"


def test_secrets_do_not_show() -> None:
    assert "hush" not in repr(read_accounts({"sf": {"checkword": SecretStr("hush")}}))


def test_a_courier_nobody_knows_is_a_sentence() -> None:
    with pytest.raises(ConfigurationError, match="pigeon"):
        connections(read_accounts({"pigeon": {"loft": SecretStr("1")}}))


def test_only_couriers_that_book_are_booked_with() -> None:
    given = {"sf": ("partner_id", "checkword", "monthly_card"), "kuaidi100": ("customer", "key", "salt")}
    accounts = read_accounts({code: {key: SecretStr("1") for key in keys} for code, keys in given.items()})
    assert {code: takes_bookings(account) for code, account in accounts.items()} == {"sf": True, "kuaidi100": False}
