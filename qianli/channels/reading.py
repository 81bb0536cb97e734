"""Pieces that the channels' answers and pushes are read with: pure, and quiet about whatever comes."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from qianli.errors import UnreadableAnswer

ZONE = ZoneInfo("Asia/Shanghai")  # every provider here writes China's time
WRITTEN = "%Y-%m-%d %H:%M:%S"
LONGEST_CODE, LONGEST_WORDS, LONGEST_ID = 80, 200, 100


def text_of(source: Any, key: str, longest: int = LONGEST_WORDS) -> str:
    """A field as text a database takes: no NUL, no half of a pair, no more than so many characters."""
    value = source.get(key) if isinstance(source, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    if isinstance(value, int) and abs(value) >= 10**longest:
        return ""
    return str(value).replace("\0", "").encode("utf-8", "ignore").decode().strip()[:longest]


def number_of(source: Any, key: str) -> int | None:
    """A field that has to be a whole number."""
    value = source.get(key) if isinstance(source, Mapping) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def moment_of(text: str) -> datetime | None:
    """A local time as the providers write it, in UTC; None if it is none."""
    try:
        return datetime.strptime(text, WRITTEN).replace(tzinfo=ZONE).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def written(at: datetime) -> str:
    """The same the other way round."""
    return at.astimezone(ZONE).strftime(WRITTEN)


def reports_in(body: bytes, who: str) -> list[Mapping[str, Any]]:
    """The entries of a pushed JSON array; UnreadableAnswer for anything else."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, list):
        raise UnreadableAnswer(f"{who}推送的内容看不懂：不是状态报告的列表。")
    return [one for one in content if isinstance(one, Mapping)]


def shown(code: str) -> str:
    """A provider's code as it may stand in a sentence: nothing but a code."""
    short = code[:LONGEST_CODE]
    return short if short and all(one.isascii() and (one.isalnum() or one in "._-") for one in short) else "?"
