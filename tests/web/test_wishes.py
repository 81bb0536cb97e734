"""What a member asks for on the page: each is a piece of work for the branch, shown again, and may be taken back."""

from pathlib import Path

from sqlmodel import select

from models import Case, CaseOutcome, CaseReason, Movement, MovementOutcome, ParcelStage, Reminder, ReminderReason
from qianli.stages import chasing, movements
from qianli.stages.unit import now, reading, writing
from qianli.web.testing import Site, make_site

NEW_HOME = "浙江省杭州市余杭区文一西路 969 号 3 栋 502 室"


def cases() -> dict[CaseReason, CaseOutcome | str | None]:
    """Reason → outcome of the newest case of it."""
    with reading() as session:
        return {one.reason: one.outcome for one in session.exec(select(Case).order_by(Case.id))}  # type: ignore[arg-type]


def test_a_wish_is_one_case_and_may_be_taken_back(site: Site) -> None:
    path = f"/r/{site.codes[0]}"
    for wish, words in (("call_me", "请给您打电话"), ("do_not_contact", "不要再联系您"), ("delete_data", "删除您的")):
        assert [site.post(path, {"wish": wish}).status_code for _ in range(2)] == [303, 303]
        assert f"已登记：请{words}".replace("请请", "请") in site.get(path).text
    with reading() as session:
        found = session.exec(select(Case)).all()
        assert [(one.consignment_id, one.owner) for one in found] == [(site.world.consignments[0], "青石镇党委")] * 3
    site.post(path, {"said": "all_here"})
    assert site.state() == "confirmed"
    assert set(cases().values()) == {None}, "an answer about the parcel settles nothing else"
    site.post(path, {"wish": "call_me", "undo": "yes"})
    assert cases()[CaseReason.call_me] == CaseOutcome.withdrawn
    assert "已登记：请给您打电话" not in site.get(path).text
    assert "已登记" not in site.get(f"/r/{site.codes[1]}").text, "room-mates each speak for themselves"
    assert site.post(path, {"wish": "a pony"}).status_code == 422


def test_a_new_address_waits_for_a_person(url: str, place: Path) -> None:
    site = make_site(url, stage=ParcelStage.packed)  # before the hand-over it is heard as well
    path = f"/r/{site.codes[0]}"
    vague = site.post(path, {"wish": "moved", "address": "文一西路<b>", "since": "2026-11-01"})
    assert vague.status_code == 422
    for shown in ("没有看到省、市或区县", "文一西路&lt;b&gt;", 'value="2026-11-01"', "地址就是这样", "<details open>"):
        assert shown in vague.text
    assert site.post(path, {"wish": "moved", "address": NEW_HOME, "since": "下个月"}).status_code == 422
    assert site.post(path, {"as_it_is": "yes", "address": "文一西路"}).status_code == 303
    for _ in range(2):
        assert site.post(path, {"wish": "moved", "address": NEW_HOME, "since": "2026-11-01"}).status_code == 303
    text = site.get(path).text
    assert "新地址我们收到了" in text
    assert "文一西路 969" not in text.replace("例如：浙江省杭州市余杭区文一西路 969", "")
    with reading() as session:
        told = session.exec(select(Movement).order_by(Movement.id)).all()  # type: ignore[arg-type]
        assert [one.outcome for one in told] == [MovementOutcome.corrected, None]
        assert (told[1].district, told[1].recorded_by) == ("余杭区", "member")
    assert movements.accept(told[1].key, by="user:test")
    assert cases() == {CaseReason.has_moved: CaseOutcome.accepted}
    site.post(path, {"wish": "moved", "address": NEW_HOME.replace("3 栋", "5 栋")})
    site.post(path, {"wish": "moved", "undo": "yes"})
    assert cases() == {CaseReason.has_moved: CaseOutcome.neither_was_right}
    assert "新地址我们收到了" not in site.get(path).text


def test_where_the_parcel_waits_is_said_until_the_member_answers(site: Site) -> None:
    with writing("system") as session:
        session.add(
            Reminder(
                consignment_id=site.world.consignments[0], parcel_id=site.world.parcels[0], since_at=now(),
                reason=ReminderReason.waiting_at, sentence="包裹在<崇德路>驿站等您去取。", opened_at=now(),
            )
        )  # fmt: skip
    path = f"/r/{site.codes[0]}"
    assert "包裹在&lt;崇德路&gt;驿站等您去取。" in site.get(path).text
    site.post(path, {"said": "all_here"})
    assert "驿站" not in site.get(path).text


def test_who_asks_to_be_left_alone_is_called_no_more(site: Site) -> None:
    with writing("system") as session:
        for consignment, parcel in zip(site.world.consignments, site.world.parcels, strict=True):
            session.add(
                Reminder(
                    consignment_id=consignment, parcel_id=parcel, since_at=now(), reason=ReminderReason.left_with,
                    sentence="由他人代收。", opened_at=now(),
                )
            )  # fmt: skip
    site.post(f"/r/{site.codes[1]}", {"wish": "do_not_contact"})
    assert [one.number for one in chasing.to_call("TEST-2027")] == ["TEST-2027-0001", "TEST-2027-0003"]
