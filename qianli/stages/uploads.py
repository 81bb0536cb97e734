"""A spreadsheet between its preview and its import: kept for its sender alone, a day at most."""

import re
import secrets
from datetime import timedelta
from pathlib import PurePath

from sqlmodel import Session

from models import Artefact, ArtefactKind
from qianli import artefacts
from qianli.errors import NotFound
from qianli.settings import settings
from qianli.stages.artefacts import fetch, publish_artefact
from qianli.stages.unit import now, reading, writing
from qianli.store import artefacts as rows

KEPT = timedelta(days=1)
FOLDER = "fix/upload"
TOKEN = re.compile(r"[0-9a-f]{32}")
GONE = "这份文件已经不在了（最多留一天），请重新选择文件。"


def keep(content: bytes, *, filename: str, user_id: int, by: str) -> str:
    """Put it aside; the answer is the token by which only this user finds it again. Older ones are erased."""
    clear()
    token = secrets.token_hex(16)
    ending = ".csv" if PurePath(filename).suffix.lower() == ".csv" else ".xlsx"
    path = f"{FOLDER}-{user_id}-{token}{ending}"
    publish_artefact(kind=ArtefactKind.fix_file, path=path, content=content, by=by)
    return token


def kept(token: str, *, user_id: int) -> bytes:
    """What was put aside; NotFound once it was erased, and for everybody else."""
    with reading() as session:
        return fetch(_found(session, token, user_id).path)


def drop(token: str, *, user_id: int) -> None:
    """Erase it."""
    with reading() as session:
        there = _named(_found(session, token, user_id))
    _erase(dict([there]))


def clear() -> None:
    """Erase what was put aside too long ago."""
    with reading() as session:
        old = rows.unerased(session, beginning=f"{FOLDER}-", before=now() - KEPT)
        there = dict(map(_named, old))
    _erase(there)


def _found(session: Session, token: str, user_id: int) -> Artefact:
    beginning = f"{FOLDER}-{user_id}-{token}."
    found = rows.unerased(session, beginning=beginning, before=now() + KEPT) if TOKEN.fullmatch(token) else []
    if not found:
        raise NotFound(GONE)
    return found[0]


def _named(one: Artefact) -> tuple[int, str]:
    return one.key, one.path


def _erase(paths: dict[int, str]) -> None:
    for path in paths.values():
        artefacts.delete(settings().documents_url, path)
    if paths:
        with writing("system") as session:
            rows.note_erased(session, ids=paths, at=now())
