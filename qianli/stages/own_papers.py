"""Contact cards and readers, built from rows: what is each member's own beside the letter."""

from collections.abc import Callable, Sequence

from sqlmodel import Session

from models import Campaign, Paper
from qianli.campaigns.references import consignment_number
from qianli.documents import press
from qianli.documents.forms import Contact, ContactCard, Copy, Reader
from qianli.settings import settings
from qianli.stages.parcel_views import Share
from qianli.store import kits


def contact_cards(_session: Session, campaign: Campaign, shares: Sequence[Share]) -> Callable[[], press.Pdf]:
    """A card for each share, in order; calling the answer draws them."""
    forms = [contact_card(campaign, one) for one in shares]
    pressing = press.Pressing(settings().press, campaign.seed)
    return lambda: press.contact_cards(forms, pressing)


def contact_card(campaign: Campaign, share: Share) -> ContactCard:
    """One member's card."""
    return ContactCard(
        number=consignment_number(campaign.code, share.consignment.number),
        name=share.snapshot.name,
        sender=campaign.sender["name"],
        phone=campaign.sender["phone"],
        contacts=tuple(Contact(**one) for one in campaign.contacts),
    )


def readers(session: Session, campaign: Campaign, shares: Sequence[Share]) -> Callable[[], press.Pdf]:
    """A copy of the kit's reader for each share, in order."""
    rows = kits.rows(session, kit_id=campaign.kit_id)
    reader = Reader(
        text=next(row.text or "" for row in rows if row.paper is Paper.reader),
        sender=campaign.sender["name"],
        made_by=f"{campaign.letter_on.year}年{campaign.letter_on.month}月",
        copies=tuple(
            Copy(consignment_number(campaign.code, one.consignment.number), one.snapshot.name) for one in shares
        ),
    )
    return lambda: press.readers(reader)
