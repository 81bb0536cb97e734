"""What tests of the web share: the real app behind a real server on loopback, and a small world under codes."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests
import uvicorn
from fastapi import FastAPI
from fastapi.routing import APIRoute

from models import CampaignState, Consignment, ParcelStage, Role
from qianli.receipts.codes import look_up_hash, make_code
from qianli.settings import settings
from qianli.stages import users
from qianli.stages.codes import key
from qianli.stages.unit import reading, writing
from qianli.testing import World, make_world
from qianli.web.server import configuration, listen

PATIENCE_S = 60


@contextmanager
def serving(config: uvicorn.Config | None = None) -> Iterator[str]:
    """Serve the app on a free port of loopback; which database it reads, the settings of the moment decide."""
    with listen("127.0.0.1", 0) as listening:
        server = uvicorn.Server(config or configuration())
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(PATIENCE_S)


def give_codes(consignments: list[int]) -> list[str]:
    """Codes under the current key, as prepare gives them."""
    key_id = settings().secret_id
    codes = [make_code(key(key_id), consignment, 1) for consignment in consignments]
    with writing("system") as session:
        for consignment, code in zip(consignments, codes, strict=True):
            row = session.get_one(Consignment, consignment)
            row.code_key_id, row.code_hash = key_id, look_up_hash(key(key_id), code)
    return codes


@dataclass
class Site:
    """A world of rows, its codes, and the address of the server that shows it."""

    url: str
    world: World
    codes: list[str]

    def ask(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        """One request; redirects are not followed."""
        return requests.request(method, self.url + path, timeout=PATIENCE_S, allow_redirects=False, **kwargs)

    def get(self, path: str) -> requests.Response:
        """Look at a page."""
        return self.ask("GET", path)

    def post(self, path: str, form: dict[str, str]) -> requests.Response:
        """Send a form."""
        return self.ask("POST", path, data=form)

    def state(self, position: int = 0) -> str:
        """The state of one of the consignments."""
        with reading() as session:
            return session.get_one(Consignment, self.world.consignments[position]).state.value


def make_site(
    url: str,
    *,
    state: CampaignState = CampaignState.under_way,
    stage: ParcelStage | None = ParcelStage.handed_over,
) -> Site:
    """Three members with codes; their parcels are at `stage`."""
    with writing("system") as session:
        world = make_world(session, state=state, stage=stage)
    return Site(url, world, give_codes(world.consignments))


def routes() -> list[APIRoute]:
    """Every route of the app; routers that were included keep theirs to themselves."""
    app = configuration().app
    if not isinstance(app, FastAPI):
        raise TypeError(type(app).__name__)
    inside = [one for router in app.routes for one in getattr(router, "original_router", app).routes]
    return [one for one in inside if isinstance(one, APIRoute)]


PASSWORD = "correct horse battery"  # noqa: S105 - of no one


def signed_in(site: Site, browser: requests.Session, role: Role, *, home: str = "青石镇党委") -> str:
    """Sign somebody of this role and branch in; the answer is what their forms carry."""
    branch = None if role is Role.administrator else home
    users.add(role, name="王强", role=role, organisation=branch, password=PASSWORD, by="user:root")
    form = {"login": role.value, "password": PASSWORD}
    browser.post(f"{site.url}/console/sign-in", data=form, timeout=PATIENCE_S)
    page = browser.get(f"{site.url}/console", timeout=PATIENCE_S).text
    return str(re.findall(r'name="csrf" value="(\w+)"', page)[0])
