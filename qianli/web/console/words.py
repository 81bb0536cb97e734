"""States in words, and the sentences of the commands as the console says them."""

import re

from qianli.state_words import ARTEFACT, CAMPAIGN, CONSIGNMENT, PARCEL, SAID, TRACKING

__all__ = ["ACTS", "ARTEFACT", "CAMPAIGN", "CONSIGNMENT", "PARCEL", "SAID", "STEPS", "TRACKING", "plain"]

ACTS = {
    "prepare": "开始准备",
    "approve": "批准",
    "fulfil": "编包裹、出单据",
    "pack": "全部装好了",
    "seal": "封交接单",
    "close": "办结",
}
#: State → how far along the line at the top of a campaign's page.
STEPS = ("draft", "prepared", "approved", "under_way", "closed")
#: What a sentence for the command line tells to run → where that is done here.
HERE = {
    "print reprint": "在打印间重印",
    "campaign prepare": "在活动页点“开始准备”",
    "campaign approve": "请有审批权限的同志在活动页批准",
    "campaign fulfil": "在活动页点“编包裹、出单据”",
    "parcel pack": "在装箱页装箱",
    "manifest seal": "在活动页点“封交接单”",
}
COMMAND = re.compile("(?:运行|用)“(?:qianli )?([a-z]+ [a-z]+)[^”]*”")
OPTIONS = {"--reason": "原因", "--pages": "页码", "--from-label": "起始张", "--unconfirmed": "原因"}


def plain(message: str) -> str:
    """The same sentence without commands and options, where this house has a page for them."""
    said = COMMAND.sub(lambda found: HERE.get(found[1], found[0]), message)
    for option, word in OPTIONS.items():
        said = said.replace(f" {option} ", f"“{word}”").replace(option, word)
    return said
