"""States in words, for the console's pages."""

from qianli.state_words import (
    ADDRESS_SAID,
    ARTEFACT,
    CAMPAIGN,
    CONSIGNMENT,
    FINDING,
    MANIFEST,
    OUTCOME,
    PARCEL,
    REASON,
    ROUND_RULE,
    SAID,
    SAID_VIA,
    STRATUM,
    TRACKING,
)
from qianli.web.plain import plain

__all__ = [
    "ACTS", "ADDRESS_SAID", "ARTEFACT", "CAMPAIGN", "CONSIGNMENT", "FINDING", "MANIFEST", "OUTCOME",
    "PAPER", "PARCEL", "REASON", "ROUND_RULE", "SAID", "SAID_VIA", "STEPS", "STRATUM", "TRACKING", "plain",
]  # fmt: skip

ACTS = {
    "prepare": "开始准备",
    "approve": "批准",
    "fulfil": "编包裹、出单据",
    "pack": "全部装好了",
    "seal": "封交接单",
    "close": "办结",
}
PAPER = {"call_sheet": "核实单", "claim": "申请单"}
#: State → how far along the line at the top of a campaign's page.
STEPS = ("draft", "prepared", "approved", "under_way", "closed")
