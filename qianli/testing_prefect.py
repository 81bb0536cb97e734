"""A home of Prefect's server whose database is migrated already: made once a run of the tests."""

import fcntl
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from qianli.launch.api import answers
from qianli.launch.children import Child, start_server
from qianli.settings import settings
from qianli.testing import workspace
from qianli.testing_machines import free_port, until

DEADLINE_S = 600.0  # other tests keep the machine busy
LOOK_S = 0.5


def migrated_home(folder: Path) -> Path:
    """What a server as we start it leaves of an empty home; of several processes with one `folder` the first makes it.

    The migrations of an empty database take Prefect longer than all else it does before it answers.
    """
    home = folder / "prefect-home"
    with (folder / "prefect-home.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            _leave(folder / f"prefect-home.{os.getpid()}").rename(home)
    return home


def furnish(home: Path) -> None:
    """Have the server of the configured workspace find what another left."""
    shutil.copytree(home, settings().prefect_home)


def _leave(root: Path) -> Path:
    root.mkdir()
    with workspace(root, fresh=False, PREFECT_API_URL=f"http://127.0.0.1:{free_port()}/api"):
        server = start_server()
        try:
            until(lambda: _alive(server) and answers(), what="it answers", deadline_s=DEADLINE_S, every_s=LOOK_S)
        finally:
            server.stop()
        with closing(sqlite3.connect(settings().prefect_home / "prefect.db")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # where it had to be killed
        return settings().prefect_home


def _alive(server: Child) -> bool:
    if server.died():
        raise AssertionError(server.log.read_text(encoding="utf-8"))
    return True
