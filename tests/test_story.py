"""The story of `qianli demo` told once inline; then every paper is read by others and held to the rows."""

import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from sqlmodel import select

from models import (
    Campaign,
    Consignment,
    Item,
    KitItem,
    Manifest,
    ManifestLine,
    Parcel,
    ParcelLine,
    Snapshot,
)
from qianli.cli import demo_story, main
from qianli.cli.common import context
from qianli.cli.demo_story import LETTERS, STUDY
from qianli.receipts.codes import display, look_up_hash, make_code
from qianli.settings import ROOT
from qianli.stages.unit import reading
from qianli.store import stock
from qianli.testing import workspace

pytestmark = pytest.mark.slow
SECRET = b"test-secret"


class Inline(demo_story.Teller):
    def run(self, *words: str) -> None:
        line = [*words, "--inline"] if words[0] == "campaign" and words[1] in ("prepare", "fulfil") else list(words)
        assert main.execute(line) == 0, line

    def together(self, *words: str) -> None:
        for code in demo_story.EXAMPLES:
            self.run(*words, code)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    place = tmp_path_factory.mktemp("place")
    folder = tmp_path_factory.mktemp("courier")
    here, name = Path.cwd(), context.name
    os.chdir(ROOT)
    context.name = "周主任"
    with workspace(place):
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


def pages(path: Path) -> list[str]:
    """The text of each page as poppler reads it, without blanks: they are layout."""
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    return [re.sub(r"\s+", "", page) for page in done.stdout.decode().split("\f")[:-1]]


def codes(path: Path, folder: Path) -> list[list[tuple[str, str]]]:
    """Every code of each page, read by zxing-cpp from a 200 dpi raster."""
    prefix = folder / path.stem
    subprocess.run(["pdftoppm", "-r", "200", "-gray", "-png", path, prefix], check=True)
    return [
        [(one.format.name, one.text) for one in zxingcpp.read_barcodes(Image.open(page))]
        for page in sorted(folder.glob(f"{path.stem}-*.png"))
    ]


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


@pytest.mark.parametrize(("code", "parcels"), [(LETTERS, 8), (STUDY, 3)])
def test_labels_bear_the_consignee_and_a_readable_reference(
    told: Path, capfd: pytest.CaptureFixture[str], tmp_path: Path, code: str, parcels: int
) -> None:
    rows = parcels_of(code)
    read = []
    for path in papers(capfd, code, "label"):
        for text, found in zip(pages(path), codes(path, tmp_path), strict=True):
            for kind, reference in found:
                assert kind == "Code128"
                _, to = rows[reference]
                for part in (reference, to.name, to.phone.removeprefix("+86")):
                    assert part in text
                read.append(reference)
    assert sorted(read) == sorted(rows)
    assert len(read) == parcels


def test_a_label_holds_the_whole_address_of_the_snapshot(told: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rows = [to for _, to in parcels_of(LETTERS).values()]
    texts = [text for path in papers(capfd, LETTERS, "label") for text in pages(path)]
    assert len(texts) == len(rows)
    for text, to in zip(texts, rows, strict=True):
        assert address(to) in text


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
        assert f"{weight}" in text
        assert ("草稿" in text) == ("manifest-" not in path.name)


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
        assert len(originals) == 7 * 5 + 5 * 6
        levels = {level.item.sku: (level.on_hand, level.reserved) for level in stock.levels(session)}
    assert levels["party-badge"] == (5, 0)
    assert levels["history-pictures"] == (4, 0)
    assert levels["brief-history"] == (7, 0)


def test_documents_are_what_their_rows_say(told: Path, capfd: pytest.CaptureFixture[str]) -> None:
    found = asked(capfd, "campaign", "documents", LETTERS)
    assert {one["kind"] for one in found} >= {
        "letter", "label", "packing_slip", "pick_list", "manifest", "rehearsal", "report",
    }  # fmt: skip
    for one in found:
        content = Path(one["path"]).read_bytes()
        assert sha256(content).hexdigest() == one["sha256"]
        if one["path"].endswith(".pdf"):
            info = subprocess.run(["pdfinfo", one["path"]], capture_output=True, check=True).stdout.decode()
            assert re.search(rf"^Pages:\s+{one['pages']}$", info, re.MULTILINE)
