"""`qianli channel …`: channels of messages."""

import typer

from qianli.cli.common import JsonOption
from qianli.cli.interface_accounts import show_accounts
from qianli.stages import channel_accounts

app = typer.Typer(help="消息渠道：短信、微信、邮件的接口。", no_args_is_help=True)


@app.callback()
def main() -> None:
    """消息渠道：短信、微信、邮件的接口。"""


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """列出有接口的消息渠道：哪个接通了，还缺什么，能做什么。"""
    show_accounts(channel_accounts.overview(), title="消息渠道", column="渠道", as_json=as_json)
