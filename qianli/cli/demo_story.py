"""The story of `qianli demo`, chapter by chapter."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from qianli.cli.common import say
from qianli.errors import RuleBroken
from qianli.settings import ROOT, settings
from qianli.stages import demo as played

BEGINS_DAYS_AGO = 14
LETTERS, STUDY = "QLCS-2027", "YJZX-2027"
EXAMPLES = {LETTERS: "examples/qianli-letter", STUDY: "examples/study-books"}
ORGANISATIONS = {LETTERS: "青石街道云岭社区党委", STUDY: "临溪镇石门村党支部"}
LEDGERS = {LETTERS: "ledger.xlsx", STUDY: "ledger.csv"}


class Post(Protocol):
    """A courier with an interface, played: see demo_post.py."""

    def collect(self, code: str) -> None:
        """Take a campaign's parcels that were handed over since."""

    def tell(self) -> None:
        """Say what has happened by now."""


class Teller:
    """Shows a command, then runs it, in the name of the day the story has come to.

    Without a `post` that has an interface, its numbers and events come in files like every courier's.
    """

    def __init__(self, root: Any, folder: Path, post: Post | None = None) -> None:
        self.root = root
        self.folder = folder
        self.post = post

    def run(self, *words: str) -> None:
        """One command line."""
        say(f"$ qianli {' '.join(words)}")
        self.root.main(args=list(words), standalone_mode=False)

    def together(self, *words: str) -> None:
        """The same command for both campaigns at once, the second as if in another window."""
        first, second = ([*words, code] for code in EXAMPLES)
        beside = subprocess.Popen([sys.executable, "-m", "qianli", *second], stdout=subprocess.PIPE, text=True)  # noqa: S603 - ourselves
        self.run(*first)
        told, _ = beside.communicate()
        say(f"$ qianli {' '.join(second)}\n{told.strip()}")
        if beside.returncode:
            raise RuleBroken("第二个活动的这一步没有做成，演示到此为止。")

    def file(self, name: str, content: bytes) -> str:
        """A spreadsheet that came from a courier; the answer is its path as typed."""
        path = self.folder / f"{len(list(self.folder.iterdir())) + 1:02d}-{name}.xlsx"
        path.write_bytes(content)
        return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)

    def days_ago(self, days: int) -> None:
        """From here on the story plays so many days ago."""
        os.environ["QIANLI_CLOCK_OFFSET_DAYS"] = str(-days)
        settings.cache_clear()


def arrive(tell: Teller) -> None:
    """一、台账、资料包和库存"""
    tell.days_ago(BEGINS_DAYS_AGO)
    tell.run("init")
    for code, folder in EXAMPLES.items():
        tell.run("member", "import", f"{folder}/{LEDGERS[code]}", "--organisation", ORGANISATIONS[code])
        tell.run("kit", "add", f"{folder}/kit.yaml")
        tell.run("campaign", "new", f"{folder}/campaign.yaml")
    for sku, quantity in played.stock_to_receive().items():
        tell.run("item", "receive", sku, str(quantity))


def prepare(tell: Teller) -> None:
    """二、核对地址，预演，批准"""
    tell.together("campaign", "prepare")
    for code in EXAMPLES:
        tell.run("campaign", "holds", code)
    tell.run("campaign", "rehearse", LETTERS)
    for code in EXAMPLES:
        tell.run("campaign", "approve", code)


def send(tell: Teller) -> None:
    """三、打印、装箱、交给快递"""
    tell.days_ago(12)
    tell.together("campaign", "fulfil")
    for code in EXAMPLES:
        _hand_over(tell, code)
    tell.run("campaign", "documents", LETTERS)


def _hand_over(tell: Teller, code: str) -> None:
    """Pack, seal, hand over; a courier without an interface sends its waybill numbers as a file."""
    tell.run("parcel", "pack", "--all", code)
    tell.run("manifest", "seal", code)
    for number, count in played.sealed_manifests(code):
        tell.run("manifest", "hand-over", number, "--count", str(count))
    if numbers := played.waybill_file(code):
        tell.run("parcel", "waybills", tell.file("waybills", numbers))
    if tell.post:
        tell.post.collect(code)


def deliver(tell: Teller) -> None:
    """四、快递在路上；补上一位党员的地址，补寄一份"""
    tell.days_ago(7)
    _news(tell, LETTERS, STUDY)
    tell.run("parcel", "list", STUDY)
    tell.run("case", "list")
    tell.run("member", "import", f"{EXAMPLES[LETTERS]}/correction.xlsx", "--organisation", ORGANISATIONS[LETTERS])
    tell.run("campaign", "prepare", LETTERS)
    tell.run("campaign", "fulfil", LETTERS)
    _hand_over(tell, LETTERS)


def _news(tell: Teller, *codes: str) -> None:
    """What the post pushes; and the files of couriers that have no interface."""
    if tell.post:
        tell.post.tell()
    for code in codes:
        if events := played.events_file(code, but_the_post=tell.post is not None):
            tell.run("parcel", "events", tell.file("events", events))


def confirm(tell: Teller) -> None:
    """五、党员确认；少一本书的，补寄一本"""
    tell.days_ago(4)
    missing, *others = played.waiting_numbers(LETTERS)
    for number in others:
        tell.run("receipt", "record", "--campaign", LETTERS, "--member", number, "--said", "all_here", "--via", "phone")
    tell.run(
        "receipt", "record", "--campaign", LETTERS, "--member", missing, "--said", "something_missing",
        "--missing", "history-pictures", "--via", "phone",
    )  # fmt: skip
    tell.run("case", "list", "--campaign", LETTERS)
    tell.run("parcel", "replace", missing, "--sku", "history-pictures")
    tell.run("campaign", "fulfil", LETTERS, "--inline")
    _hand_over(tell, LETTERS)


def finish(tell: Teller) -> None:
    """六、收尾：第一个活动结束，第二个留给您试"""
    tell.days_ago(0)
    _news(tell, LETTERS)
    for number in [*played.waiting_numbers(LETTERS, played.SHORT), *played.waiting_numbers(LETTERS)]:
        tell.run("receipt", "record", "--campaign", LETTERS, "--member", number, "--said", "all_here", "--via", "phone")
    tell.run("campaign", "close", LETTERS)
    tell.run("campaign", "status", STUDY)
    tell.run("case", "list")


CHAPTERS: Sequence[Callable[[Teller], None]] = (arrive, prepare, send, deliver, confirm, finish)
