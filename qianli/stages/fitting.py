"""Whether a member's letter fits, asked before it is drawn; and what was found to be wrong with it when it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from models import Campaign, Consignment, Hold, HoldReason, LetterText, Snapshot
from qianli.documents.designs import measures
from qianli.documents.forms import Letter
from qianli.documents.letter_layout import letter_layout
from qianli.documents.letter_text import fill, fill_line, missing_values
from qianli.errors import DocumentError
from qianli.store import consignments

Values = dict[str, str | None]
#: What of a snapshot stands on paper.
PRINTED = ("name", "phone", "province", "city", "district", "detail", "postcode", "away_since")


#: What shows only when papers are drawn.
FOUND = (HoldReason.does_not_fit, HoldReason.layout_failed)


@dataclass(frozen=True)
class Unprintable:
    """Papers of one consignment that could not be drawn: when, why, and made of what."""

    at: datetime
    sentence: str
    snapshot: Snapshot

    def is_so_still(self, seen: Mapping[str, Any], text: LetterText) -> bool:
        """Whether neither the letter nor what is known of the member has become another since."""
        return self.at >= text.created_at and all(getattr(self.snapshot, name) == seen[name] for name in PRINTED)


def found_unprintable(
    session: Session, rows: Sequence[Consignment], open_holds: Mapping[int, Mapping[HoldReason, Hold]]
) -> dict[int, dict[HoldReason, Unprintable]]:
    """Consignment id → what was found of those that are held for it."""
    there = {
        row.key: some
        for row in rows
        if (some := [hold for why, hold in open_holds.get(row.key, {}).items() if why in FOUND])
    }
    which = {row.key: row.snapshot_id for row in rows if row.key in there and row.snapshot_id is not None}
    old = consignments.snapshots(session, ids=list(which.values())) if which else {}
    return {
        id_: {hold.reason: Unprintable(hold.opened_at, hold.sentence, old[one]) for hold in there[id_]}
        for id_, one in which.items()
    }


def pages_fault(text: LetterText, campaign: Campaign, values: Values) -> str:
    """That a letter has more pages than its design allows; empty if not, or if it lacks a value and waits for that."""
    if measures(text.design).most_pages is None or missing_values(text.title + text.body, values):
        return ""
    letter = replace(
        Letter.sample(),
        sender=campaign.sender["name"],
        letter_on=campaign.letter_on,
        salutation=fill_line(text.title, values),
        paragraphs=fill(text.body, values),
    )
    try:
        letter_layout(letter, text.design)
    except DocumentError as error:
        return error.message
    return ""
