"""`qianli demo --members N`: a whole province of invented members, in a directory of its own, with times and counts.

Every step is a command that anybody could type, run with --json; what is told of it comes from its answer.
"""

import io
import json
import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

from models import HoldReason
from qianli import private
from qianli.campaigns.holds import WORDS
from qianli.cli.common import context, say, table
from qianli.cli.demo_files import CODE, write_files
from qianli.errors import BadInput, RuleBroken
from qianli.kits.definition import yuan
from qianli.settings import ROOT, settings
from qianli.store.session import let_go

ROWS_A_LEDGER = 5_000
#: A letter, a slip and a label take so long on one core: beyond this number the papers are left to another command.
DRAW_AT_MOST = 300
A_MEMBER_S = 0.15
#: Beyond this the rehearsal's list of those who are held is a book that nobody reads.
REHEARSE_AT_MOST = 2_000
PUBLIC_URL = "https://qianli.example"
HOLDS = "holds.xlsx"
DATABASE, CAMPAIGN = "建库", "登记活动"
#: Work that does not hang on how many members there are.
ONCE = {DATABASE, CAMPAIGN}


def demo_members(root: Any, *, members: int, seed: int, to: Path | None) -> None:
    """Make the files, bring them in, prepare, approve; draw the papers of a small number; say how it went."""
    folder = _empty(to or ROOT / "var" / f"demo-{members}")
    say(f"正在编造 {members:,} 行台账（种子 {seed}，人物和号码均为虚构），放在 {folder} ……")
    ledgers = write_files(folder, members=members, seed=seed, rows_a_ledger=ROWS_A_LEDGER)
    with _environment(folder):
        tell = _Teller(root, members)
        tell.run(DATABASE, "init")
        added = [
            tell.run("导入台账", "member", "import", str(one.path), "--organisation", one.organisation)
            for one in ledgers
        ]
        _told_of_imports(added)
        tell.run(CAMPAIGN, "kit", "add", str(folder / "kit.yaml"))
        for level in tell.run(CAMPAIGN, "item", "list"):
            tell.run(CAMPAIGN, "item", "receive", level["sku"], str(members))
        tell.run(CAMPAIGN, "campaign", "new", str(folder / "campaign.yaml"))
        tell.run("准备", "campaign", "prepare", CODE, "--inline")
        _told_of_holds(tell.run("暂缓名单", "campaign", "holds", CODE, "--xlsx", str(folder / HOLDS)), folder)
        if members <= REHEARSE_AT_MOST:
            for sentence in tell.run("预演", "campaign", "rehearse", CODE)["sentences"][:2]:
                say(f"  {sentence}")
        approved = tell.run("批准", "campaign", "approve", CODE)
        say(f"  批准 {approved['consignments']:,} 份，金额不超过 {yuan(approved['amount_fen'])}；")
        say(f"  可寄 {approved['ready']:,} 份，暂缓 {approved['held']:,} 份。")
        if members <= DRAW_AT_MOST:
            tell.run("编包裹、出文件", "campaign", "fulfil", CODE, "--inline")
        status = tell.run("状态", "campaign", "status", CODE)
        tell.sum_up()
        _farewell(folder, members, status["open"]["to_fulfil"])


class _Teller:
    """Shows a command, runs it, and keeps how long each kind of work took."""

    def __init__(self, root: Any, members: int) -> None:
        self.root = root
        self.members = members
        self.took: dict[str, float] = {}

    def run(self, work: str, *words: str) -> Any:
        """One command line; the answer is what it says as JSON."""
        say(f"$ qianli {' '.join(words)}")
        written, begun = io.StringIO(), time.monotonic()
        with redirect_stdout(written):
            self.root.main(args=[*words, "--json"], standalone_mode=False)
        self.took[work] = self.took.get(work, 0) + time.monotonic() - begun
        return json.loads(written.getvalue())

    def sum_up(self) -> None:
        """What took how long."""
        rows = [
            (work, f"{took:.1f}", f"{self.members / max(took, 0.01):,.0f}" if work not in ONCE else "")
            for work, took in self.took.items()
        ]
        table("用时", ["步骤", "秒", "每秒人数"], rows)


def _empty(folder: Path) -> Path:
    """The directory, made if need be; never one with anything in it."""
    try:
        filled = any(private.folder(folder).iterdir())
    except OSError as error:
        raise BadInput(f"目录用不了：{folder}（{error.strerror}）。请用 --to 指定别的目录。") from error
    if filled:
        raise RuleBroken(f"目录 {folder} 里已经有东西，演示不会覆盖它。请先移走，或用 --to 指定一个空目录。")
    return folder.resolve()


@contextmanager
def _environment(folder: Path) -> Iterator[None]:
    """A database and papers inside the directory, whatever is configured; a .env there, so that one can go on."""
    own = {
        "QIANLI_DATABASE_URL": f"sqlite:///{folder}/qianli.db",
        "QIANLI_DOCUMENTS_URL": f"file://{folder}/documents",
        "QIANLI_PUBLIC_URL": PUBLIC_URL,
    }
    (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in own.items()), encoding="utf-8")
    before, name = dict(os.environ), context.name
    os.environ.update(own)
    settings.cache_clear()
    context.name = name or "周主任"
    try:
        yield
    finally:
        let_go(own["QIANLI_DATABASE_URL"])
        context.name = name
        os.environ.clear()
        os.environ.update(before)
        settings.cache_clear()


def _told_of_imports(done: Sequence[dict[str, Any]]) -> None:
    refused = sum(len({(one["sheet"], one["row"]) for one in each["rejected"]}) for each in done)
    notices = sum(len(each["notices"]) for each in done)
    added = sum(each["added"] for each in done)
    say(f"  新增 {added:,} 人，另有 {notices:,} 处请留意。")
    if refused:
        files = "、".join(each["fix_file"] for each in done if each["fix_file"])
        say(f"  退回 {refused:,} 行，写进了待改表：{files}")


def _told_of_holds(held: Sequence[dict[str, Any]], folder: Path) -> None:
    say(f"  暂缓 {len({one['number'] for one in held}):,} 人，名单和下一步存在 {folder / HOLDS}：")
    for reason, count in Counter(one["reason"] for one in held).most_common():
        say(f"    {count:>6,}  {WORDS[HoldReason(reason)].sentence}")


def _farewell(folder: Path, members: int, to_fulfil: int) -> None:
    here = ROOT / ".venv" / "bin" / "qianli"
    say("接着看，先进入这个目录（里面的 .env 指向这次演示的数据库）：")
    say(f"  cd {folder}")
    say(f"  {here} campaign status {CODE}")
    if members > DRAW_AT_MOST:
        minutes = max(1, round(to_fulfil * A_MEMBER_S / 60))
        say(f"这么多文件没有出：可寄的 {to_fulfil:,} 份在一个处理器核上约需 {minutes:,} 分钟。要接着出：")
        say(f"  {here} campaign fulfil {CODE} --inline")
    say(f"  {here} campaign documents {CODE}")
