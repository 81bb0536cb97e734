"""What a task does around a shard, without a server. What needs Prefect is imported when it is asked for."""

import sys
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from qianli.cli.drive import LABELS
from qianli.errors import ConfigurationError, Conflict, CourierUnavailable, RuleBroken
from qianli.stages.reconcile import WORKS
from qianli.stages.steps import STEPS as OF_CAMPAIGNS
from qianli.stages.steps import Step
from qianli.testing import workspace

SECRET = "张三，福建省晋江市青阳街道崇德路 210 号"  # noqa: S105 - what must not get out


@pytest.fixture(scope="module")
def common() -> Any:
    return import_module("flows._common")


def test_an_unexpected_error_tells_kind_and_place_but_not_what_it_carried(common: Any) -> None:
    with pytest.raises(common.ShardFailed) as caught, common.without_data():
        raise ValueError(SECRET)
    assert str(caught.value).startswith("ValueError: tests/flows/test_shards.py:")
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_refusal_keeps_its_sentence(common: Any) -> None:
    with pytest.raises(RuleBroken, match="还没有批准"), common.without_data():
        raise RuleBroken("活动还没有批准。")


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (None, True),
        (CourierUnavailable("快递公司的服务器没有应答。"), True),
        (Conflict("请重试。"), True),
        (RuleBroken("活动已经取消。"), False),
    ],
)
def test_only_what_may_pass_is_tried_again(common: Any, error: Exception | None, again: bool) -> None:  # noqa: FBT001
    state = SimpleNamespace(result=lambda **_: error or common.ShardFailed("OperationalError"))
    assert common._is_passing(None, None, state) is again  # noqa: SLF001 - a hook of Prefect's


def test_a_task_is_a_shard(common: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[tuple[int, bool]] = []

    def run(shard_id: int, *, take_over: bool = False) -> None:
        done.append((shard_id, take_over))

    steps: Any = (Step("only", lambda _campaign: [7], run),)
    monkeypatch.setitem(common.STEPS, "some_flow", steps)
    common.run_shard.fn("some_flow", "only", 7)
    assert done == [(7, False)]


def test_shards_run_in_the_process_of_the_flow_unless_told_otherwise(common: Any, place: Path) -> None:
    made = common.runner()
    assert isinstance(made, import_module("prefect.task_runners").ThreadPoolTaskRunner)


def test_dask_is_a_setting(common: Any, tmp_path: Path) -> None:
    with workspace(tmp_path, TASK_RUNNER="dask"):
        assert getattr(common.runner(), "cluster_kwargs", {})["threads_per_worker"] == 1
    with workspace(tmp_path, TASK_RUNNER="dask", DASK_SCHEDULER="tcp://127.0.0.1:8786"):
        assert getattr(common.runner(), "address", None) == "tcp://127.0.0.1:8786"


def test_without_the_extra_dask_says_what_to_install(
    common: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "prefect_dask.task_runners", None)
    with workspace(tmp_path, TASK_RUNNER="dask"), pytest.raises(ConfigurationError, match="pip install"):
        common.runner()


def test_every_step_has_a_name_to_show_while_it_runs() -> None:
    steps_of_campaigns = {step.name for steps in OF_CAMPAIGNS.values() for step in steps}
    assert set(LABELS) >= steps_of_campaigns | {*WORKS}
