"""What people's phones show of what the stand-ins for channels sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass(frozen=True)
class Shown:
    """One message on one screen: `to` is a number, an openid, an address or a group's name."""

    to: str
    sender: str
    text: str
    channel: str
    key: str = ""
    url: str = ""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


def fill(template: str, values: Mapping[str, str]) -> str:
    """A provider's text with its variables: `{1}` or `${name}`."""
    for name, value in values.items():
        template = template.replace(f"${{{name}}}", value).replace(f"{{{name}}}", value)
    return template
