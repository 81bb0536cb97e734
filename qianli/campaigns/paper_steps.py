"""The next step of a hold or a case on paper, which has no buttons and may be carried to any desk. Pure.

What the pages say, without where to tick and what to press: it is done so on the page and by command alike.
"""

import re

from models import CaseReason, Channel, HoldReason
from qianli.campaigns import page_steps

#: Label of a button beside something ticked → the same as an act; others are something to be noted.
ACTS = {"住址核实过了": "登记住址核实过", "可以再寄了": "注明可以再寄", "办结": "办结"}
AGAIN = re.compile("再点“再?([^”]+)”")
TICKED = re.compile("(?:勾选后?，?)?点“([^”]+)”")


def of_hold(channel: Channel, reason: HoldReason, sentence: str, next_step: str) -> str:
    """What to do about a hold that says this."""
    return _without_buttons(page_steps.of_hold(channel, reason, sentence, next_step))


def of_case(channel: Channel, reason: CaseReason, next_step: str) -> str:
    """What to do about a case that says this."""
    return _without_buttons(page_steps.of_case(channel, reason, next_step))


def _without_buttons(step: str) -> str:
    return TICKED.sub(lambda found: ACTS.get(found[1], f"登记{found[1]}"), AGAIN.sub(r"再\1", step))
