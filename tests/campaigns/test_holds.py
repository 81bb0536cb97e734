from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from models import AddressStatus, HoldReason
from qianli.campaigns.holds import WORDS, Candidate, judge

GOOD = Candidate(
    name="张伟",
    phone="+8613912345678",
    phone_written=None,
    address_status=AddressStatus.exact,
    address_text="福建省泉州市晋江市崇德路210号",
    known_on=date(2026, 10, 1),
    recorded_at=datetime(2026, 10, 2, tzinfo=UTC),
    do_not_contact=False,
    missing_values=(),
    too_heavy=False,
)
BACK = datetime(2026, 11, 1, 8, tzinfo=UTC)
R = HoldReason


def verdict(candidate: Candidate) -> list[HoldReason]:
    return judge(
        candidate, is_stale=lambda day: day < date(2026, 1, 20), missing_characters=lambda text: set(text) & {"\ue000"}
    )


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({}, []),
        ({"address_status": None, "known_on": None, "address_text": ""}, [R.no_address]),
        ({"address_status": AddressStatus.incomplete}, [R.incomplete_address]),
        ({"address_status": AddressStatus.ambiguous}, [R.ambiguous_address]),
        ({"known_on": date(2025, 1, 20)}, [R.stale_address]),
        ({"phone": None}, [R.no_phone]),
        ({"phone": None, "phone_written": "139123"}, [R.bad_phone]),
        ({"name": "张\ue000"}, [R.glyph_missing]),
        ({"do_not_contact": True, "too_heavy": True}, [R.do_not_contact, R.too_heavy]),
        ({"missing_values": {"离乡时间"}}, [R.missing_value]),
        ({"taken_back_at": BACK}, [R.taken_back]),
        ({"taken_back_at": BACK, "taken_back_on": BACK.date(), "known_on": date(2026, 10, 31)}, [R.taken_back]),
        ({"taken_back_at": BACK, "taken_back_on": BACK.date(), "known_on": date(2026, 11, 1)}, []),
        ({"taken_back_at": BACK, "recorded_at": datetime(2026, 11, 1, 9, tzinfo=UTC)}, []),
    ],
)
def test_each_cause_holds_by_its_own_name(change: dict[str, object], reasons: list[HoldReason]) -> None:
    assert verdict(replace(GOOD, **change)) == reasons  # type: ignore[arg-type]


def test_every_reason_has_words_that_say_what_to_do() -> None:
    assert set(WORDS) == set(HoldReason)
    for words in WORDS.values():
        assert words.sentence.endswith("。")
        assert words.next_step.endswith("。")
