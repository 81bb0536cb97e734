"""Letters, built from rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from models import Campaign, Consignment, LetterText, Snapshot
from qianli.campaigns.references import consignment_number
from qianli.documents.forms import ItemLine, Letter
from qianli.documents.letter_text import filled
from qianli.documents.letter_values import letter_values
from qianli.receipts.codes import make_code
from qianli.settings import settings
from qianli.stages.codes import key
from qianli.store import campaigns, organisations


@dataclass(frozen=True)
class LetterMaker:
    """What is the same for every letter of a campaign."""

    campaign: Campaign
    text: LetterText
    organisation: str

    @classmethod
    def of(cls, session: Session, campaign: Campaign) -> "LetterMaker":
        """Read what all letters share."""
        organisation = organisations.name_of(session, organisation_id=campaign.organisation_id)
        return cls(campaign, campaigns.letter_text(session, campaign=campaign), organisation)

    def letter(self, consignment: Consignment, snapshot: Snapshot, items: Sequence[ItemLine]) -> Letter:
        """One member's letter, from the snapshot; the same rows always give the same letter."""
        values = values_of(snapshot, self.campaign, self.organisation)
        url = settings().public_url
        return Letter(
            number=consignment_number(self.campaign.code, consignment.number),
            sender=self.campaign.sender["name"],
            **filled(self.text.title, self.text.body, values),
            letter_on=self.campaign.letter_on,
            items=tuple(items),
            phone=self.campaign.sender["phone"],
            name=snapshot.name,
            confirm_url=f"{url.rstrip('/')}/r" if url else None,
            code=confirmation_code(consignment) if url else None,
            reply_address=self.campaign.outside["address"],
            imprints=tuple(self.campaign.imprints),
        )

    def proof(self, consignment: Consignment, snapshot: Snapshot, items: Sequence[ItemLine]) -> Letter:
        """The same letter with a code that never works: proofs lie about."""
        letter = self.letter(consignment, snapshot, items)
        return replace(letter, code=_code(consignment, PROOF_GENERATION)) if letter.code else letter


PROOF_GENERATION = 0


def values_of(snapshot: Snapshot, campaign: Campaign, organisation: str) -> dict[str, str | None]:
    """What stands in the place of each placeholder of one member's letter; None where nothing is known."""
    return letter_values(
        name=snapshot.name,
        province=snapshot.province,
        city=snapshot.city,
        district=snapshot.district,
        away_since=snapshot.away_since,
        letter_on=campaign.letter_on,
        organisation=organisation,
        sender=campaign.sender["name"],
        phone=campaign.sender["phone"],
    )


def confirmation_code(consignment: Consignment) -> str:
    """The code printed on a consignment's letter; derived anew each time, never stored."""
    return _code(consignment, consignment.code_generation)


def _code(consignment: Consignment, generation: int) -> str:
    return make_code(key(consignment.code_key_id or settings().secret_id), consignment.key, generation)
