"""What a member can do with a code."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from models import CampaignState, Case, Item, KitItem, ParcelStage, Receipt, Snapshot
from models.base import metadata
from qianli.receipts.codes import ALPHABET, display, look_up_hash, make_code, normalise
from qianli.settings import settings
from qianli.stages.unit import reading, writing
from qianli.web.testing import Site, make_site


def dump() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with reading() as session:
        return {
            table.name: [tuple(row) for row in session.connection().execute(sa.select(table))]
            for table in metadata.sorted_tables
        }


def trouble(site: Site, *problems: str, note: str = "") -> dict[str, str]:
    items = dict(zip((f"item_{id_}" for id_ in site.world.kit_items), problems, strict=False))
    return {"said": "something_missing", "note": note, **items}


def test_looking_changes_nothing(site: Site) -> None:
    before = dump()
    for path in ("/", "/r", f"/r/{site.codes[0]}"):
        assert site.get(path).status_code == 200
        head = site.ask("HEAD", path)
        assert (head.status_code, head.content) == (200, b"")
    assert dump() == before


def test_the_page_shows_no_more_than_needed(site: Site) -> None:
    text = site.get(f"/r/{site.codes[1]}").text
    for shown in ("欧阳*芳", "党徽", "《中国共产党章程》", "红色家书", "青石镇党委", "0851-12345678", "180 天后清除"):
        assert shown in text
    for hidden in ("欧阳小芳", "义乌", "1391234", "TEST-2027", "T-00002"):
        assert hidden not in text


def test_two_taps_and_it_is_done(site: Site) -> None:
    path = f"/r/{site.codes[0]}"
    page = site.get(path).text
    form = re.search(r'<form method="post" action="([^"]+)">\s*<button[^>]*name="said" value="all_here"', page)
    assert form
    answer = site.post(form[1], {"said": "all_here"})
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    assert "已登记：全部收到，谢谢您！" in site.get(path).text
    assert site.state() == "confirmed"


def test_twice_is_once(site: Site) -> None:
    path = f"/r/{site.codes[0]}"
    site.post(path, trouble(site, "ok", "missing"))
    before = dump()
    assert site.post(path, trouble(site, "ok", "missing")).status_code == 303
    assert dump() == before


def test_many_phones_at_once_are_one_receipt(site: Site) -> None:
    path, form = f"/r/{site.codes[0]}", trouble(site, "missing", "damaged", note="急")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: site.post(path, form).status_code, range(16)))
    assert answers == [303] * 16
    with reading() as session:
        assert len(session.exec(select(Receipt)).all()) == 1
        assert len(session.exec(select(Case)).all()) == 1


def test_item_by_item_and_corrected_later(site: Site) -> None:
    path = f"/r/{site.codes[0]}"
    site.post(path, trouble(site, "damaged", "missing", note="第一行\r\n第二行"))
    text = site.get(path).text
    for shown in ("有东西少了", "坏了：党徽", "少了：《中国共产党章程》", "第一行\n第二行", "现在全部收到了"):
        assert shown in text
    assert re.search(r'value="missing" checked', text)
    assert site.state() == "confirmed_with_issues"
    site.post(path, {"said": "not_received"})
    assert "还没有收到" in site.get(path).text
    assert site.state() == "denied"
    site.post(path, {"said": "all_here", "note": "谢谢"})
    assert "您说：谢谢" in site.get(path).text
    assert site.state() == "confirmed"


def test_only_the_own_consignment_is_touched(site: Site) -> None:
    site.post(f"/r/{site.codes[0]}", {"said": "all_here"})
    assert [site.state(1), site.state(2)] == ["under_way", "under_way"]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "重新选一次"),
        ({"said": "everything"}, "重新选一次"),
        ({"said": "something_missing"}, "请指出哪一样"),
        ({"said": "something_missing", "item_999": "missing"}, "不在这份包裹里"),
        ({"said": "something_missing", "item_x": "missing"}, "重新选一次"),
        ({"said": "something_missing", "item_1": "eaten"}, "重新选一次"),
        ({"said": "all_here", "item_1": "missing"}, "不要选"),
        ({"said": "not_received", "note": "长" * 201}, "最多 200 字"),
    ],
)
def test_a_form_that_makes_no_sense_is_shown_again(site: Site, form: dict[str, str], words: str) -> None:
    answer = site.post(f"/r/{site.codes[0]}", form)
    assert answer.status_code == 422
    assert words in answer.text
    assert site.state() == "under_way"


def test_a_note_too_long_is_not_lost(site: Site) -> None:
    answer = site.post(f"/r/{site.codes[0]}", trouble(site, "missing", note="长" * 201))
    assert "长" * 201 in answer.text
    assert 'value="missing" checked' in answer.text
    assert "<details open>" in answer.text


def test_names_items_and_notes_are_text_and_not_markup(site: Site) -> None:
    evil = "<script>alert(1)</script>"
    with writing("system") as session:
        for snapshot in session.exec(select(Snapshot)).all():
            snapshot.name = f"<{evil}"
        for item in session.exec(select(Item).join(KitItem)).all():
            item.name = f"<b>{evil}"
    path = f"/r/{site.codes[0]}"
    site.post(path, trouble(site, "missing", note=f"</textarea>{evil}"))
    text = site.get(path).text
    assert "<script" not in text
    assert "<b>" not in text
    assert "&lt;/textarea&gt;&lt;script&gt;" in text


@pytest.mark.parametrize("stage", [ParcelStage.planned, ParcelStage.packed])
def test_before_the_hand_over_nothing_is_asked(url: str, place: Path, stage: ParcelStage) -> None:
    site = make_site(url, stage=stage)
    path = f"/r/{site.codes[0]}"
    page = site.get(path)
    assert (page.status_code, "还在准备" in page.text, 'name="said"' in page.text) == (200, True, False)
    assert site.post(path, {"said": "all_here"}).status_code == 409
    assert site.state() == "under_way"


@pytest.mark.parametrize(
    ("state", "stage", "words"),
    [
        (CampaignState.closed, ParcelStage.handed_over, "已经办结"),
        (CampaignState.cancelled, None, "已经取消"),
    ],
)
def test_gone_is_said_kindly(
    url: str, place: Path, state: CampaignState, stage: ParcelStage | None, words: str
) -> None:
    site = make_site(url, state=state, stage=stage)
    path = f"/r/{site.codes[0]}"
    for answer in (site.get(path), site.post(path, {"said": "all_here"})):
        assert answer.status_code == 410
        assert words in answer.text
        assert "0851-12345678" in answer.text
        assert "<form" not in answer.text
    with reading() as session:
        assert session.exec(select(Receipt)).all() == []


def wrong_code() -> str:
    code = make_code(b"somebody else's key", 1, 1)
    assert normalise(code)
    return code


def test_wrong_and_revoked_codes(site: Site) -> None:
    code = site.codes[0]
    unchecked = code[:-1] + ALPHABET[(ALPHABET.index(code[-1]) + 1) % len(ALPHABET)]
    revoked = make_code(b"test-secret", site.world.consignments[0], 2)
    for wrong in (wrong_code(), unchecked, revoked, "x", "%00", "%3Cscript%3E", "9" * 500):
        answer = site.get(f"/r/{wrong}")
        assert answer.status_code == 404, wrong
        assert "<script" not in answer.text
    assert "信末的电话" in site.get(f"/r/{wrong_code()}").text
    assert site.post(f"/r/{wrong_code()}", {"said": "all_here"}).status_code == 404


def test_a_typed_code_leads_to_its_page(site: Site) -> None:
    code = site.codes[0]
    for typed in (display(code), code.lower(), f" {code} ", f"https://qianli.example/r/{code}"):
        answer = site.post("/r", {"code": typed})
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/r/{code}")
    assert site.get(f"/r/{display(code).lower()}").status_code == 200


def test_a_typing_mistake_is_told_at_once_and_kept(site: Site) -> None:
    answer = site.post("/r", {"code": '22222-22223"><b>'})
    assert answer.status_code == 422
    assert "这个确认码不对" in answer.text
    assert "22222-22223&#34;&gt;&lt;b&gt;" in answer.text
    assert site.post("/r", {"code": "  "}).status_code == 422


def test_codes_of_an_older_key_are_still_good(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIANLI_SECRET", "a new secret")
    monkeypatch.setenv("QIANLI_SECRET_ID", "k2")
    settings.cache_clear()
    assert site.get(f"/r/{site.codes[0]}").status_code == 404
    monkeypatch.setenv("QIANLI_OLD_SECRETS", '{"k1": "test-secret"}')
    settings.cache_clear()
    assert site.get(f"/r/{site.codes[0]}").status_code == 200
    assert look_up_hash(b"a new secret", site.codes[0]) != look_up_hash(b"test-secret", site.codes[0])
