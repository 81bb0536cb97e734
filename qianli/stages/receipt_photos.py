"""Keeping the pictures members send: drawn anew first, the rows next, then the file; taking them back."""

import hashlib
from threading import BoundedSemaphore

from sqlmodel import Session

from models import ArtefactKind
from qianli import artefacts
from qianli.campaigns.references import consignment_number
from qianli.errors import BadInput, RuleBroken
from qianli.receipts.answers import Standing, standing
from qianli.receipts.contents import was_sent
from qianli.receipts.photos import MOST_PHOTOS, redrawn
from qianli.settings import settings
from qianli.stages.artefacts import declare, publish_declared
from qianli.stages.unit import now, writing
from qianli.store import artefacts as files
from qianli.store import receipt_photos as store
from qianli.store import receipts as rows

TURNS = BoundedSemaphore(2)  # a large picture takes a tenth of a gigabyte while it is drawn
FULL = f"您的答复已经登记；照片最多 {MOST_PHOTOS} 张，这一张没有存。"
TOO_LATE = "这次寄送已经结束，不能再附照片。"


def taken_in(raw: bytes) -> bytes:
    """The picture as it is kept; BadInput if it is none. Nothing is written yet."""
    with TURNS:
        return redrawn(raw)


def keep(consignment_id: int, content: bytes, *, by: str) -> None:
    """Keep a picture that was taken in; the same one again is the same file."""
    with writing(by) as session:
        asked = _open(session, consignment_id)
        number = consignment_number(asked.campaign.code, asked.consignment.number)
        path = f"{asked.campaign.code}/photos/{number}-{hashlib.sha256(content).hexdigest()[:16]}.jpg"
        there = {file.path: file for _, file in store.there(session, consignment_id=consignment_id)}
        if path in there and there[path].published_at is not None and there[path].deleted_at is None:
            return
        if path not in there and len(there) >= MOST_PHOTOS:
            raise BadInput(FULL)
        artefact = declare(session, kind=ArtefactKind.receipt_photo, path=path, campaign_id=asked.campaign.key)
        artefact_id = artefact.key
        if path not in there:
            store.add(session, consignment_id=consignment_id, artefact_id=artefact_id, at=now())
    publish_declared(artefact_id, content, None, by=by)


def take_back(consignment_id: int, *, by: str) -> int:
    """The member takes all pictures back: they are erased at once. The answer is how many there were."""
    with writing(by) as session:
        _open(session, consignment_id)
        there = store.there(session, consignment_id=consignment_id)
        paths = {file.key: file.path for _, file in there}
        if there:
            ids = [photo.key for photo, _ in there]
            store.remove(session, ids=ids, consignment_id=consignment_id, at=now())
    for path in paths.values():
        artefacts.delete(settings().documents_url, path)
    with writing(by) as session:
        files.note_erased(session, ids=paths, at=now())
    return len(paths)


def _open(session: Session, consignment_id: int) -> rows.Asked:
    asked = rows.locked(session, consignment_id=consignment_id)
    sent = was_sent(rows.lines(session, consignment_id=consignment_id))
    if standing(asked.campaign.state, asked.consignment.state, sent=sent) is not Standing.open:
        raise RuleBroken(TOO_LATE, consignment_id=consignment_id)
    return asked
