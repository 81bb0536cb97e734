"""Reading addresses beside jionlp, cpca and addressparser: `python -m tests.bench.addresses` (extra `bench`)."""

import json
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from qianli.addresses.parse import read_address
from qianli.settings import ROOT
from tests.bench.address_set import Case, cases, whole_set

RESULT = ROOT / "var" / "bench" / "addresses.json"
TEXTS, SLOW_TEXTS, ROUNDS = 20_000, 400, 5
NO_CITY = {None, "", "市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
LOAD = {
    "qianli": "import qianli.addresses.parse as p\nSTART\nfrom qianli.addresses import divisions, townships\n"
    "divisions.tables(); townships.of_district('440305'); p.read_address('广东省深圳市南山区1号')",
    "cpca": "START\nimport cpca",
}
#: The kernel's own mark of this process; what a parent held before it is not counted.
MEMORY = (
    "import json, re, sys\nfrom qianli.addresses.parse import read_address\n"
    "for text in json.load(sys.stdin):\n    read_address(text)\n"
    "print(int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]) / 1024)"
)
Levels = tuple[str | None, str | None, str | None]
Reader = Callable[[list[str]], list[Levels]]


def main() -> dict[str, Any]:
    """Measure, write the result, say it."""
    warnings.simplefilter("ignore")
    known, made = cases("cases.csv"), list(whole_set())
    readers = {name: make() for name, make in READERS.items()}
    tried = {name: reader for name, reader in readers.items() if not isinstance(reader, str)}
    found: dict[str, Any] = {
        "versions": {name: _version(name) for name in READERS},
        "not_run": {name: reader for name, reader in readers.items() if isinstance(reader, str)},
        "cases": {"of": len(known), **{name: _right(name, reader, known) for name, reader in tried.items()}},
        "set": {"of": len(made), **{name: _right(name, reader, made) for name, reader in tried.items()}},
        "per_second": _rates(tried, [case.text for case in made if _is_ledger(case)]),
        "per_second_with_noise": _rates(tried, [case.text for case in made]),
        "load_ms": {name: _load_ms(code) for name, code in LOAD.items() if name in tried},
        "peak_mb": float(_child(MEMORY, json.dumps([case.text for case in made]))),
    }
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    _say(found)
    return found


def _qianli() -> Reader:
    def read(texts: list[str]) -> list[Levels]:
        return [read_address(text)[:3] for text in texts]

    return read


def _cpca() -> Reader | str:
    try:
        import cpca  # noqa: PLC0415 - an extra
    except Exception as error:  # noqa: BLE001 - whatever keeps it from running is the answer
        return f"{type(error).__name__}: {error}"

    def read(texts: list[str]) -> list[Levels]:
        frame = cpca.transform(texts)
        return list(zip(frame["省"], frame["市"], frame["区"], strict=True))

    return read


def _jionlp() -> Reader | str:
    try:
        import jionlp  # noqa: PLC0415 - an extra
    except Exception as error:  # noqa: BLE001 - whatever keeps it from running is the answer
        return f"{type(error).__name__}: {error}"

    def read(texts: list[str]) -> list[Levels]:
        return [tuple(jionlp.parse_location(text, change2new=True).get(key) for key in ("province", "city", "county"))
                for text in texts]  # type: ignore[misc]  # three of them  # fmt: skip

    return read


def _addressparser() -> Reader | str:
    try:
        import addressparser  # noqa: PLC0415 - an extra
    except Exception as error:  # noqa: BLE001 - whatever keeps it from running is the answer
        return f"{type(error).__name__}: {error}"

    def read(texts: list[str]) -> list[Levels]:
        frame = addressparser.transform(texts)
        return list(zip(frame["省"], frame["市"], frame["区"], strict=True))

    return read


READERS: dict[str, Callable[[], Reader | str]] = {
    "qianli": _qianli,
    "cpca": _cpca,
    "addressparser": _addressparser,
    "jionlp": _jionlp,
}


def is_right(case: Case, read: Levels) -> bool:
    """All levels, leniently: no city where it is the municipality; an ambiguous one must be left open."""
    province, city, district = ((level or None) for level in read)
    if case.status == "ambiguous" and not case.province:
        return not province and not city
    same_city = city == case.city or (city in NO_CITY and case.city in (None, case.province))
    return province == case.province and same_city and district == case.district


def _right(name: str, reader: Reader, known: Iterable[Case]) -> int:
    """How many are right; of ours the status must be, too."""
    count = 0
    for case in known:
        if name == "qianli":
            read = read_address(case.text)
            count += (read.province, read.city, read.district, read.status) == (*case.place, case.status)
        else:
            count += is_right(case, reader([case.text])[0])
    return count


def _is_ledger(case: Case) -> bool:
    """An address as it stands in a ledger's column: nothing but the address, and one that can be sent to."""
    return case.text.isalnum() and case.status == "exact"


def _rates(readers: dict[str, Reader], texts: list[str]) -> dict[str, int]:
    """Addresses in a second of processor time, the median of several rounds; every text is another one."""
    many = [f"{text}{number}" for number in range(-(-TEXTS // len(texts))) for text in texts]
    found = {}
    for name, reader in readers.items():
        own = many[:: len(many) // SLOW_TEXTS] if name == "jionlp" else many
        reader(own[:100])
        times = []
        for _ in range(1 if name == "jionlp" else ROUNDS):
            start = time.process_time()
            reader(own)
            times.append(time.process_time() - start)
        found[name] = round(len(own) / sorted(times)[len(times) // 2])
    return found


def _load_ms(code: str) -> float:
    """The middle of several fresh processes."""
    timed = code.replace("START", "import time; start = time.perf_counter()")
    times = sorted(float(_child(f"{timed}\nprint((time.perf_counter() - start) * 1000)")) for _ in range(ROUNDS))
    return round(times[len(times) // 2], 2)


def _child(code: str, given: str = "") -> str:
    command = [sys.executable, "-W", "ignore", "-c", code]
    return subprocess.run(command, input=given, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _say(found: dict[str, Any]) -> None:
    say = sys.stdout.write
    for name in READERS:
        if name in found["not_run"]:
            say(f"{name} {found['versions'][name]}: not run, {found['not_run'][name]}\n")
            continue
        say(
            f"{name} {found['versions'][name]}: {found['cases'][name]}/{found['cases']['of']} cases, "
            f"{found['set'][name] / found['set']['of']:.1%} of {found['set']['of']}, "
            f"{found['per_second'][name]:,} ledger addresses/s ({found['per_second_with_noise'][name]:,} with noise)\n"
        )
    if "cpca" in found["load_ms"]:
        rate = found["per_second"]["qianli"] / found["per_second"]["cpca"]
        part = found["load_ms"]["qianli"] / found["load_ms"]["cpca"]
        say(
            f"{rate:.1f} times cpca's rate; tables load in {found['load_ms']['qianli']} ms, "
            f"{part:.3f} of cpca's import\n"
        )
    say(f"peak memory {found['peak_mb']:.0f} MB\n{Path(RESULT).relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
