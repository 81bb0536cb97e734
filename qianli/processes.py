"""Which process did something, and whether it is still there."""

import os
import socket


def here() -> str:
    """How a process signs, host:pid, in the form Prefect's own process workers use."""
    return f"{socket.gethostname()}:{os.getpid()}"


def exists(pid: int) -> bool:
    """Whether a process of this number is on this machine."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def is_gone(signature: str | None) -> bool:
    """Whether a process of this machine ended; of another machine's, or of nobody's, nothing can be said."""
    host, _, pid = (signature or "").rpartition(":")
    return host == socket.gethostname() and pid.isdigit() and not exists(int(pid))
