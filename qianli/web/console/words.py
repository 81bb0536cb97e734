"""States in words, for the console's pages."""

from qianli.state_words import (
    ADDRESS_SAID,
    ARTEFACT,
    CAMPAIGN,
    FINDING,
    MANIFEST,
    OUTCOME,
    PARCEL,
    REASON,
    ROUND_RULE,
    SAID_VIA,
    STRATUM,
    TRACKING,
)
from qianli.web.plain import plain

__all__ = [
    "ADDRESS_SAID", "ARTEFACT", "CAMPAIGN", "FINDING", "MANIFEST", "OUTCOME",
    "PAPER", "PARCEL", "REASON", "ROUND_RULE", "SAID_VIA", "STEPS", "STRATUM", "TRACKING", "plain",
]  # fmt: skip

PAPER = {"call_sheet": "核实单", "claim": "申请单"}
#: State → how far along the line at the top of a campaign's page.
STEPS = ("draft", "prepared", "approved", "under_way", "closed")
