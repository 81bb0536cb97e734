"""What is wrong with a command line, said in Chinese: Typer says it in English."""

import re
from collections.abc import Callable
from typing import Final

from typer.exceptions import TyperException

#: What Typer says, and how we say it.
_SAID: Final[tuple[tuple[str, Callable[[re.Match[str]], str]], ...]] = (
    (r"No such option: (.+)", lambda found: f"没有 {found[1]} 这个选项"),
    (r"No such command '(.+?)'\.", lambda found: f"没有 {found[1]} 这个命令"),
    (r"Got unexpected extra argument(?:\(s\)|s)? \((.+)\)", lambda found: f"后面多了“{found[1]}”"),
    (r"Option '(.+)' requires (?:an argument|\d+ arguments)", lambda found: f"{found[1]} 后面要写上内容"),
    (r"Option '(.+)' does not take a value", lambda found: f"{found[1]} 后面不带内容"),
    (r"Input should be a valid integer", lambda _: "要写整数"),
    (r"Input should be a valid number", lambda _: "要写数字"),
    (r"Input should be a valid (?:date|datetime)", lambda _: "要写日期，如 2027-01-20"),
    (r"(?:Value error, )?'(.*)' is not one of (.+)\.", lambda found: f"没有“{found[1]}”这一项，可用的有 {found[2]}"),
    (r"\w+ '(.+)' does not exist", lambda found: f"没有找到 {found[1]}"),
    (r"\w+ '(.+)' is a directory", lambda found: f"{found[1]} 是文件夹，这里要写文件"),
    (r"\w+ '(.+)' is a file", lambda found: f"{found[1]} 是文件，这里要写文件夹"),
)
_MAYBE = re.compile(r"Did you mean (.+)\?")


def said(error: TyperException) -> str:
    """Which word of a command line is wrong and how; empty where help was printed instead."""
    written, param = str(error), getattr(error, "param", None)
    where = _name(param) if param is not None else ""
    if written.startswith("Missing parameter"):
        return f"少写了 {where}"
    what = next((say(found) for pattern, say in _SAID if (found := re.match(pattern, written))), written)
    maybe = [found[1].replace("'", "").replace(", ", "、")] if (found := _MAYBE.search(written)) else []
    maybe += getattr(error, "possibilities", None) or []
    hint = f"，是不是 {'、'.join(maybe)}" if maybe else ""
    return f"{where}：{what}{hint}" if where else what + hint


def _name(param: object) -> str:
    """A parameter as help shows it: an option by its long name, anything else in capitals."""
    names = [one for one in getattr(param, "opts", []) if one.startswith("-")]
    return max(names, key=len) if names else str(getattr(param, "metavar", None) or getattr(param, "name", "")).upper()
