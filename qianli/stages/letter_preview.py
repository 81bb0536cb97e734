"""One letter to look at before it is anybody's: marked 样张, with a code that never works, without seal or signature.

Who is shown, what is written and how it looks are chosen apart: a stored text or a file, a member or the samples of
the placeholders, any design. Nothing is stored.
"""

from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session

from models import Campaign, LetterText, Member, Residence
from qianli.documents import press
from qianli.documents.designs import measures
from qianli.documents.fonts import missing_characters
from qianli.documents.forms import ItemLine, Letter
from qianli.documents.letter_text import PLACEHOLDERS, filled, missing_values, read_text
from qianli.documents.letter_values import letter_values
from qianli.documents.pictures import png_pages
from qianli.documents.second_text import apart, refuse_unmatched
from qianli.documents.templates import template_checksum
from qianli.documents.trial import try_design
from qianli.errors import BadInput, NotFound
from qianli.receipts.codes import make_code
from qianli.settings import settings
from qianli.stages.codes import key
from qianli.stages.letter_forms import PROOF_GENERATION
from qianli.stages.unit import reading, today
from qianli.store import campaigns, kits, letter_texts, members, organisations, residences

NUMBER = "SAMPLE-0000"
DESIGN, BILINGUAL = "red_letter", "bilingual"
HELD = "请核对是否录错；确为生僻字的，可用“qianli fonts”查哪些字体能印。正式印制时，这样的书信会留下待办，不影响别人。"
Values = dict[str, str | None]


@dataclass(frozen=True)
class Words:
    """What is written, and the look it was written for."""

    salutation: str
    body: str
    design: str
    campaign: str | None = None


@dataclass(frozen=True)
class Head:
    """Who writes and when, of a campaign that is not registered yet."""

    sender: str
    phone: str
    letter_on: date


@dataclass(frozen=True)
class Previewed:
    """The letter as PDF; `missing` are placeholders that had no value and stand as they are written."""

    pdf: press.Pdf
    design: str
    missing: tuple[str, ...]

    def pictures(self) -> list[bytes]:
        """Every page as PNG, as fine as a printed one looks on a screen."""
        return png_pages(self.pdf.content)


def from_file(content: bytes, name: str) -> Words:
    """A letter file as an organiser wrote it; BadInput lists every problem."""
    salutation, body = read_text(content, name)
    return Words(salutation, body, DESIGN if apart(body)[1] is None else BILINGUAL)


def from_stored(name: str) -> Words:
    """A stored text by its code, `CODE` or `CODE@VERSION`."""
    code, _, version = name.partition("@")
    if version and not version.isdecimal():
        raise BadInput(f"“{name}”的版本写法不对，应写成“{code}@2”。")
    with reading() as session:
        text: LetterText = letter_texts.one(session, code=code, version=int(version) if version else None)
        campaign = letter_texts.campaign_of(session, code=code)
        return Words(text.title, text.body, text.design, campaign.code if campaign else None)


def preview(
    words: Words,
    *,
    member_id: int | None = None,
    design: str | None = None,
    campaign: str | None = None,
    head: Head | None = None,
) -> Previewed:
    """The letter as a member, or the samples, would get it; `campaign` gives sender, date and what comes along.

    Without a campaign, `head` gives sender and date.
    """
    design = design or words.design
    template_checksum(design)
    with reading() as session:
        found = campaigns.by_code(session, code=code) if (code := campaign or words.campaign) else None
        about = _About.of(session, found, _member(session, member_id), head)
    missing = sorted(missing_values(words.salutation + words.body, about.values))
    values = about.values | {name: f"{{{name}}}" for name in missing}
    _refuse_strange(words.salutation + words.body, "书信", "请换一种写法。")
    _refuse_strange("".join(filter(None, values.values())), "这名党员的资料", HELD)
    refuse_unmatched(words.body, bilingual=measures(design).bilingual, design=design)
    form = replace(about.form, **filled(words.salutation, words.body, values))
    try_design(design)
    return Previewed(press.preview(form, design), design, tuple(missing))


def _refuse_strange(text: str, where: str, next_step: str) -> None:
    if strange := missing_characters(text):
        raise BadInput(f"{where}里有字库没有的字：{'、'.join(sorted(strange))}。{next_step}")


def _member(session: Session, member_id: int | None) -> Member | None:
    if member_id is None:
        return None
    found = members.by_ids(session, ids=[member_id]).get(member_id)
    if found is None:
        raise NotFound(f"没有编号为 {member_id} 的党员，可用“member list”查看。", member_id=member_id)
    return found


@dataclass(frozen=True)
class _About:
    """A letter without its text, and what the placeholders say."""

    form: Letter
    values: Values

    @classmethod
    def of(cls, session: Session, campaign: Campaign | None, member: Member | None, head: Head | None) -> "_About":
        letter_on = campaign.letter_on if campaign else head.letter_on if head else today()
        organisation = _organisation(session, campaign, member)
        sender = campaign.sender["name"] if campaign else organisation or PLACEHOLDERS["落款"].sample
        phone = campaign.sender["phone"] if campaign else PLACEHOLDERS["联系电话"].sample
        if head and not campaign:
            sender, phone = head.sender, head.phone
        values: Values = {name: one.sample for name, one in PLACEHOLDERS.items()}
        if member is not None:
            on = max(campaign.planned_delivery_on, today()) if campaign else today()
            home = residences.in_force(session, member_ids=[member.key], on=on).get(member.key)
            values = _values(member, home, letter_on, organisation or "", sender, phone)
        else:
            shared = _values(None, None, letter_on, organisation or values["支部"] or "", sender, phone)
            values |= {name: shared[name] for name in ("支部", "落款", "联系电话", "信件日期")}
        url = settings().public_url
        rows = kits.rows(session, kit_id=campaign.kit_id) if campaign else []
        form = Letter(
            number=f"{campaign.code}-0000" if campaign else NUMBER,
            sender=sender,
            salutation="",
            paragraphs=(),
            letter_on=letter_on,
            items=tuple(ItemLine(row.name, row.quantity) for row in rows),
            phone=phone,
            name=values["姓名"] or "",
            confirm_url=f"{url.rstrip('/')}/r" if url else None,
            code=make_code(key(settings().secret_id), 0, PROOF_GENERATION) if url else None,
            reply_address=campaign.outside["address"] if campaign else "",
            imprints=tuple(campaign.imprints) if campaign else (),
        )
        return cls(form, values)


def _organisation(session: Session, campaign: Campaign | None, member: Member | None) -> str | None:
    id_ = campaign.organisation_id if campaign else member.organisation_id if member else None
    return organisations.name_of(session, organisation_id=id_) if id_ else None


def _values(
    member: Member | None, home: Residence | None, letter_on: date, organisation: str, sender: str, phone: str
) -> Values:
    return letter_values(
        name=member.name if member else "",
        province=home.province if home else None,
        city=home.city if home else None,
        district=home.district if home else None,
        away_since=member.away_since if member else None,
        letter_on=letter_on,
        organisation=organisation,
        sender=sender,
        phone=phone,
    )
