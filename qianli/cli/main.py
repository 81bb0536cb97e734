"""`qianli`: the commands put together, and errors turned into sentences and exit codes."""

import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from qianli import private
from qianli.cli import (
    activity,
    address,
    backup,
    booking,
    campaign,
    case,
    channel,
    common,
    consignment,
    courier,
    courier_files,
    demo,
    duplicates,
    fonts,
    imprint,
    invoice,
    item,
    journal,
    ledger,
    letter,
    manifest,
    member,
    member_card,
    moved,
    movement,
    organisation,
    parcel,
    print_room,
    programme,
    programme_members,
    receipt,
    residence,
    serve,
    user,
)
from qianli.errors import BadInput, NotFound, QianliError
from qianli.settings import ROOT, VAR, settings
from qianli.stages.unit import now
from qianli.store import schema

app = typer.Typer(
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
        schema.require_current(settings().database_url)


@app.command()
def init(as_json: common.JsonOption = False) -> None:
    """建立数据库，或升级到当前版本。"""
    revision = schema.upgrade(settings().database_url)
    common.emit({"revision": revision}, as_json=as_json, show=lambda: common.say(f"数据库已就绪（版本 {revision}）。"))


organisation.app.command("seal")(imprint.seal)
organisation.app.command("signature")(imprint.signature)
organisation.app.command("imprints")(imprint.list_)
organisation.app.command("withdraw")(imprint.withdraw)
app.add_typer(organisation.app, name="organisation")
app.add_typer(user.app, name="user")
member.app.command("show")(member_card.show)
member.app.command("host")(member_card.host)
member.app.command("addresses")(residence.history)
member.app.command("move")(residence.move)
member.app.command("correct")(residence.correct)
member.app.command("verify")(residence.verify)
for command in (duplicates.duplicates, duplicates.merge, duplicates.unmerge, duplicates.distinct):
    member.app.command()(command)
app.add_typer(member.app, name="member")
app.add_typer(ledger.app, name="ledger")
app.add_typer(movement.app, name="movement")
app.add_typer(activity.app, name="activity")
programme.app.command("page")(programme_members.page)
programme.app.command("links")(programme_members.links)
programme.app.command("contributions")(programme_members.contributions)
programme.app.command("release")(programme_members.release)
programme.app.command("silent")(programme_members.silent)
programme.app.command("calls")(programme_members.calls)
app.add_typer(programme.app, name="programme")
app.add_typer(address.app, name="address")
app.add_typer(item.app, name="item")
app.add_typer(item.kit_app, name="kit")
campaign.app.command("moved")(moved.moved)
app.add_typer(campaign.app, name="campaign")
app.add_typer(letter.app, name="letter")
parcel.app.command("book")(booking.book)
parcel.app.command("unbook")(booking.unbook)
parcel.app.command("waybills")(courier_files.waybills)
parcel.app.command("events")(courier_files.events)
app.add_typer(print_room.app, name="print")
app.add_typer(parcel.app, name="parcel")
app.add_typer(courier.app, name="courier")
app.add_typer(channel.app, name="channel")
app.add_typer(manifest.app, name="manifest")
app.add_typer(invoice.app, name="invoice")
app.add_typer(consignment.app, name="consignment")
app.add_typer(case.app, name="case")
app.add_typer(receipt.app, name="receipt")
app.command()(journal.journal)
app.command()(fonts.fonts)
app.command()(backup.backup)
app.command()(backup.restore)
app.command()(serve.reconcile)
app.command()(serve.serve)
app.command()(serve.up)
app.command()(serve.deploy)
app.command()(demo.demo)


def call(*words: str) -> None:
    """Run one command line in this process; errors come out as they are."""
    app(list(words), standalone_mode=False)


def run() -> None:
    """Entry point: a refusal is a sentence and an exit code, never a stack trace."""
    sys.exit(execute(sys.argv[1:]))


def execute(words: list[str]) -> int:
    """Run one command line; the answer is its exit code: 0 done, 1 refused by a rule, 2 bad input or usage."""
    try:
        answer = app(words, standalone_mode=False)
    except typer.Exit as done:
        return done.exit_code
    except TyperException as error:
        common.errors.print(f"命令写法不对：{error}。加 --help 可以查看写法。", markup=False, soft_wrap=True)
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
