"""`qianli demo`: both example campaigns, from a branch's spreadsheet to the members' own confirmation.

Every step is a command that anybody could type; it is shown, then run. Couriers and members are played.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from qianli import launch, private
from qianli.cli import demo_story
from qianli.cli.common import console, context, say
from qianli.cli.demo_members import demo_members
from qianli.cli.demo_story import LETTERS, STUDY, Teller
from qianli.errors import BadInput, RuleBroken
from qianli.settings import ROOT, VAR, settings
from qianli.stages import demo as played
from qianli.store.session import let_go

MARKER = VAR / "demo"
PAPERS_URL = "https://qianli.example"


MOST_MEMBERS = 99_999
MembersOption = Annotated[
    int | None,
    typer.Option("--members", min=1, max=MOST_MEMBERS, metavar="N", help="改为编造 N 行台账，看一个省的规模。"),
]
SeedOption = Annotated[int, typer.Option("--seed", metavar="S", help="同一种子和人数，编出的台账完全相同。")]
ToOption = Annotated[Path | None, typer.Option("--to", metavar="DIR", help="放在这个空目录里；不写则为 var/demo-N。")]


def demo(ctx: typer.Context, members: MembersOption = None, seed: SeedOption = 1, to: ToOption = None) -> None:
    """运行两个示例活动和学习栏目，从台账到确认收到，两分钟左右；或用 --members 看一个省的规模。"""
    root = ctx.find_root().command
    if members is not None:
        demo_members(root, members=members, seed=seed, to=to)
        return
    if to is not None:
        raise BadInput("--to 要和 --members 一起用；两个示例活动总是放在 var/ 里。")
    from qianli.cli.demo_post import demo_post  # noqa: PLC0415 - every other command would pay for loading the web
    from qianli.cli.demo_study import demo_phones, study  # noqa: PLC0415 - the same

    _fresh()
    say("正在后台启动 Prefect 服务……")
    # Without schedules, so that nothing but its commands is at work, whatever the time of day.
    with _environment(), demo_post() as post, launch.engine(ready_at_once=False, scheduled=False) as ready:
        teller = Teller(root, MARKER, post)
        for number, chapter in enumerate(demo_story.CHAPTERS):
            if number:  # the first chapter needs no flows: the server starts meanwhile
                ready()
            console.rule(chapter.__doc__ or "", align="left")
            chapter(teller)
        console.rule(study.__doc__ or "", align="left")
        with demo_phones() as screens:
            shown = study(teller, screens)
    _farewell(shown)


def _fresh() -> None:
    """Begin anew, but never over anybody's own data: only a database this command made is thrown away."""
    url = settings().database_url
    if not url.startswith(f"sqlite:///{VAR}/"):
        raise RuleBroken("演示只在默认的本机数据库上运行；请先取消 QIANLI_DATABASE_URL 再试。")
    database = Path(url.removeprefix("sqlite:///"))
    if database.exists() and not (MARKER.exists() and played.holds_only(list(demo_story.ORGANISATIONS.values()))):
        raise RuleBroken(f"{database.relative_to(ROOT)} 里有您自己的数据，演示不会覆盖它。请先移到别处再运行演示。")
    let_go(url)
    for path in (database, Path(f"{database}-wal"), Path(f"{database}-shm")):
        path.unlink(missing_ok=True)
    for folder in (VAR / "documents", MARKER):
        shutil.rmtree(folder, ignore_errors=True)
    private.folder(MARKER)


@contextmanager
def _environment() -> Iterator[None]:
    """Papers carry a reserved address; the names of those who act are sample data."""
    before = dict(os.environ)
    os.environ.setdefault("QIANLI_PUBLIC_URL", PAPERS_URL)
    os.environ["QIANLI_CLOCK_OFFSET_DAYS"] = str(-demo_story.BEGINS_DAYS_AGO)
    settings.cache_clear()
    name, context.name = context.name, "周主任"
    try:
        yield
    finally:
        context.name = name
        os.environ.clear()
        os.environ.update(before)
        settings.cache_clear()


def _farewell(screens: Path) -> None:
    link = played.confirmation_path(STUDY)
    loopback = f"http://{settings().web_host}:{settings().web_port}"
    console.rule("完成", align="left")
    say(f"两个活动的文件都在 var/documents/：{LETTERS} 已结束，{STUDY} 还在路上，留给您试。")
    say(f"书信上印的是保留地址 {PAPERS_URL}{link}")
    say(f"在本机上打开的是　　 {loopback}{link}")
    say(f"群里和党员的手机收到了什么，打开看　 {screens.relative_to(ROOT)}")
    say("接下来可以试试：")
    say("  .venv/bin/qianli serve                              打开上面的链接，替党员确认收到")
    say(f"  .venv/bin/qianli campaign status {STUDY}         走到哪一步，谁在等什么")
    say(f"  .venv/bin/qianli campaign documents {STUDY}      所有文件")
    say("  .venv/bin/qianli case list                          还没解决的问题")
    say("  .venv/bin/qianli up                                 网页、Prefect 和定时流程一起运行")
