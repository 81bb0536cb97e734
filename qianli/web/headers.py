"""Headers that every answer carries: nothing foreign is loaded, nothing is framed, kept or indexed."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
#: The couriers' door runs one script of ours, which sends to us alone and may look through the camera.
AT_MANIFESTS = HEADERS | {
    "Content-Security-Policy": HEADERS["Content-Security-Policy"] + "; script-src 'self'; connect-src 'self'",
    "Permissions-Policy": HEADERS["Permissions-Policy"].replace("camera=()", "camera=(self)"),
}
#: The console's own script improves its pages; there is no camera.
AT_CONSOLE = HEADERS | {"Content-Security-Policy": AT_MANIFESTS["Content-Security-Policy"]}
ONE_YEAR = "max-age=31536000"


def _own(path: str) -> dict[str, str]:
    """The headers of the door that a path belongs to."""
    if path.startswith("/m/"):
        return AT_MANIFESTS
    return AT_CONSOLE if path.startswith("/console") else HEADERS


class SecurityHeaders:
    """Adds the headers to every answer; pages may not be kept by anybody unless they say so themselves."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                own = _own(scope["path"])
                for name, value in own.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
                if scope["scheme"] == "https":
                    headers["Strict-Transport-Security"] = ONE_YEAR
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)
