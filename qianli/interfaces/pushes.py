"""What couriers and channels tell us by themselves, as it comes over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Push:
    """A request that a courier or channel made to us, as it came.

    `query` is what stood behind the address it called; it may hold a secret, so it is neither stored nor logged.
    """

    body: bytes
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PushAnswer:
    """What it expects to hear."""

    content: bytes
    content_type: str = "application/json; charset=utf-8"
    status: int = 200
