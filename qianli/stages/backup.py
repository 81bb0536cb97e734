"""Backing up: every row as it was at one moment, then every file the rows know, in one archive of its own format.

The archive is a ZIP: `tables/NAME.jsonl`, `documents/PATH`, and `manifest.json`, written last. It is the same from
SQLite and PostgreSQL. Keys of confirmation codes are settings and not in it.
"""

import hashlib
import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from qianli import artefacts, private
from qianli.errors import BadInput
from qianli.settings import settings
from qianli.stages.unit import now, reading
from qianli.store import artefacts as rows
from qianli.store import dump
from qianli.store.version import HEAD

FORMAT = 1
MANIFEST, TABLES, DOCUMENTS = "manifest.json", "tables/", "documents/"


@dataclass
class Manifest:
    """What is in a backup."""

    format: int
    revision: str
    created_at: str
    #: table → (rows, SHA-256)
    tables: dict[str, tuple[int, str]] = field(default_factory=dict)
    #: path → SHA-256
    documents: dict[str, str] = field(default_factory=dict)
    #: Paths of files the rows know that were not there, or were not what the rows say.
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class BackedUp:
    """What a backup holds."""

    file: str
    bytes: int
    rows: int
    documents: int
    missing: list[str]


def backup(target: Path) -> BackedUp:
    """Write a backup to a new file that only its owner may read. Others may go on working meanwhile."""
    if target.exists():
        raise BadInput(f"已经有 {target} 了，备份不会覆盖它；请换一个文件名。")
    manifest = Manifest(FORMAT, HEAD, now().isoformat())
    with _put_in_place(target) as file, ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for path, sha256 in _write_tables(archive, manifest):
            _write_document(archive, manifest, path, sha256)
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
    count = sum(rows for rows, _ in manifest.tables.values())
    return BackedUp(str(target), target.stat().st_size, count, len(manifest.documents), manifest.missing)


@contextmanager
def _put_in_place(target: Path) -> Iterator[IO[bytes]]:
    """A file under a temporary name that gets its own when it is whole."""
    temporary = target.with_name(f".{target.name}~{uuid.uuid4().hex}")
    try:
        with open(os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, private.FILE), "w+b") as file:  # noqa: PTH123 - the mode from the first byte on
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(target)
    except OSError as error:
        raise BadInput(f"备份写不进 {target}（{error.strerror}）。") from error
    finally:
        temporary.unlink(missing_ok=True)


def _write_tables(archive: ZipFile, manifest: Manifest) -> list[tuple[str, str]]:
    """All rows in one transaction; the answer is the files they know. What is published later is the next backup's."""
    with reading() as session:
        for table in dump.TABLES:
            count, digest = 0, hashlib.sha256()
            with archive.open(f"{TABLES}{table}.jsonl", "w", force_zip64=True) as entry:
                for line in dump.lines(session, table=table):
                    entry.write(line)
                    digest.update(line)
                    count += 1
            manifest.tables[table] = (count, digest.hexdigest())
        return rows.in_store(session)


def _write_document(archive: ZipFile, manifest: Manifest, path: str, sha256: str) -> None:
    """One file, if it is what its row says."""
    try:
        content = artefacts.fetch(settings().documents_url, path)
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() != sha256:
        manifest.missing.append(path)
        return
    archive.writestr(f"{DOCUMENTS}{path}", content, ZIP_STORED)  # papers are compressed in themselves
    manifest.documents[path] = sha256


def read_manifest(archive: ZipFile) -> Manifest:
    """What a backup says it holds; BadInput if it is none of ours."""
    try:
        said: dict[str, Any] = json.loads(archive.read(MANIFEST))
        found = Manifest(**said)
        found.tables = {name: (int(count), str(sha256)) for name, (count, sha256) in found.tables.items()}
    except (KeyError, ValueError, TypeError) as error:
        raise BadInput("这不是千里传书的备份文件，或者文件不完整。") from error
    if found.format != FORMAT:
        raise BadInput(f"备份的格式是 {found.format}，本程序只认识 {FORMAT}；请用做备份的那一版程序恢复。")
    return found
