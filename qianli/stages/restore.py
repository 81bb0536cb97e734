"""Restoring a backup into an empty place: looked through whole first, then all rows or none, compared at the end."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from sqlmodel import Session

from qianli import artefacts
from qianli.errors import BadInput, RuleBroken
from qianli.settings import settings
from qianli.stages.backup import DOCUMENTS, TABLES, Manifest, read_manifest
from qianli.stages.unit import SYSTEM, reading, writing
from qianli.store import dump, schema
from qianli.store.version import HEAD

CHUNK = 1 << 20
DAMAGED = "备份文件已损坏：{what} 与记录的校验和不符，什么也没有恢复；请改用另一份备份。"


@dataclass(frozen=True)
class Restored:
    """What was restored, and which files were missing when the backup was made."""

    created_at: str
    rows: int
    documents: int
    missing: list[str]


def restore(source: Path) -> Restored:
    """Restore a backup. Refused unless database and document store are empty; after a kill it is run again."""
    try:
        with ZipFile(source) as archive:
            manifest = read_manifest(archive)
            _require_same_schema(manifest)
            _look_through(archive, manifest)
            _require_empty(manifest)
            schema.upgrade(settings().database_url)
            with writing(SYSTEM) as session:
                _load(session, archive, manifest)
                for path, sha256 in manifest.documents.items():
                    _publish(archive, path, sha256)
    except FileNotFoundError as error:
        raise BadInput(f"找不到备份文件：{source}") from error
    except (BadZipFile, EOFError) as error:
        raise BadInput("这不是千里传书的备份文件，或者文件不完整。") from error
    count = sum(rows for rows, _ in manifest.tables.values())
    return Restored(manifest.created_at, count, len(manifest.documents), manifest.missing)


def _require_same_schema(manifest: Manifest) -> None:
    if manifest.revision != HEAD or manifest.tables.keys() != dump.TABLES.keys():
        raise RuleBroken(
            f"备份的数据库版本是 {manifest.revision}，本程序是 {HEAD}。"
            "请用做备份的那一版程序恢复，再换成新程序运行“qianli init”升级（备份比程序新的，请先更新程序）。"
        )


def _look_through(archive: ZipFile, manifest: Manifest) -> None:
    """Every checksum, before anything is written."""
    expected = {f"{TABLES}{table}.jsonl": sha256 for table, (_, sha256) in manifest.tables.items()}
    expected |= {f"{DOCUMENTS}{path}": sha256 for path, sha256 in manifest.documents.items()}
    there = set(archive.namelist())
    for name, sha256 in expected.items():
        if name not in there or _checksum(archive, name) != sha256:
            raise BadInput(DAMAGED.format(what=name))


def _checksum(archive: ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    try:
        with archive.open(name) as entry:
            while chunk := entry.read(CHUNK):
                digest.update(chunk)
    except BadZipFile:  # its own checksum does not hold
        return ""
    return digest.hexdigest()


def _require_empty(manifest: Manifest) -> None:
    """An empty database, or none; no documents but those a restore of this backup left when it was cut off."""
    url = settings().database_url
    if schema.tables(url):
        schema.require_current(url)
        with reading() as session:
            if not dump.is_empty(session):
                raise RuleBroken("数据库里已经有数据，恢复不会覆盖它；请把 QIANLI_DATABASE_URL 指向一个新的数据库。")
    foreign = set(artefacts.everything(settings().documents_url)) - manifest.documents.keys()
    if foreign:
        raise RuleBroken(
            f"存放文件的地方已经有 {len(foreign)} 个别的文件，恢复不会与它们混在一起；"
            "请把 QIANLI_DOCUMENTS_URL 指向一个空的目录。"
        )


def _load(session: Session, archive: ZipFile, manifest: Manifest) -> None:
    """All tables, and each compared with what was backed up."""
    dump.prepare(session)
    for table in dump.TABLES:
        dump.load(session, table=table, lines=_lines(archive, table))
    dump.count_on(session)
    for table, (_, sha256) in manifest.tables.items():
        if dump.checksum(session, table=table) != sha256:
            raise RuleBroken(f"恢复后的表 {table} 与备份不一致，什么也没有恢复；请把备份交给技术人员。")


def _lines(archive: ZipFile, table: str) -> Iterator[bytes]:
    with archive.open(f"{TABLES}{table}.jsonl") as entry:
        yield from entry


def _publish(archive: ZipFile, path: str, sha256: str) -> None:
    """One file, through the same door as when it was made."""
    if artefacts.publish(settings().documents_url, path, archive.read(f"{DOCUMENTS}{path}")) != sha256:
        raise BadInput(DAMAGED.format(what=path))
