"""The sample is the same everywhere, has everything real ledgers have, and is refused exactly where it was spoilt."""

import hashlib
import io
import os
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from models import AddressStatus
from qianli.addresses.divisions import whole_places
from qianli.addresses.parse import read_address
from qianli.documents.fonts import missing_characters
from qianli.ledger.sample.files import write_sample_csv, write_sample_xlsx
from qianli.ledger.sample.people import OF_A_THOUSAND, REFUSED, SampleRow, Trouble, sample_rows
from qianli.settings import ROOT
from qianli.stages.importing import import_members

MANY, FEWER, SEED = 3_000, 800, 5
#: Of everything but the addresses, which change when the table of divisions does; read once by a person.
PEOPLE_SHA256 = "672d6003003798c571aa827c653fece2efed8a5aa2b785073332811a56d3cd64"


@cache
def rows() -> tuple[SampleRow, ...]:
    return tuple(sample_rows(MANY, seed=SEED))


def as_csv(members: int, seed: int = SEED) -> bytes:
    target = io.BytesIO()
    write_sample_csv(target, sample_rows(members, seed=seed))
    return target.getvalue()


def as_xlsx(members: int) -> bytes:
    target = io.BytesIO()
    write_sample_xlsx(target, sample_rows(members, seed=SEED))
    return target.getvalue()


def test_the_same_seed_gives_the_same_people_on_every_machine() -> None:
    people = [[str(one) for one in row.cells(1) if one != row.address] for row in sample_rows(50, seed=SEED)]
    assert hashlib.sha256(repr(people).encode()).hexdigest() == PEOPLE_SHA256


def test_the_same_bytes_in_another_process_and_others_with_another_seed() -> None:
    code = (
        "import io, sys; from qianli.ledger.sample.people import sample_rows; from qianli.ledger.sample.files import "
        f"write_sample_csv as write; t = io.BytesIO(); write(t, sample_rows(200, seed={SEED})); "
        "sys.stdout.buffer.write(t.getvalue())"
    )
    other = {**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=other, capture_output=True, check=True)
    assert done.stdout == as_csv(200)
    assert as_csv(200) != as_csv(200, seed=SEED + 1)
    assert as_xlsx(200) == as_xlsx(200)


def test_every_trouble_has_its_share() -> None:
    counts = Counter(row.trouble for row in rows())
    for trouble, share in OF_A_THOUSAND.items():
        twice = 2 if trouble in (Trouble.repeated, Trouble.contradicted) else 1
        assert share * twice * MANY / 1000 * 0.4 <= counts[trouble] <= share * twice * MANY / 1000 * 2 + 5, trouble
    assert counts[Trouble.none] > MANY * 0.7


def test_names_are_of_every_kind() -> None:
    names = {row.name for row in rows()}
    assert {2, 3, 4} <= {len(name) for name in names if "·" not in name}
    assert any("·" in name for name in names)
    assert any(ord(one) > 0x20000 and not missing_characters(one) for name in names for one in name)
    undrawn = {row.trouble for row in rows() if missing_characters(row.name)}
    assert undrawn == {Trouble.undrawn_name}


def test_addresses_are_in_every_province_and_read_as_they_are_meant() -> None:
    lives = {row.address: read_address(row.address) for row in rows() if row.address}
    assert {one.province for one in lives.values()} == {place[0] for place in whole_places()}
    for row in rows():
        if row.trouble is Trouble.missing_address:
            assert not row.address
        else:
            is_whole = AddressStatus(lives[row.address].status) is AddressStatus.exact
            assert is_whole is (row.trouble is not Trouble.incomplete_address), row.address
    shared = Counter(row.address for row in rows() if row.trouble is Trouble.shared)
    assert max(shared.values()) > 5


@pytest.mark.parametrize("end", ["csv", "xlsx"])
def test_the_importer_refuses_exactly_what_was_spoilt(place: Path, end: str) -> None:
    members, content = (MANY, as_csv(MANY)) if end == "csv" else (FEWER, as_xlsx(FEWER))
    done = import_members(content, filename=f"a.{end}", organisation="甲/乙", dry_run=True, by="user:test")
    above = 1 if end == "csv" else 2
    sample = rows() if end == "csv" else tuple(sample_rows(FEWER, seed=SEED))
    spoilt = {number for number, row in enumerate(sample, start=1 + above) if row.trouble in REFUSED}
    assert {one.row for one in done.rejected} == spoilt
    twice = sum(row.trouble is Trouble.repeated for row in sample) // 2
    assert done.added == members - len(spoilt) - twice


def test_ledgers_of_one_sample_give_out_every_number_once() -> None:
    def numbers(first: int) -> set[str]:
        given = sample_rows(300, seed=SEED, first=first)
        return {row.phone.replace(" ", "") for row in given if row.trouble in (Trouble.none, Trouble.shared)}

    assert numbers(0).isdisjoint(numbers(300))
