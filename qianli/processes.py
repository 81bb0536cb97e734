"""Which process did something, and whether it is still there."""

import os
import socket
from pathlib import Path


def here() -> str:
    """How a process signs, host:pid, in the form Prefect's own process workers use."""
    return f"{socket.gethostname()}:{os.getpid()}"


def exists(pid: int) -> bool:
    """Whether a process of this number runs on this machine."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """Whether it ended and nobody asked how: where the first process of a container reaps none, it stays for good."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:  # no Linux, or it ended just now, which the next look tells
        return False
    return stat.rpartition(")")[2].split()[0] == "Z"


def is_gone(signature: str | None) -> bool:
    """Whether a process of this machine ended; of another machine's, or of nobody's, nothing can be said."""
    host, _, pid = (signature or "").rpartition(":")
    return host == socket.gethostname() and pid.isdigit() and not exists(int(pid))
