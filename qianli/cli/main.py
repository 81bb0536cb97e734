"""`qianli`: the commands put together, and errors turned into sentences and exit codes."""

import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from qianli import garbage, private
from qianli.cli import common, usage
from qianli.cli.words import Words
from qianli.errors import BadInput, NotFound, QianliError
from qianli.settings import ROOT, VAR, settings

app = typer.Typer(
    cls=Words,
    help="千里传书：把一份学习资料送到每一位在外党员手中。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

REFUSED, UNREADABLE = 1, 2
NEED_NO_DATABASE = {"init", "demo", "address", "restore", "deploy", "fonts"}


@app.callback()
def main(ctx: typer.Context, by: Annotated[str, typer.Option("--by", help="经办人姓名，记入流水。")] = "") -> None:
    """千里传书：把一份学习资料送到每一位在外党员手中。"""
    private.tighten(VAR)
    if by:
        common.context.name = by
    if ctx.invoked_subcommand not in NEED_NO_DATABASE:
        from qianli.store import schema  # noqa: PLC0415 - what needs no database need not load all of its tables

        schema.require_current(settings().database_url)


def call(*words: str) -> None:
    """Run one command line in this process; errors come out as they are."""
    app(list(words), standalone_mode=False)


def run() -> None:
    """Entry point: a refusal is a sentence and an exit code, never a stack trace."""
    garbage.look_seldom()
    sys.exit(execute(sys.argv[1:]))


def execute(words: list[str]) -> int:
    """Run one command line; the answer is its exit code: 0 done, 1 refused by a rule, 2 bad input or usage."""
    try:
        answer = app(words, standalone_mode=False)
    except typer.Exit as done:
        return done.exit_code
    except TyperException as error:
        if wrong := usage.said(error):
            common.errors.print(f"命令写法不对：{wrong}。加 --help 可以查看写法。", markup=False, soft_wrap=True)
        return UNREADABLE
    except QianliError as error:
        _say(error)
        return UNREADABLE if isinstance(error, BadInput | NotFound) else REFUSED
    except (KeyboardInterrupt, typer.Abort):
        common.errors.print("已中断；再运行一次会从断点继续。")
        return REFUSED
    except Exception as error:  # noqa: BLE001 - the last place before a person; what it was goes to the log
        common.errors.print(
            f"程序遇到了没有预料到的问题，已做完的部分都有效。请把 {_log(error)} 交给技术人员。", markup=False
        )
        return REFUSED
    return answer if isinstance(answer, int) else 0


def _log(error: Exception) -> Path:
    """Kind and place of an unforeseen error, without its message: that may hold a member's data."""
    from qianli.stages.unit import now  # noqa: PLC0415 - an error is rare

    path = VAR / "errors.log"
    private.file(path)
    frames = traceback.extract_tb(error.__traceback__)
    places = "".join(f"  {frame.filename}:{frame.lineno} {frame.name}\n" for frame in frames)
    with path.open("a", encoding="utf-8") as log:
        log.write(f"{now().isoformat()} {type(error).__name__}\n{places}")
    return path.relative_to(ROOT)


def _say(error: QianliError) -> None:
    common.errors.print(error.message, markup=False, highlight=False, soft_wrap=True)
    for problem in getattr(error, "problems", []):
        common.errors.print(f"  - {problem}", markup=False, highlight=False, soft_wrap=True)
