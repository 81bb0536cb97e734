"""A stand-in behind a real server on a free port of loopback."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

PATIENCE_S = 60


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Serve it while the block runs; the answer is its address, without a slash at the end."""
    config = uvicorn.Config(app, access_log=False, log_level="warning", lifespan="off", ws="none")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as qianli/web/server.py does
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.005)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(PATIENCE_S)
