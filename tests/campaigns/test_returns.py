from fractions import Fraction

from qianli.campaigns.returns import Sending, by_zone, share_of, total
from qianli.stages import postage
from qianli.store.outcomes import District

HERE, NEAR = ("福建省", "泉州市", "晋江市"), ("福建省", "福州市", "鼓楼区")


def sending(courier: str, place: tuple[str, str, str], fen: int = 1000) -> Sending:
    return Sending(courier, place, "一区", 500, fen)


def test_the_narrowest_place_of_which_enough_is_known_and_a_return_costs_what_sending_did() -> None:
    history = [
        District("china_post", *HERE, arrived=6, ended=8, returned=2),
        District("china_post", *NEAR, arrived=4, ended=4, returned=0),
        District("china_post", "西藏自治区", None, None, arrived=0, ended=4, returned=4),
        District("sf", *HERE, arrived=0, ended=4, returned=4),
    ]
    share = share_of(history)
    assert share(sending("china_post", HERE)) == Fraction(2, 8)
    assert share(sending("china_post", NEAR)) == Fraction(2, 12)  # four say nothing: the province does
    assert share(sending("china_post", ("西藏自治区", "", ""))) == Fraction(6, 16)
    assert share(sending("sf", HERE)) is None
    sums = by_zone([sending("china_post", HERE), sending("china_post", HERE, 2000), sending("sf", HERE)], history)
    assert [(one.courier, one.parcels, one.judged, one.returned, one.return_fen) for one in sums] == [
        ("china_post", 2, 2, Fraction(1, 2), 750), ("sf", 1, 0, 0, 0),
    ]  # fmt: skip
    assert "预计退回 不到 1 件（其中 1 件" in postage.returns_sentence(sums).replace("退回 不", "退回 不")
    assert total(sums).postage_fen == 4000
    assert postage.returns_sentence(by_zone([sending("sf", HERE)], history)).startswith("以往寄送的结果太少")
    assert postage.returns_sentence([]) == ""
