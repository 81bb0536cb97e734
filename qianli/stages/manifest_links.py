"""The link by which whoever takes a manifest's parcels reaches it: no login, that manifest only, and not for ever.

The token follows from a key, the manifest and a generation, so that paper made again bears the same; the database
holds a hash. It lives from sealing until some days after hand-over.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from models import Manifest, ManifestLink, ManifestState, Subject
from qianli.errors import NotFound, RuleBroken
from qianli.receipts.codes import ALPHABET, look_up_hash, token
from qianli.settings import settings
from qianli.stages.codes import count_failure, key, look_up_hashes
from qianli.stages.typed import manifest_number
from qianli.stages.unit import now, reading, writing
from qianli.store import handover, journal, manifests
from qianli.store import manifest_links as links

LENGTH = 24  # of 29 characters: nobody guesses 116 bits
UNKNOWN = "这个链接不能用了。"


@dataclass(frozen=True)
class Linked:
    """A manifest's link; `new` if this call made it in the place of another."""

    number: str
    url: str
    expires_at: datetime | None
    new: bool


@dataclass(frozen=True)
class Revoked:
    """The manifest whose link ended; `already` if there was none."""

    number: str
    already: bool


def give(session: Session, *, manifest_id: int) -> ManifestLink:
    """A link for a manifest that has none."""
    generation = links.next_generation(session, manifest_id=manifest_id)
    key_id = settings().secret_id
    made = ManifestLink(
        manifest_id=manifest_id,
        generation=generation,
        key_id=key_id,
        token_hash=look_up_hash(key(key_id), _token(key_id, manifest_id, generation)),
        created_at=now(),
    )
    links.add(session, link=made)
    return made


def address(session: Session, *, manifest_id: int) -> str | None:
    """What the QR of a manifest says; None where there is no link, or no address that leads here."""
    found = links.live(session, manifest_id=manifest_id)
    return _address(found) if found and settings().public_url else None


def link(number: str, *, by: str) -> Linked:
    """The link of a sealed manifest; a revoked one, or one that is over, is followed by a new one."""
    if not settings().public_url:
        raise RuleBroken("没有设置 QIANLI_PUBLIC_URL，快递员打不开网页；请先设置公开的网址，或用纸质交接单。")
    with writing(by) as session:
        manifest = _sealed(session, number)
        found, at = links.live(session, manifest_id=manifest.key), now()
        if found and found.expires_at and found.expires_at <= at:
            links.end(session, link=found, revoked_at=at)
            session.flush()
            found = None
        made = found or give(session, manifest_id=manifest.key)
        if not found:
            if handover.of_manifest(session, manifest_id=manifest.key):
                expire(session, manifest_id=manifest.key, at=at)
            journal.note(session, subject=Subject.manifest, ids=[manifest.key], what="link made")
        return Linked(manifest.number, _address(made), made.expires_at, new=not found and made.generation > 1)


def revoke(number: str, *, by: str) -> Revoked:
    """From now on the link leads nowhere; the manifest stays as it is."""
    with writing(by) as session:
        manifest = manifests.by_number(session, number=manifest_number(number))
        found = links.live(session, manifest_id=manifest.key)
        if found:
            links.end(session, link=found, revoked_at=now())
            journal.note(session, subject=Subject.manifest, ids=[manifest.key], what="link revoked")
        return Revoked(manifest.number, already=not found)


def expire(session: Session, *, manifest_id: int, at: datetime) -> None:
    """After hand-over the link works for some days more, so that both sides can fetch the record."""
    found = links.live(session, manifest_id=manifest_id)
    if found:
        links.end(session, link=found, at=at + timedelta(days=settings().manifest_link_days))


def behind(written: str, *, address: str) -> str:
    """The number of the manifest that this token leads to.

    NotFound alike for unknown, revoked and expired ones; TooManyTries if this network address had too many of them.
    """
    plain = written.strip().upper()
    if len(plain) == LENGTH and set(plain) <= set(ALPHABET):
        with reading() as session:
            found = links.behind(session, hashes=look_up_hashes(plain), at=now())
            if found:
                return found.number
    count_failure(address)
    raise NotFound(UNKNOWN)


def _sealed(session: Session, number: str) -> Manifest:
    manifest = manifests.by_number(session, number=manifest_number(number))
    if manifest.state is ManifestState.draft:
        raise RuleBroken(f"交接单 {manifest.number} 还没有封单，没有链接；请先运行“manifest seal 活动代码”。")
    if manifest.state is ManifestState.void:
        raise RuleBroken(f"交接单 {manifest.number} 已经作废，链接不能再用；请重新封单。")
    return manifest


def _address(found: ManifestLink) -> str:
    made = _token(found.key_id, found.manifest_id, found.generation)
    return f"{(settings().public_url or '').rstrip('/')}/m/{made}"


def _token(key_id: str, manifest_id: int, generation: int) -> str:
    return token(key(key_id), f"qianli manifest link {manifest_id} {generation}", LENGTH)
