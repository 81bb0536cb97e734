"""Deployments. Prefect is imported when a test asks for it: every worker collects this file, few run it."""

import importlib.util
import inspect
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from qianli.settings import ROOT, settings

FILE = ROOT / "prefect.yaml"

FLOW_FILES = sorted(path.stem for path in (ROOT / "flows").glob("[!_]*.py"))
ENTRIES = yaml.safe_load(FILE.read_text(encoding="utf-8"))["deployments"]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["name"]))
def test_file_flow_and_deployment_have_one_name(entry: dict[str, str]) -> None:
    from prefect.flows import Flow, load_flow_from_entrypoint  # noqa: PLC0415

    name = entry["name"]
    flow: Flow[..., Any] = load_flow_from_entrypoint(entry["entrypoint"], use_placeholder_flow=False)
    assert entry["entrypoint"] == f"flows.{name}.{name}"
    assert isinstance(flow, Flow)
    assert flow.name == name
    assert Path(inspect.getfile(flow.fn)).stem == name
    assert set(inspect.signature(flow.fn).parameters) <= {"campaign_id", "place"}
    assert flow.persist_result is False


def test_every_flow_file_is_deployed() -> None:
    assert sorted(entry["name"] for entry in ENTRIES) == FLOW_FILES


@pytest.mark.parametrize("name", FLOW_FILES)
def test_no_flow_file_shadows_a_module(name: str) -> None:
    """Prefect's file entrypoints put flows/ first on the path."""
    assert name not in sys.stdlib_module_names
    assert importlib.util.find_spec(name) is None


def test_prefect_yaml_names_no_place_of_this_machine() -> None:
    assert not re.search(r"[\"' ]/[a-z]", FILE.read_text(encoding="utf-8"))


def test_schedules_run_in_our_zone() -> None:
    timed = {entry["name"]: entry["schedules"] for entry in ENTRIES if "schedules" in entry}
    names = {
        "track_parcels", "send_messages", "chase_receipts", "review_ledger", "match_movements", "publish_items",
        "purge_campaigns",
        "reconcile",
    }  # fmt: skip
    assert set(timed) == names
    assert {one["timezone"] for many in timed.values() for one in many} == {settings().time_zone}


def test_what_is_served_says_what_prefect_yaml_says() -> None:
    from prefect.client.schemas.schedules import CronSchedule  # noqa: PLC0415

    from flows._deployments import declared, deployment  # noqa: PLC0415

    assert declared() == ENTRIES
    made = {entry["name"]: deployment(entry) for entry in ENTRIES}
    for entry in ENTRIES:
        one = made[entry["name"]]
        assert one.entrypoint == entry["entrypoint"]
        assert one.concurrency_limit == entry["concurrency_limit"]["limit"]
        assert one.concurrency_options is not None
        assert one.concurrency_options.collision_strategy == entry["concurrency_limit"]["collision_strategy"]
        crons = [
            schedule.schedule.cron for schedule in one.schedules or [] if isinstance(schedule.schedule, CronSchedule)
        ]
        assert crons == [schedule["cron"] for schedule in entry.get("schedules", [])]


def test_nothing_begins_of_itself_where_nothing_is_scheduled() -> None:
    from flows._deployments import deployment  # noqa: PLC0415

    made = [deployment(entry, scheduled=False) for entry in ENTRIES]
    assert any(one.schedules for one in made)
    assert not any(schedule.active for one in made for schedule in one.schedules or [])
    assert any(schedule.active for entry in ENTRIES for schedule in deployment(entry).schedules or [])
