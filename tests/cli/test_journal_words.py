"""Every entry that the code can write has a sentence."""

import ast
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import models
from models import (
    AddressSaid,
    ArtefactKind,
    FollowUpDo,
    HoldReason,
    ImprintKind,
    ReminderReason,
    Said,
    StockMove,
    Subject,
    Tracking,
)
from qianli.cli import journal as command
from qianli.cli import journal_words as words
from qianli.settings import ROOT
from qianli.stages.story import Line, counted
from qianli.store import transitions

WRITERS = {"note", "note_each"}
STATES = {
    "campaign": transitions.CAMPAIGN,
    "consignment": transitions.CONSIGNMENT,
    "parcel": transitions.STAGE,
    "manifest": transitions.MANIFEST,
}
#: file: expression → what it can be, where it is no constant. A new one has to be added here.
SPELT_OUT: dict[str, list[str]] = {
    "qianli/store/journal.py: what": [],  # `note` hands on what it was given
    "qianli/store/transitions.py: to": [],  # states, see below
    "qianli/store/transitions.py: f'tracking {to}'": [f"tracking {one}" for one in Tracking],
    "qianli/store/stock.py: move": [str(one) for one in StockMove],
    "qianli/store/holds.py: f'{verb} {reason}'": [f"{v} {one}" for v in ("hold", "unhold") for one in HoldReason],
    "qianli/store/print_runs.py: what": [f"{v} {one}" for v in ("print", "printed") for one in ArtefactKind],
    "qianli/stages/reprinting.py: f'{verb} {run.kind}'": [
        f"{v} {one}" for v in ("on paper", "spoiled", "reprint") for one in ArtefactKind
    ],
    "qianli/store/case_hands.py: what": ["given", "taken", "freed"],
    "qianli/store/imprints.py: f'{imprint.kind} added'": [f"{one} added" for one in ImprintKind],
    "qianli/store/imprints.py: f'{kind} withdrawn'": [f"{one} withdrawn" for one in ImprintKind],
    "qianli/store/address_rounds.py: f'address {said}'": [f"address {one}" for one in AddressSaid],
    "qianli/store/follow_ups.py: f'followed up {deed}'": [f"followed up {one}" for one in FollowUpDo],
    "qianli/store/reminders.py: f'reminder {reason}'": [f"reminder {one}" for one in ReminderReason],
    "qianli/store/replacements.py: what": ["replacement_reopened", "replacement_withdrawn"],
    "qianli/stages/receipt_recording.py: f'said {answer.said}'": [f"said {one}" for one in Said],
    "qianli/stages/campaigns.py: f'{flow} asked'": [
        f"{flow} asked" for flow in ("prepare_campaign", "fulfil_campaign")
    ],
    "qianli/stages/import_rows.py: what": ["changed", "moved", "verified"],
    "qianli/store/file_imports.py: what": ["import undone", "movement import undone"],
    "qianli/store/message_sending.py: what": ["sent", "not sent", "unclear", "cancelled"],
    "qianli/store/message_results.py: what": ["settled as sent", "settled as not sent"],
    "qianli/stages/message_reports.py: what": ["delivered", "undelivered"],
    "qianli/stages/study_telling.py: what": ["study notices wanted", "study notices declined"],
    "qianli/stages/addresses.py: what": ["moved", "verified", "corrected"],
}


@cache
def written() -> tuple[tuple[str, str, str], ...]:
    """Where, subject and `what` of every entry in the source; what is no constant as it is spelt."""
    return tuple(_written())


def _written() -> Iterator[tuple[str, str, str]]:
    for path in sorted((ROOT / "qianli").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if not any(f"{name}(" in text for name in WRITERS):
            continue
        for node in ast.walk(ast.parse(text)):
            name = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else name
            given = {one.arg: one.value for one in node.keywords} if isinstance(node, ast.Call) else {}
            if name in WRITERS and "what" in given:
                place = path.relative_to(ROOT).as_posix()
                yield place, ast.unparse(given["subject"]).removeprefix("Subject."), spelt(given["what"])


def spelt(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    owner, _, member = ast.unparse(node).partition(".")
    enum = getattr(models, owner, None)
    return str(enum[member]) if enum is not None and member else ast.unparse(node)


def test_every_entry_has_a_sentence() -> None:
    found = written()
    assert len(found) > 25
    lacking = []
    for place, subject, what in found:
        for one in SPELT_OUT.get(f"{place}: {what}", [what]):
            reasons = models.CaseReason if subject == "case" else [""]
            lacking += [
                f"{place}: {subject} {one} {reason}"
                for reason in reasons
                if f"{one} {reason}".strip() not in words.SAYS.get(subject, {})
            ]
    assert lacking == []


def test_every_state_has_a_sentence() -> None:
    for subject, table in STATES.items():
        states = {*table, *(state for before in table.values() for state in before)}
        assert not [state for state in states if state not in words.SAYS[subject]]


def test_what_is_spelt_out_is_there() -> None:
    spelt_so = {f"{place}: {what}" for place, _, what in written()}
    assert SPELT_OUT.keys() <= spelt_so


def test_every_subject_has_words() -> None:
    assert {str(one) for one in Subject} <= words.SAYS.keys()


def test_flows_that_are_asked_for_have_words() -> None:
    assert all(Path(ROOT / f"flows/{flow}.py").exists() for flow in words.FLOWS)


AT = datetime(2027, 1, 4, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def line(subject: str, what: str, minutes: int, *, count: int = 1, why: str = "", actor: str = "system") -> Line:
    at = AT + timedelta(minutes=minutes)
    return Line(at, at, actor, subject, "", what, None, why, count)


def test_sixty_thousand_are_one_sentence() -> None:
    asked = line("campaign", "prepare_campaign asked", 0, actor="user:周敏")
    shards = [
        one
        for shard in range(120)
        for one in (
            line("consignment", "ready", shard, count=485, why="准备：可以寄出"),
            line("consignment", "held", shard, count=15, why="准备：暂缓"),
        )
    ]
    found = command.joined(counted([asked, *shards]))
    assert [command.sentence(one) for one in found] == ["要求准备。", "准备：可以寄出 58,200 份，暂缓 1,800 份。"]


def test_a_second_act_and_another_day_are_told_apart() -> None:
    first = line("consignment", "ready", 0, count=5)
    asked = line("campaign", "prepare_campaign asked", 5)
    told = counted(
        [first, asked, line("consignment", "ready", 6, count=2), line("consignment", "ready", 24 * 60, count=1)]
    )
    assert [(one.what, one.count) for one in told] == [
        ("ready", 5), ("prepare_campaign asked", 1), ("ready", 2), ("ready", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(("written", "shown"), [("user:周敏", "周敏"), ("system", "系统"), ("member", "本人")])
def test_who_acted_is_called_by_name(written: str, shown: str) -> None:
    assert words.actor(written) == shown
