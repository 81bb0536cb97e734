"""The story of `qianli demo` told once inline; then every paper is read by others and held to the rows."""

import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from sqlmodel import select

from models import Campaign, Consignment, Item, KitItem, Manifest, ManifestLine, Parcel, ParcelLine, Snapshot
from qianli.cli import demo_story, main
from qianli.cli.common import context
from qianli.cli.demo_story import LETTERS, STUDY
from qianli.receipts.codes import display, look_up_hash, make_code
from qianli.settings import ROOT
from qianli.stages.unit import reading
from qianli.store import stock
from qianli.testing import workspace
from qianli.testing_story import Drawn, Inline
from tests.paper_reading import BULK_LIST, MANIFEST, PICK_LIST, cells, codes, labels, pages

pytestmark = pytest.mark.slow
SECRET = b"test-secret"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, drawn: Drawn) -> Iterator[Path]:
    """The story's place; its papers are the press's own, whichever test of this run drew them."""
    place = tmp_path_factory.mktemp("place")
    folder = tmp_path_factory.mktemp("courier")
    here, name = Path.cwd(), context.name
    os.chdir(ROOT)
    context.name = "周主任"
    with workspace(place), pytest.MonkeyPatch.context() as patch:
        drawn.instead(patch)
        teller = Inline(None, folder)
        for chapter in demo_story.CHAPTERS:
            chapter(teller)
        yield place
    os.chdir(here)
    context.name = name


def asked(capfd: pytest.CaptureFixture[str], *words: str) -> object:
    capfd.readouterr()
    assert main.execute([*words, "--json"]) == 0
    return json.loads(capfd.readouterr().out)


def papers(capfd: pytest.CaptureFixture[str], code: str, kind: str) -> list[Path]:
    found = asked(capfd, "campaign", "documents", code)
    return [Path(one["path"]) for one in found if one["kind"] == kind and one["path"].endswith(".pdf")]


def parcels_of(code: str) -> dict[str, tuple[Parcel, Snapshot]]:
    with reading() as session:
        query = (
            select(Parcel, Snapshot)
            .join(Campaign, Campaign.id == Parcel.campaign_id)
            .join(Snapshot, Snapshot.id == Parcel.consignee_snapshot_id)
            .where(Campaign.code == code)
            .order_by(Parcel.sequence)
        )
        return {parcel.reference: (parcel, snapshot) for parcel, snapshot in session.exec(query)}


def address(to: Snapshot) -> str:
    return re.sub(r"\s+", "", "".join(dict.fromkeys(p for p in (to.province, to.city, to.district) if p)) + to.detail)


def hand_over_line(parcel: Parcel, to: Snapshot) -> list[str]:
    return [re.sub(r"\s+", "", to.name), address(to), str(parcel.weight_g), ""]


def bulk_line(parcel: Parcel, to: Snapshot) -> list[str]:
    office = "".join(dict.fromkeys(one for one in (to.province, to.city, to.district) if one))
    name = re.sub(r"\s+", "", to.name)
    return [office, name, "1", str(parcel.weight_g), f"{parcel.postage_fen / 100:.2f}", ""]


def consignments_of(code: str) -> list[tuple[Consignment, Snapshot]]:
    with reading() as session:
        query = (
            select(Consignment, Snapshot)
            .join(Campaign, Campaign.id == Consignment.campaign_id)
            .join(Snapshot, Snapshot.id == Consignment.snapshot_id)
            .where(Campaign.code == code)
        )
        return list(session.exec(query))


@pytest.mark.parametrize(("code", "letters"), [(LETTERS, 7), (STUDY, 5)])
def test_letters_name_their_member_and_carry_a_working_code(
    told: Path, capfd: pytest.CaptureFixture[str], tmp_path: Path, code: str, letters: int
) -> None:
    people = {f"{code}-{one.number:04d}": (one, snapshot) for one, snapshot in consignments_of(code)}
    seen = []
    for path in papers(capfd, code, "letter"):
        for text, found in zip(pages(path), codes(path, tmp_path), strict=True):
            (number,) = re.findall(rf"编号：({code}-\d{{4}})", text)
            consignment, snapshot = people[number]
            made = make_code(SECRET, consignment.id, 1)
            assert f"{snapshot.name}同志：" in text
            assert display(made) in text
            assert found == [("QRCode", f"https://qianli.example/r/{made}")]
            assert consignment.code_hash == look_up_hash(SECRET, made)
            others = {s.name for c, s in people.values() if c.id != consignment.id}
            assert not [name for name in others if name in text]
            seen.append(number)
    assert len(seen) == len(set(seen)) == letters


@pytest.mark.parametrize(("code", "parcels", "across"), [(LETTERS, 8, 1), (STUDY, 3, 2)])
def test_labels_bear_the_whole_consignee_and_a_readable_reference(
    told: Path, capfd: pytest.CaptureFixture[str], tmp_path: Path, code: str, parcels: int, across: int
) -> None:
    rows = parcels_of(code)
    seen = []
    for path in papers(capfd, code, "label"):
        for text, read in labels(path, tmp_path, across=across):
            ((kind, reference),) = read
            assert kind == "Code128"
            _, to = rows[reference]
            for part in (reference, to.name, to.phone.removeprefix("+86"), address(to)):
                assert part in text
            others = {other.name for _, other in rows.values()} - {to.name}
            assert not [name for name in others if name in text]
            seen.append(reference)
    assert sorted(seen) == sorted(rows)
    assert len(seen) == parcels


@pytest.mark.parametrize("code", [LETTERS, STUDY])
def test_slips_name_the_members_of_their_parcel(
    told: Path, capfd: pytest.CaptureFixture[str], tmp_path: Path, code: str
) -> None:
    with reading() as session:
        query = (
            select(Parcel.reference, Snapshot.name)
            .join(ParcelLine, ParcelLine.parcel_id == Parcel.id)
            .join(Consignment, Consignment.id == ParcelLine.consignment_id)
            .join(Snapshot, Snapshot.id == Consignment.snapshot_id)
            .join(Campaign, Campaign.id == Parcel.campaign_id)
            .where(Campaign.code == code)
        )
        members: dict[str, set[str]] = {}
        for reference, name in session.exec(query):
            members.setdefault(reference, set()).add(name)
    everyone = {name for names in members.values() for name in names}
    named: dict[str, set[str]] = {}
    for path in papers(capfd, code, "packing_slip"):
        for text, found in zip(pages(path), codes(path, tmp_path), strict=True):
            reference = found[0][1] if found else reference  # a long slip goes on overleaf
            named.setdefault(reference, set()).update(name for name in everyone if name in text)
    assert named == members


@pytest.mark.parametrize("code", [LETTERS, STUDY])
def test_manifests_list_exactly_their_parcels(told: Path, capfd: pytest.CaptureFixture[str], code: str) -> None:
    rows = parcels_of(code)
    with reading() as session:
        query = (
            select(Manifest.number, Parcel.reference)
            .join(ManifestLine, ManifestLine.manifest_id == Manifest.id)
            .join(Parcel, Parcel.id == ManifestLine.parcel_id)
            .join(Campaign, Campaign.id == Manifest.campaign_id)
            .where(Campaign.code == code, ManifestLine.state == "handed_over")
        )
        expected: dict[str, set[str]] = {}
        for number, reference in session.exec(query):
            expected.setdefault(number, set()).add(reference)
    for path in papers(capfd, code, "manifest"):
        text = "".join(pages(path))
        (number,) = {one for one in expected if one in text}
        assert {reference for reference in rows if reference in text} == expected[number]
        weight = sum(rows[reference][0].weight_g for reference in expected[number])
        is_bulk = "大宗邮件交寄清单" in text
        assert f"总计{'件数' * is_bulk}{len(expected[number])}件" in text
        assert f"{weight}" in text
        lines = cells(path, BULK_LIST if is_bulk else MANIFEST, rows)
        assert lines == {
            reference: bulk_line(parcel, to) if is_bulk else hand_over_line(parcel, to)
            for reference, (parcel, to) in rows.items()
            if reference in expected[number]
        }
        assert ("草稿" in text) == ("manifest-" not in path.name)


def contents_of(code: str) -> dict[str, Counter[str]]:
    """Item → pieces of every parcel."""
    with reading() as session:
        query = (
            select(Parcel.reference, Item.name, ParcelLine.quantity)
            .join(ParcelLine, ParcelLine.parcel_id == Parcel.id)
            .join(KitItem, KitItem.id == ParcelLine.kit_item_id)
            .join(Item, Item.id == KitItem.item_id)
            .join(Campaign, Campaign.id == Parcel.campaign_id)
            .where(Campaign.code == code)
        )
        contents: dict[str, Counter[str]] = {}
        for reference, name, quantity in session.exec(query):
            contents.setdefault(reference, Counter())[name] += quantity
    return contents


def in_any_order(text: str, parts: Iterable[str]) -> bool:
    """Whether a text is these parts and nothing else."""
    for part in sorted(parts, key=len, reverse=True):
        if part not in text:
            return False
        text = text.replace(part, "", 1)
    return not text.strip("；")


@pytest.mark.parametrize("code", [LETTERS, STUDY])
def test_pick_lists_hold_every_parcel_and_add_up(told: Path, capfd: pytest.CaptureFixture[str], code: str) -> None:
    rows, contents = parcels_of(code), contents_of(code)
    seen: list[str] = []
    for path in papers(capfd, code, "pick_list"):
        lines = cells(path, PICK_LIST, rows)
        totals: Counter[str] = Counter()
        for reference, (name, items, pieces, _) in lines.items():
            assert re.fullmatch(rf"{rows[reference][1].name}(等\d+人)?", name)
            assert in_any_order(items, [f"{item}×{count}" for item, count in contents[reference].items()]), reference
            assert int(pieces) == contents[reference].total()
            totals += contents[reference]
        shelf = re.search(r"一、从库房取货(.*)二、", "".join(pages(path)))[1]
        assert in_any_order(shelf, ["物品数量已取", *(f"{item}{count}" for item, count in totals.items())])
        seen += lines
    assert sorted(seen) == sorted(rows)


@pytest.mark.parametrize("code", [LETTERS, STUDY])
def test_the_outside_tells_nothing(told: Path, capfd: pytest.CaptureFixture[str], code: str) -> None:
    with reading() as session:
        campaign = session.exec(select(Campaign).where(Campaign.code == code)).one()
        names = session.exec(
            select(Item.name).join(KitItem, KitItem.item_id == Item.id).where(KitItem.kit_id == campaign.kit_id)
        ).all()
        secret = [campaign.name, campaign.sender["name"], code, *names, "党", "红色"]
    for kind in ("label", "manifest"):
        for path in papers(capfd, code, kind):
            text = "".join(pages(path))
            assert not [word for word in secret if word in text], path.name


def test_the_counts_of_both_campaigns(told: Path, capfd: pytest.CaptureFixture[str]) -> None:
    first = asked(capfd, "campaign", "status", LETTERS)
    assert first["consignments"] == {"confirmed": 7, "not_sent": 2}
    assert first["receipts"] == {"all_here": 7}
    second = asked(capfd, "campaign", "status", STUDY)
    assert second["consignments"] == {"held": 3, "under_way": 5}
    assert second["parcels"] == {"handed_over": 3}
    assert [one["reason"] for one in second["held"]] == ["no_address", "stale_address", "bad_phone"]
    assert asked(capfd, "campaign", "list") == [
        {"code": LETTERS, "name": "千里传书", "state": "closed"},
        {"code": STUDY, "name": "邮寄助学", "state": "under_way"},
    ]


def test_every_line_is_in_one_live_parcel_and_stock_balances(told: Path) -> None:
    with reading() as session:
        lines = session.exec(select(ParcelLine).where(ParcelLine.voided_at.is_(None))).all()
        originals = [(one.consignment_id, one.kit_item_id) for one in lines if one.replaces_line_id is None]
        assert max(Counter(originals).values()) == 1
        assert len(originals) == 7 * 6 + 5 * 6
        levels = {level.item.sku: (level.on_hand, level.reserved) for level in stock.levels(session)}
    assert levels["party-badge"] == (5, 0)
    assert levels["history-pictures"] == (4, 0)
    assert levels["brief-history"] == (7, 0)


def test_documents_are_what_their_rows_say(told: Path, capfd: pytest.CaptureFixture[str]) -> None:
    found = asked(capfd, "campaign", "documents", LETTERS)
    assert {one["kind"] for one in found} >= {
        "letter", "contact_card", "label", "packing_slip", "pick_list", "manifest", "rehearsal", "report",
    }  # fmt: skip
    for one in found:
        content = Path(one["path"]).read_bytes()
        assert sha256(content).hexdigest() == one["sha256"]
        if one["path"].endswith(".pdf"):
            info = subprocess.run(["pdfinfo", one["path"]], capture_output=True, check=True).stdout.decode()
            assert re.search(rf"^Pages:\s+{one['pages']}$", info, re.MULTILINE)
