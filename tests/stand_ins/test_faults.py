"""Faults of a stand-in: what was done, and what is heard of it."""

import pytest
from fastapi import FastAPI

from qianli.errors import CourierUnavailable
from qianli.interfaces.wire import Limit, Wire
from qianli.stand_ins.faults import Fault, Faults
from qianli.stand_ins.serving import serving


def test_each_fault_does_what_it_says_and_only_to_what_it_is_armed_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qianli.interfaces.wire.TIMEOUT_S", (5, 0.5))
    done: list[int] = []
    app = FastAPI()

    @app.post("/")
    def _do() -> int:
        done.append(1)
        return len(done)

    faults = Faults()
    with serving(faults.around(app)) as url:

        def ask() -> int | None:
            try:
                return int(Wire().post_body(f"{url}/", b"book", limit=Limit("any")))
            except CourierUnavailable:
                return None

        faults.arm(Fault.lost_before, containing=b"track")
        heard = {}
        for fault in Fault:
            faults.arm(fault, containing=b"book")
            heard[fault] = (ask(), len(done))
        assert heard == {
            Fault.late: (1, 1),
            Fault.twice: (3, 3),
            Fault.broken_before: (None, 3),
            Fault.broken_after: (None, 4),
            Fault.lost_before: (None, 4),
            Fault.lost_after: (None, 5),
            Fault.silent_before: (None, 5),
            Fault.silent_after: (None, 6),
        }
        faults.plan = lambda request: Fault.broken_before if request % 2 else None
        assert [ask(), ask()] == [None, 7]
    assert faults.met[Fault.broken_before] == 2


def test_too_late_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qianli.interfaces.wire.TIMEOUT_S", (1, 0.02))
    faults = Faults()
    faults.arm(Fault.late)
    with serving(faults.around(FastAPI())) as url, pytest.raises(CourierUnavailable):
        Wire().post_body(f"{url}/", b"", limit=Limit("any"))
