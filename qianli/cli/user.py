"""`qianli user`: who may sign in to the console. The first administrator is made here."""

import sys
from typing import Annotated

import typer

from models import Role
from qianli.cli.common import JsonOption, context, emit, say, table
from qianli.stages import users
from qianli.state_words import ROLE

app = typer.Typer(help="用户：谁可以登录工作台。", no_args_is_help=True)
Login = Annotated[str, typer.Argument(metavar="LOGIN", help="登录名，如 zhang.wei。")]
ROLES = "；".join(f"{role} {word}" for role, word in ROLE.items())


@app.command()
def add(
    login: Login,
    name: Annotated[str, typer.Option("--name", help="姓名。")],
    role: Annotated[Role, typer.Option("--role", help=f"{ROLES}。")] = Role.administrator,
    organisation: Annotated[
        str | None, typer.Option("--organisation", help="所属组织；只看得到它和下级。管理员可不写。")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """添加用户；密码在提示后输入，不写在命令里。"""
    id_ = users.add(
        login, name=name, role=role, organisation=organisation, password=_password(), by=context.by()
    )  # fmt: skip
    emit({"id": id_, "login": login}, as_json=as_json, show=lambda: say(f"用户 {login}（{ROLE[role]}）已添加。"))


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """列出用户。"""
    found = users.list_users()

    def show() -> None:
        columns = ["登录名", "姓名", "角色", "组织", "动态口令", "情况"]
        rows = [
            (
                one.login, one.name, ROLE[one.role], one.organisation or "全部", "有" if one.totp else "无",
                "已停用" if one.disabled_at else "",
            )
            for one in found
        ]  # fmt: skip
        table(f"用户（{len(found)}）", columns, rows)

    emit(found, as_json=as_json, show=show)


@app.command()
def disable(login: Login, as_json: JsonOption = False) -> None:
    """停用：不能再登录，已登录的立即退出；流水里的名字保留。"""
    changed = users.disable(login, by=context.by())
    said = f"用户 {login} {'已停用' if changed else '此前已经停用'}。"
    emit({"login": login, "changed": changed}, as_json=as_json, show=lambda: say(said))


@app.command()
def password(
    login: Login,
    totp: Annotated[
        bool | None, typer.Option("--totp/--no-totp", help="同时启用（给出新的密钥）或取消动态口令。")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """设新密码：解除锁定和停用，已登录的全部退出。"""
    link = users.set_password(login, password=_password(), totp=totp, by=context.by())

    def show() -> None:
        say(f"用户 {login} 的密码已更换，请重新登录。")
        if link:
            say(f"请把下面的链接录入本人手机上的动态口令程序，不要转发：{link}")

    emit({"login": login, "totp": link}, as_json=as_json, show=show)


def _password() -> str:
    """Typed twice and not shown, or a line on standard input."""
    if sys.stdin.isatty():
        return str(typer.prompt("密码", hide_input=True, confirmation_prompt="再输一次"))
    return sys.stdin.readline().rstrip("\r\n")
