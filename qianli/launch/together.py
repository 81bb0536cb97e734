"""Web, one local Prefect server and the flows as children: for good (`qianli up`) or for as long as a block lasts."""

import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from types import FrameType

from qianli.errors import ConfigurationError, EngineMissing, RuleBroken
from qianli.launch.api import answers, call, is_local, location
from qianli.launch.children import Child, start_flows, start_server, start_web
from qianli.launch.runs import clear_stale_runs
from qianli.launch.zombies import install_automation
from qianli.settings import settings

HEALTHY_S = 120
LOOK_S = 0.5
FLOWS = "reconcile"  # registered like all others; when it is polled, all are


class _ToldToStopError(Exception):
    """SIGINT or SIGTERM arrived."""


def up(say: Callable[[str], None]) -> None:
    """Start everything, say where it is, and watch over it. Returns when told to stop; raises when a child dies."""
    _check_place(web=True)
    children: list[Child] = []
    with _signals():
        try:
            say("正在启动 Prefect 服务（第一次约需 15 秒）……")
            begun = _start_engine(children)
            children.append(start_web())
            _until_flows(children, begun)
            _until(_web_answers, children)
            _say_where(say)
            _watch(children)
        except _ToldToStopError:
            say("正在停止……")
        finally:
            _stop(children)
    say("已停止。")


@contextmanager
def engine(*, ready_at_once: bool = True, scheduled: bool = True) -> Iterator[Callable[[], None]]:
    """Server and flows for as long as the block lasts. What is yielded waits until flows are taken up.

    With `ready_at_once` it has been called already; without, the block can do other things meanwhile. Unless it is
    `scheduled`, flows run when they are asked for alone.
    """
    _check_place(web=False)
    children: list[Child] = []
    try:
        begun = _start_engine(children, scheduled=scheduled)

        def ready() -> None:
            _until_flows(children, begun)

        if ready_at_once:
            ready()
        yield ready
    finally:
        _stop(children)


def _check_place(*, web: bool) -> None:
    """Refuse in words what would end in a bind error."""
    if not is_local():
        raise RuleBroken(
            "QIANLI_PREFECT_API_URL 指向另一台机器，这里只启动本机的服务。"
            "请在这里分别运行“qianli serve”和“python -m flows”。"
        )
    if answers():
        raise RuleBroken(f"{settings().prefect_api_url} 上已经有 Prefect 服务在运行；请先停止它，或换一个端口。")
    places = {"QIANLI_PREFECT_API_URL": location()}
    if web:
        places["QIANLI_WEB_PORT"] = (settings().web_host, settings().web_port)
    for name, (host, port) in places.items():
        if not _free(host, port):
            raise ConfigurationError(f"端口 {port} 已被别的程序占用，请停止它，或用 {name} 换一个。")


def _free(host: str, port: int) -> bool:
    try:
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            return True
    except OSError:
        return False


def _start_engine(children: list[Child], *, scheduled: bool = True) -> datetime:
    begun = datetime.now(UTC)
    children.append(start_server())
    children.append(start_flows(scheduled=scheduled))
    return begun


def _until_flows(children: list[Child], begun: datetime) -> None:
    """Until the flows are polled; runs that an earlier process left behind are marked on the way."""
    _until(answers, children)
    clear_stale_runs(quiet_s=(datetime.now(UTC) - begun).total_seconds())
    install_automation()
    _until(lambda: _polled_since(begun), children)


def _web_answers() -> bool:
    try:
        with socket.create_connection((settings().web_host, settings().web_port), timeout=1):
            return True
    except OSError:
        return False


def _say_where(say: Callable[[str], None]) -> None:
    say(f"网页：http://{settings().web_host}:{settings().web_port}/")
    say(f"Prefect：{settings().prefect_api_url}")
    say(f"日志：{settings().prefect_home}")
    say("都已就绪。按 Ctrl-C 停止。")


def _polled_since(begun: datetime) -> bool:
    deployment = call("GET", f"/deployments/name/{FLOWS}/{FLOWS}")
    polled = deployment and deployment.get("last_polled")
    return bool(polled) and datetime.fromisoformat(polled) >= begun


def _until(ready: Callable[[], bool], children: list[Child]) -> None:
    limit = time.monotonic() + HEALTHY_S
    while not ready():
        _require_alive(children)
        if time.monotonic() > limit:
            raise EngineMissing(f"等了 {HEALTHY_S} 秒仍未就绪。请查看日志：{children[-1].log}")
        time.sleep(LOOK_S)


def _watch(children: list[Child]) -> None:
    while True:
        _require_alive(children)
        time.sleep(LOOK_S)


def _require_alive(children: list[Child]) -> None:
    for child in children:
        if child.died():
            code = child.process.returncode
            raise EngineMissing(f"{child.title}意外停止（退出码 {code}），其余已一并停止。请查看日志：{child.log}")


def _stop(children: list[Child]) -> None:
    """In the reverse order of their need for each other; a run cut off is marked while the server still answers."""
    for child in reversed(children):
        if child is children[0]:
            with suppress(EngineMissing, ConfigurationError):
                clear_stale_runs(quiet_s=0)
        child.stop()


@contextmanager
def _signals() -> Iterator[None]:
    """The first SIGINT or SIGTERM becomes an exception, wherever we are; later ones do not disturb the stopping."""

    def told(_signum: int, _frame: FrameType | None) -> None:
        for signum in before:
            signal.signal(signum, signal.SIG_IGN)
        raise _ToldToStopError

    before = {signum: signal.signal(signum, told) for signum in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)
