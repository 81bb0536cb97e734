"""No page tells anybody to type a command: every hold, case and refusal, as pages say them."""

import ast
import re
from collections.abc import Iterator

import pytest

from models import CaseReason, Channel, HoldReason
from qianli.campaigns import cases, holds, page_steps, paper_steps
from qianli.campaigns.case_papers import papers_of
from qianli.cli.words import WORDS
from qianli.settings import ROOT
from qianli.web.plain import NOUN, plain

COMMAND = re.compile(rf"qianli [a-z]|“(?:{NOUN})(?: [a-z][a-z-]*)?[ ”]|(?<![\w.])(?:{NOUN}) [a-z]|--[a-z]")
#: Whose sentences reach no page: the command line's own, and those of starting and stopping it.
NOT_ON_PAGES = {"cli", "launch"}


def sentences() -> Iterator[tuple[str, str]]:
    """Every Chinese sentence in the code with a place for each value, and the file it stands in."""
    for path in sorted((ROOT / "qianli").rglob("*.py")):
        if NOT_ON_PAGES & set(path.relative_to(ROOT).parts):
            continue
        tree = ast.parse(path.read_text())
        told = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}  # docstrings
        parts = {id(one) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for one in node.values}
        for node in ast.walk(tree):
            if id(node) not in told | parts and (text := _text(node)) and re.search("[\u4e00-\u9fff]", text):
                yield path.name, text


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else "X1" for one in node.values)
    return ""


def test_no_sentence_names_a_command_on_a_page() -> None:
    found = [(where, text) for where, text in sentences() if COMMAND.search(text)]
    assert len(found) > 100  # there are plenty elsewhere, so the walk sees them
    assert [(where, plain(text)) for where, text in found if COMMAND.search(plain(text))] == []


def test_what_holds_and_cases_say_on_a_page() -> None:
    said = [
        page_steps.of_hold(Channel.post, reason, words.sentence, words.next_step)
        for reason, words in holds.WORDS.items()
    ] + [page_steps.of_case(Channel.post, reason, step) for reason, (_, step) in cases.WORDS.items()]
    said.append(
        page_steps.of_hold(Channel.post, HoldReason.duplicate_person, holds.MERGED.sentence, holds.MERGED.next_step)
    )
    assert len(said) == len(HoldReason) + len(CaseReason) + 1
    assert [one for one in said if COMMAND.search(plain(one)) or not one.endswith("。")] == []
    assert page_steps.OF_MERGED in said


def test_what_papers_say_names_no_command_and_no_button() -> None:
    said = [
        paper_steps.of_hold(channel, reason, words.sentence, words.next_step)
        for reason, words in holds.WORDS.items()
        for channel in Channel
    ]
    said += [
        paper_steps.of_case(Channel.post, reason, step)
        for reason, (_, step) in cases.WORDS.items()
        if papers_of(reason)
    ]
    assert [one for one in said if COMMAND.search(one) or "点“" in one or "勾选" in one or not one.endswith("。")] == []
    assert "还住在那里的，登记住址核实过，再准备一次。" in paper_steps.of_hold(
        Channel.post, HoldReason.stale_address, "", ""
    )
    assert paper_steps.of_case(Channel.post, CaseReason.lost, "").endswith("再登记退回报损，重新寄送。")


def test_papers_are_laid_out_without_commands() -> None:
    named = re.compile(rf"“(?:qianli )?(?:{NOUN}) [a-z]|qianli [a-z]+ [a-z]")
    papers = list((ROOT / "templates").glob("[!mw]*/*.html"))
    assert len(papers) > 15
    assert [path.name for path in papers if named.search(path.read_text())] == []


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("请先运行“campaign prepare”，再预演。", "请先在活动页点“开始准备”，再预演。"),
        ("没有编号为 7 的党员，可用“member list”查看。", "没有编号为 7 的党员，可在党员名单里查看。"),
        ("请写“member list”里的编号。", "请写党员名单里的编号。"),
        ("包裹退回后请用“parcel take-back”。", "包裹退回后请在活动页“待处理的问题”里登记退回。"),
        ("再运行 qianli parcel take-back T-00001-X --write-off，重寄。", "再在活动页“待处理的问题”里登记退回，重寄。"),
        ("没有资料包，请先用“kit add”登记。", "没有资料包，请先由管理员登记。"),
        ("没有接通；详见 qianli courier list。", "没有接通；请管理员检查接口。"),
        ("请用 --sku 写明补寄什么。", "请用“物品”写明补寄什么。"),
        ("还住在那里的用“member verify 编号”，再说。", "还住在那里的在“住址”清单里点“今天核实过”，再说。"),
        ("到货后用“item receive”登记入库。", "到货后在“物品”清单里登记入库。"),
        ("弄错了的，先运行“member distinct 1 2 --undo”。", "弄错了的，先由管理员撤销。"),
        ("一个也没有。", "一个也没有。"),
    ],
)  # fmt: skip
def test_a_sentence_reads_well(message: str, said: str) -> None:
    assert plain(message) == said


def test_nouns_are_those_of_the_command_line() -> None:
    nouns = {name for name, word in WORDS.items() if word.at.endswith(":app")}
    assert len(nouns) > 10
    assert nouns <= set(NOUN.split("|")), nouns - set(NOUN.split("|"))
