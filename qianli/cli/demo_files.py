"""Files of a demonstration with any number of members: ledgers, kit, campaign and letter, as people bring them."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from qianli.ledger.sample.files import write_sample_xlsx
from qianli.ledger.sample.people import sample_rows
from qianli.settings import ROOT

EXAMPLE = ROOT / "examples" / "qianli-letter"
CODE = "QSCS-2027"
PROVINCE = "千山省流动党员委员会"
COUNTIES = (
    "青石县", "云岭县", "临溪县", "长坪县", "石门县", "白水县", "凤山县", "龙泉县", "新桥县", "南屯县", "金沙县",
)  # fmt: skip


@dataclass(frozen=True)
class LedgerFile:
    """One county's ledger, and the organisation it is imported for."""

    path: Path
    organisation: str
    rows: int


def write_files(folder: Path, *, members: int, seed: int, rows_a_ledger: int) -> list[LedgerFile]:
    """Everything a campaign begins with, in `folder`; the answer is the ledgers, in order."""
    for name in ("kit.yaml", "letter.txt"):
        (folder / name).write_bytes((EXAMPLE / name).read_bytes())
    campaign = yaml.safe_load((EXAMPLE / "campaign.yaml").read_text(encoding="utf-8"))
    campaign |= {"code": CODE, "organisation": PROVINCE}
    (folder / "campaign.yaml").write_text(yaml.safe_dump(campaign, allow_unicode=True), encoding="utf-8")
    return [
        _write_ledger(folder, number, first, min(rows_a_ledger, members - first), seed)
        for number, first in enumerate(range(0, members, rows_a_ledger))
    ]


def _write_ledger(folder: Path, number: int, first: int, rows: int, seed: int) -> LedgerFile:
    path = folder / f"ledger-{number + 1:02d}.xlsx"
    with path.open("wb") as target:
        write_sample_xlsx(target, sample_rows(rows, seed=seed, first=first))
    again, county = divmod(number, len(COUNTIES))
    office = f"{COUNTIES[county]}委员会" if not again else f"{COUNTIES[county]}第{again + 1}委员会"
    return LedgerFile(path, f"{PROVINCE}/{office}", rows)
