"""Rebuild divisions.csv from the npm package @vant/area-data: `python qianli/addresses/data/rebuild.py`."""

import csv
import io
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

PACKAGE, VERSION, PUBLISHED = "@vant/area-data", "2.1.0", "2025-10-03"
TARGET = Path(__file__).with_name("divisions.csv")
ENTRY = re.compile(r"(\d{6}): \"([^\"]+)\"")
UNDER_THE_PROVINCE = {"省直辖县", "自治区直辖县级行政区划"}  # 仙桃, 济源, 石河子 …: no city above them
MUNICIPALITIES = {"11", "12", "31", "50"}
CITIES_WITHOUT_DISTRICTS = {"4419": True, "4420": True, "4604": True, "6202": True}
WHOLE_CITY_ALSO = {"4603"}  # 三沙 has districts, and addresses without them
HEADER = f"""\
# Provinces, cities and districts of China. Source: npm {PACKAGE} {VERSION} ({PUBLISHED}), MIT, (c) Youzan, Chen Jiahan
# and other contributors. Rebuilt by rebuild.py beside this file; do not edit by hand.
# An empty city: the district is directly under its province. An empty district: the city needs none in an address.
"""


def fetch() -> str:
    """The package's module as text, through npm."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", f"{PACKAGE}@{VERSION}", "--silent"]
        packed = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)  # noqa: S603 - npm by name, no shell
        with tarfile.open(Path(folder) / packed.stdout.strip()) as archive:
            module = archive.extractfile("package/dist/index.js")
            if module is None:
                raise FileNotFoundError("package/dist/index.js")
            return module.read().decode("ascii").encode().decode("unicode_escape")


def rows(names: dict[str, str]) -> list[tuple[str, str, str, str]]:
    """Code, province, city and district of everything an address can end its divisions with."""
    found = []
    for code, name in sorted(names.items()):
        province, city = names[f"{code[:2]}0000"], names.get(f"{code[:4]}00", "")
        if code.endswith("0000") or name == "市辖区":
            continue
        if code[:2] in MUNICIPALITIES:
            city = province
        if city in UNDER_THE_PROVINCE:
            city = ""
        whole = CITIES_WITHOUT_DISTRICTS.get(code[:4], False)
        if code.endswith("00"):
            if whole or code[:4] in WHOLE_CITY_ALSO:
                found.append((code, province, city, ""))
        elif not whole:
            found.append((code, province, city, name))
    return found


def main() -> None:
    """Fetch, arrange, write."""
    made = io.StringIO(HEADER)
    made.seek(0, io.SEEK_END)
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(["code", "province", "city", "district"])
    writer.writerows(rows(dict(ENTRY.findall(fetch()))))
    TARGET.write_text(made.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    main()
