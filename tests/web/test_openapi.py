"""Schemathesis over our OpenAPI: whatever is sent to any door, the answer is never an error of ours."""

import json
import warnings
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from qianli import settings as ours
from qianli.stand_ins.kuaidi100 import Tracker
from qianli.web.app import create_app
from qianli.web.testing import Site

TEXT = {"type": "string", "maxLength": 40}
FIELDS = ("said", "note", "code", "missing", "count", "name", "signature", "csrf", "login", "password", "param", "sign")
#: The doors read their bodies themselves, so FastAPI knows nothing of them.
BODY = {
    "required": True,
    "content": {
        "application/x-www-form-urlencoded": {
            "schema": {"type": "object", "properties": dict.fromkeys(FIELDS, TEXT), "additionalProperties": TEXT}
        },
        "application/json": {"schema": {}},
    },
}


QUICKLY = settings(
    max_examples=6,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    database=None,
)


def described() -> dict[str, Any]:
    """Every route with what it could be sent."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GET and HEAD of one function have one name
        found = create_app().openapi()
    for path in found["paths"].values():
        path.pop("head", None)
        if "post" in path:
            path["post"]["requestBody"] = BODY
    return json.loads(json.dumps(found))


def attacked(operation: Any, site: Site) -> str:
    """Send a route some of what fits its description, also with the code and the account that open it."""
    good = {"code": site.codes[0], "account": "kuaidi100"}

    @QUICKLY
    @given(case=operation.as_strategy(), well=st.booleans())
    def send(case: Any, well: bool) -> None:  # noqa: FBT001 - as hypothesis hands it over
        if well:
            case.path_parameters |= {key: one for key, one in good.items() if key in case.path_parameters}
        answer = case.call(base_url=site.url, allow_redirects=False)
        assert answer.status_code < 500, (case.method, case.path)

    send()
    return str(operation.label)


@pytest.mark.slow
def test_nothing_that_is_sent_is_an_error_of_ours(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    import schemathesis  # noqa: PLC0415 - every worker collects this file, one needs it

    values = Tracker().values("http://127.0.0.1:1")
    monkeypatch.setenv("QIANLI_COURIERS", json.dumps({"kuaidi100": values}))
    monkeypatch.setenv("QIANLI_FAILED_CODES_PER_10_MIN", "1000000")
    ours.settings.cache_clear()
    schema = schemathesis.openapi.from_dict(described())
    asked = [attacked(found.ok(), site) for found in schema.get_all_operations()]
    assert len(asked) > 25
    ours.settings.cache_clear()
