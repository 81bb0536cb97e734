"""Files with their rows: the row first, then the file, then what came out of it."""

from pathlib import Path
from urllib.parse import urlsplit

from sqlmodel import Session

from models import Artefact, ArtefactKind
from qianli import artefacts
from qianli.settings import ROOT, settings
from qianli.stages.unit import now, reading, writing
from qianli.store import artefacts as rows


def declare(session: Session, *, kind: ArtefactKind, path: str, campaign_id: int | None) -> Artefact:
    """The row of a file that will be published; the same path is the same row."""
    return rows.find_or_add(session, kind=kind, path=path, campaign_id=campaign_id, at=now())


def publish_declared(artefact_id: int, content: bytes, pages: int | None, *, by: str) -> str:
    """Publish a declared file and record what it is; the answer is the path as shown to people."""
    sha256 = put(artefact_id, content)
    with writing(by) as session:
        rows.record(session, artefact_id=artefact_id, sha256=sha256, pages=pages, at=now())
        return shown(rows.by_id(session, artefact_id=artefact_id).path)


def put(artefact_id: int, content: bytes) -> str:
    """Publish a declared file, and leave recording its checksum, the answer, to the caller's last transaction."""
    with reading() as session:
        path = rows.by_id(session, artefact_id=artefact_id).path
    if settings().pdf_archive and path.endswith(".pdf"):
        from qianli.documents.archive import as_archive  # noqa: PLC0415 - few want it, and it takes its time to import

        content = as_archive(content)
    return artefacts.publish(settings().documents_url, path, content)


def publish_artefact(
    *, kind: ArtefactKind, path: str, content: bytes, pages: int | None = None, campaign_id: int | None = None, by: str
) -> str:
    """Declare and publish in one go, for files that nothing else waits for."""
    with writing(by) as session:
        artefact_id = declare(session, kind=kind, path=path, campaign_id=campaign_id).key
    return publish_declared(artefact_id, content, pages, by=by)


def fetch(path: str) -> bytes:
    """The bytes of a published file, by its path in the store."""
    return artefacts.fetch(settings().documents_url, path)


def shown(path: str) -> str:
    """A stored path as people see it: relative to the project in the default store, else the whole location."""
    url = urlsplit(settings().documents_url)
    if url.scheme != "file":
        return f"{settings().documents_url.rstrip('/')}/{path}"
    whole = Path(url.path) / path
    return str(whole.relative_to(ROOT)) if whole.is_relative_to(ROOT) else str(whole)
