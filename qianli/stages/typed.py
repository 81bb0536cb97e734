"""What people type or scan, read kindly: references of parcels, numbers of consignments and manifests."""

import re
import unicodedata
from collections.abc import Sequence

from sqlmodel import Session

from models import Consignment, Member, Parcel
from qianli.campaigns import references
from qianli.errors import BadInput, Conflict, NotFound
from qianli.ledger.rowkeys import read_key
from qianli.store import consignments, edits, members, parcels


def folded(text: str) -> str:
    """Without differences of width, or blanks around it."""
    return unicodedata.normalize("NFKC", text).strip()


def reference(text: str) -> str:
    """A parcel's reference as stored; what cannot be one stays as it is, in capitals, and will not be found."""
    plain = folded(text).upper()
    return (references.normalise(plain) if plain.isascii() else None) or plain


def manifest_number(text: str) -> str:
    """A manifest's number as stored."""
    return folded(text).upper()


def parcel(session: Session, text: str) -> Parcel:
    """The parcel with this reference; NotFound otherwise."""
    wanted = reference(text)
    found = parcels.by_reference(session, references=[wanted])
    if wanted not in found:
        raise NotFound(unknown_reference(text), reference=wanted)
    return found[wanted]


def unknown_reference(text: str) -> str:
    """Why no parcel was found: a slip of the fingers, or a piece that is not ours."""
    plain = folded(text).upper()
    if plain.isascii() and references.normalise(plain):
        return f"没有编号为“{text}”的包裹，请看一下是不是别的系统的标签。"
    return f"包裹编号“{text}”不对，请对照面单重新输入或扫描。"


def consignment(session: Session, text: str) -> tuple[str, Consignment]:
    """The consignment with this number (as on the letter), and its number as printed."""
    parts = references.split_consignment_number(folded(text))
    if parts is None:
        raise BadInput(f"寄送编号“{text}”不对，应当像书信上印的那样：活动代码、短横线、数字，例如 CODE-0042。")
    code, number = parts
    try:
        found = consignments.by_number(session, campaign_code=code, number=number)
    except NotFound:
        code = code.upper()
        found = consignments.by_number(session, campaign_code=code, number=number)
    return references.consignment_number(code, number), found


def member(session: Session, text: str) -> Member:
    """The member of this number, as `member list` shows it, kept from others until the transaction ends.

    A row key of an exported sheet does as well: then a record that was changed since is refused.
    """
    return members_of(session, [text])[0]


def members_of(session: Session, texts: Sequence[str]) -> list[Member]:
    """The same of several, in their order."""
    keys = [_member_key(text) for text in texts]
    found = members.lock(session, ids=[id_ for id_, _ in keys])
    for id_, version in keys:
        if id_ not in found:
            raise NotFound(f"没有编号为 {id_} 的党员，可用“member list”查看。", member_id=id_)
        if version not in (None, found[id_].version):
            raise Conflict(edits.STALE.format(count=1), ids=[id_])
    return [found[id_] for id_, _ in keys]


def _member_key(text: str) -> tuple[int, int | None]:
    """Id, and the version a row key was written from."""
    plain = folded(text).upper()
    if "-" in plain:
        key = read_key(plain)
        return key.member_id, key.version
    if not re.fullmatch(r"M?[1-9]\d{0,17}", plain):
        raise BadInput(f"党员编号“{text}”不对，请写“member list”里的编号，或表格里的行标识。")
    return int(plain.removeprefix("M")), None
