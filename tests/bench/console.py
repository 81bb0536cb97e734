"""Every page of the console in a house of many members, in the server's own time, beside the sign-in page."""

import os
import statistics
import time
from typing import Any

import requests
from starlette.types import ASGIApp, Receive, Scope, Send

from models import Role
from qianli.stages.lists import NOUNS
from qianli.web.server import configuration
from qianli.web.testing import PASSWORD, Site, serving, signed_in
from tests.bench.crowd import crowd

CAMPAIGNS, TURNS, MOST = 20, 5, 5.0
HERE = "/console/campaigns/TEST-2"
PAGES = (
    "/console", "/console/more", "/console/imports", "/console/imports/made/5", "/console/new", "/console/members/5",
    "/console/consignments/TEST-2-0005", HERE, f"{HERE}/print", f"{HERE}/packing", f"{HERE}/progress",
    "/console/calls?campaign=TEST-2", f"{HERE}/handover", *(f"/console/lists/{name}" for name in NOUNS),
)  # fmt: skip
SIGN_IN = "/console/sign-in"


class Clock:
    """Around an application: how long the last request took from its first to its last byte, in seconds."""

    def __init__(self, app: ASGIApp) -> None:
        self.app, self.last = app, 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        begun = time.perf_counter()
        await self.app(scope, receive, send)
        self.last = time.perf_counter() - begun


def measure(members: int) -> dict[str, Any]:
    """Milliseconds of each page, the median of some turns; `ratio`: the slowest beside signing in, which is slow by
    design; `ratio_form`: beside the mere form, which asks the database nothing."""
    site_world = crowd(members, CAMPAIGNS)
    config = configuration()
    clock = Clock(config.app)  # type: ignore[arg-type]
    config.app = clock
    with serving(config) as url, requests.Session() as browser:
        signed_in(Site(url, site_world, []), browser, Role.administrator)

        def taken(path: str, **form: Any) -> float:
            times = []
            for _ in range(TURNS):
                answer = browser.request(
                    "POST" if form else "GET", url + path, timeout=600, allow_redirects=False, **form
                )
                assert answer.status_code == (303 if form else 200), path
                time.sleep(0.01)  # the clock stops after the last byte has left
                times.append(clock.last * 1000)
            return statistics.median(times)

        pages = {path: round(taken(path), 1) for path in PAGES}
        form = taken(SIGN_IN)
        enter = taken(SIGN_IN, data={"login": Role.administrator.value, "password": PASSWORD})
    slowest = max(pages, key=lambda path: pages[path])
    return {
        "members": members, "campaigns": CAMPAIGNS, "sign_in_form_ms": round(form, 1), "sign_in_ms": round(enter, 1),
        "slowest": slowest, "ratio": round(pages[slowest] / enter, 1), "ratio_form": round(pages[slowest] / form, 1),
        "pages_ms": pages, "load": [round(one, 1) for one in os.getloadavg()],
    }  # fmt: skip
