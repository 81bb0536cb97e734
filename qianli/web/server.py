"""Running the web. Nothing here writes an address or a code to a log."""

import socket
from collections.abc import Callable

import uvicorn

from qianli.errors import ConfigurationError
from qianli.stages import pushes
from qianli.web.app import create_app
from qianli.web.soon import Soon, never


def configuration(read_soon: Callable[[], None] = never) -> uvicorn.Config:
    """How uvicorn serves: no access log (paths hold codes), no proxy is believed, no banner."""
    return uvicorn.Config(
        create_app(read_soon),
        access_log=False,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        lifespan="off",
        ws="none",
        timeout_keep_alive=5,
        timeout_graceful_shutdown=10,
    )


def listen(host: str, port: int) -> socket.socket:
    """Take the port, or say in words why that cannot be."""
    try:
        listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except (OSError, OverflowError) as error:
        message = f"不能在 {host}:{port} 上提供网页：端口被占用，或地址不属于这台机器。可改 QIANLI_WEB_PORT 再试。"
        raise ConfigurationError(message) from error
    # Else head and body of an answer wait for each other, 40 ms a request; connections inherit it.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def run(host: str, port: int) -> None:
    """Serve until interrupted."""
    with listen(host, port) as listening:
        uvicorn.Server(configuration(Soon(pushes.run))).run(sockets=[listening])
