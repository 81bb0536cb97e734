"""The address of the members' page, which is printed on letters: members must be able to open it from anywhere."""

import ipaddress
from urllib.parse import SplitResult, urlsplit

#: Names that never lead anywhere (RFC 2606): good enough for a demonstration, and for nothing else.
RESERVED = ("example", "test", "invalid", "example.com")
HERE = ("localhost", "local")


def check_public_url(url: str, *, development: bool) -> None:
    """Refuse an address that members could not open; ValueError with a Chinese sentence."""
    parts = _split(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError("应当是完整的网址，如 https://qianli.example")
    if parts.query or parts.fragment or parts.username is not None:
        raise ValueError("只能写域名和路径，不能带“?”“#”“@”")
    if not _is_reachable(host):
        raise ValueError(f"“{host}”只在本机或内网有效，党员打不开；请写公开的域名")
    if parts.scheme == "http" and not development:
        raise ValueError("正式环境必须用 https:// 开头的网址")


def is_reserved(url: str) -> bool:
    """Whether the host is one of the names kept for examples."""
    host = (_split(url).hostname or "").rstrip(".")
    return any(host == name or host.endswith(f".{name}") for name in RESERVED)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # read only now, and wrong only now
    except ValueError as error:
        raise ValueError("应当是完整的网址，如 https://qianli.example") from error
    return parts


def _is_reachable(host: str) -> bool:
    """A public number, or a name of two labels or more; `127.1` and `0x7f.1` are numbers to a browser."""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        labels = host.rstrip(".").split(".")
        return len(labels) > 1 and labels[-1] not in HERE and labels[-1][:1].isalpha()
