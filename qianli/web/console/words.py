"""States in words, as the commands say them."""

from qianli.cli.state_words import CAMPAIGN, CONSIGNMENT, PARCEL, SAID, TRACKING

__all__ = ["ACTS", "CAMPAIGN", "CONSIGNMENT", "PARCEL", "SAID", "STEPS", "TRACKING"]

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
