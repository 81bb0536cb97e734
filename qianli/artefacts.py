"""publish(): the only way a file comes to be. Its row exists first, and outlives it: delete() takes the file only."""

import errno
import glob
import hashlib
import os
import socket
import uuid
from contextlib import suppress
from pathlib import Path

import fsspec
from fsspec.implementations.local import LocalFileSystem

from qianli import faults, private, processes
from qianli.errors import BadInput, StorageUnavailable

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
FULL = "文件存不下：存放文件的磁盘已满。已做完的部分都有效；请先腾出空间，再运行一次，会从断点继续。"
CLOSED = "文件存不进去：请检查 QIANLI_DOCUMENTS_URL 指的位置是否存在、是否可写，再运行一次，会从断点继续。"
HOST = socket.gethostname().replace("~", "-")


def publish(store_url: str, path: str, content: bytes) -> str:
    """Put `content` at `path` in the store, whole or not at all; the answer is its SHA-256.

    On a disk: a temporary name beside it, synced, then a rename. On an object store: a single put.
    Publishing the same path again replaces it, which after a kill is the same bytes.
    """
    faults.reached("before publish")
    filesystem, root = fsspec.core.url_to_fs(store_url)
    target = f"{root.rstrip('/')}/{_relative(path)}"
    try:
        if isinstance(filesystem, LocalFileSystem):
            _rename_into_place(Path(target), content)
        else:
            filesystem.pipe_file(target, content)
    except OSError as error:
        raise StorageUnavailable(FULL if error.errno in NO_ROOM else CLOSED) from error
    faults.reached("after publish")
    return hashlib.sha256(content).hexdigest()


def fetch(store_url: str, path: str) -> bytes:
    """The bytes of a published file."""
    filesystem, root = fsspec.core.url_to_fs(store_url)
    return bytes(filesystem.cat_file(f"{root.rstrip('/')}/{_relative(path)}"))


def delete(store_url: str, path: str) -> None:
    """Take a file away, with what was half-written of it; one that is gone already is fine."""
    filesystem, root = fsspec.core.url_to_fs(store_url)
    target = f"{root.rstrip('/')}/{_relative(path)}"
    faults.reached("before delete")
    try:
        if isinstance(filesystem, LocalFileSystem):
            _remove(Path(target))
        elif filesystem.exists(target):
            filesystem.rm_file(target)
    except OSError as error:
        raise StorageUnavailable(CLOSED) from error
    faults.reached("after delete")


def everything(store_url: str) -> list[str]:
    """Paths of all whole files in the store, in order; a store that does not exist yet has none."""
    filesystem, root = fsspec.core.url_to_fs(store_url)
    if not filesystem.exists(root):
        return []
    paths = (found.removeprefix(root).lstrip("/") for found in filesystem.find(root))
    return sorted(path for path in paths if not _is_half_written(path))


def _is_half_written(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.startswith(".") and "~" in name


def _relative(path: str) -> str:
    if path.startswith("/") or ".." in path.split("/"):
        raise BadInput("文件名不合法。", path=path)
    return path


def _rename_into_place(target: Path, content: bytes) -> None:
    private.folder(target.parent)
    _clear_abandoned(target)
    temporary = target.with_name(f".{target.name}~{HOST}~{os.getpid()}~{uuid.uuid4().hex}")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        faults.reached("before rename")
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _remove(target: Path) -> None:
    for half in target.parent.glob(f".{glob.escape(target.name)}~*"):
        half.unlink(missing_ok=True)
    target.unlink(missing_ok=True)
    with suppress(OSError):  # it does not exist, or holds other files
        target.parent.rmdir()


def _clear_abandoned(target: Path) -> None:
    """Half-written files of this machine's processes that were killed; they may hold a member's data."""
    for path in target.parent.glob(f".{glob.escape(target.name)}~{glob.escape(HOST)}~*"):
        if not processes.exists(int(path.name.split("~")[2])):
            path.unlink(missing_ok=True)
