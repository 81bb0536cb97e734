"""The web application."""

from collections.abc import Callable

from fastapi import FastAPI

from qianli.web import courier, errors, hooks, member, pages, study
from qianli.web.console import who
from qianli.web.console.doors import DOORS
from qianli.web.headers import SecurityHeaders
from qianli.web.language import Language
from qianli.web.soon import never


def create_app(read_soon: Callable[[], None] = never) -> FastAPI:
    """All pages; no database is touched before the first request. `read_soon` is called when a push was stored."""

    async def reader() -> Callable[[], None]:
        return read_soon

    app = FastAPI(title="千里传书", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.include_router(pages.router)
    app.include_router(member.router)
    app.include_router(courier.router)
    app.include_router(study.router)
    for door in DOORS:
        app.include_router(door)
    app.include_router(hooks.router)
    app.dependency_overrides[hooks.reader] = reader
    errors.install(app)
    app.add_exception_handler(who.NotSignedIn, who.to_sign_in)
    app.add_middleware(errors.LastResort)
    app.add_middleware(Language)  # whatever fails is said in the language that was chosen
    app.add_middleware(SecurityHeaders)  # added last, so it is outermost and sees every answer
    return app
