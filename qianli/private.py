"""Directories that only their owner may enter: what lies in them names people."""

import os
import stat
from pathlib import Path

FOLDER, FILE = 0o700, 0o600


def folder(path: Path) -> Path:
    """Make a directory, and those above it that are not there, for the owner alone; leave what is there as it is."""
    for one in [*reversed(path.parents), path]:
        if not one.is_dir():
            one.mkdir(mode=FOLDER, exist_ok=True)
    return path


def tighten(path: Path) -> None:
    """Shut out others from a directory of ours that an earlier version, or a hand, left open to them."""
    try:
        found = path.stat()
    except OSError:  # not there yet: whoever makes it makes it private
        return
    if found.st_uid == os.getuid() and stat.S_IMODE(found.st_mode) != FOLDER:
        path.chmod(FOLDER)


def file(path: Path) -> Path:
    """Make an empty file for the owner alone, and its directory likewise; leave what is there as it is."""
    folder(path.parent)
    os.close(os.open(path, os.O_CREAT | os.O_APPEND, FILE))
    return path
