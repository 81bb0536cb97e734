"""A round before a campaign: asked, answered by page and telephone, and what the rule does with the silent."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from models import (
    AddressAnswer,
    AddressRound,
    AddressSaid,
    CampaignState,
    HoldReason,
    ParcelStage,
    Residence,
    RoundRule,
    SaidVia,
)
from qianli.cli import main
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.stages import (
    address_answers,
    address_rounds,
    call_outcomes,
    closing_report,
    movements,
    phone_calls,
    plan,
    reconcile,
    refusing,
)
from qianli.stages.address_rounds import ask, close, state, to_ask
from qianli.stages.call_outcomes import EVERYTHING, Outcome
from qianli.stages.held import holds
from qianli.stages.steps import run_inline
from qianli.stages.unit import now, reading, today, writing

BY, CODE = "user:李主任", "TEST-2027"


def number(n: int) -> str:
    return f"{CODE}-{n:04d}"


@pytest.fixture
def made(dispatch: Callable) -> Callable:  # type: ignore[type-arg]
    """Four members, prepared: `made(state)`; nothing has to be delivered for a month."""

    def make(state: CampaignState = CampaignState.prepared) -> object:
        found = dispatch(members=4, stage=None, state=state)
        found.set(found.campaign(), planned_delivery_on=today() + timedelta(days=30))
        for home in found.rows(Residence):
            found.set(home, recorded_at=now() - timedelta(days=9), reported_on=today() - timedelta(days=9))
        return found

    return make


def opened(rule: RoundRule = RoundRule.hold) -> address_rounds.Asking:
    return ask(CODE, until=today() + timedelta(days=7), rule=rule, by=BY)


def reasons() -> dict[str, set[HoldReason]]:
    found: dict[str, set[HoldReason]] = {}
    for one in holds(CODE):
        found.setdefault(one.number, set()).add(one.reason)
    return found


def test_a_round_asks_answers_and_holds_the_silent(made: Callable) -> None:  # type: ignore[type-arg]
    campaign = made(CampaignState.approved)
    with pytest.raises(NotFound):
        state(CODE)
    found = opened()
    assert (found.asked, found.answered, found.waiting) == (4, 0, 4)
    assert opened().asked == 4, "asking twice asks nobody twice"
    assert [one.number for one in to_ask(CODE)] == [number(n) for n in (1, 2, 3, 4)]
    assert "***" in "".join(one.words for one in to_ask(CODE)) or all("吗" in one.words for one in to_ask(CODE))
    with pytest.raises(RuleBroken, match="核对住址"):
        plan.shards_to_plan(campaign.world.campaign)
    ids = campaign.world.consignments
    assert address_answers.still_here(ids[0], via=SaidVia.page, by="member")
    assert not address_answers.still_here(ids[0], via=SaidVia.page, by="member"), "twice is once"
    (home,) = [one for one in campaign.rows(Residence) if one.member_id == campaign.world.members[0]]
    assert home.verified_at is not None
    assert home.verified_at.date() == today()
    call_outcomes.by_number(
        EVERYTHING, CODE, number(2), Outcome.moved, address="广东省深圳市南山区深南大道 9 号 3 栋 502 室", by=BY
    )
    call_outcomes.by_number(EVERYTHING, CODE, number(3), Outcome.unsure, by=BY)
    assert [(one.number, one.asks) for one in phone_calls.listed(EVERYTHING)] == [(number(3), True), (number(4), True)]
    assert state(CODE).said == [
        (AddressSaid.moved, SaidVia.phone, 1),
        (AddressSaid.still_here, SaidVia.page, 1),
        (AddressSaid.unsure, SaidVia.phone, 1),
    ]
    assert reasons() == {number(2): {HoldReason.moved_since}}, "nothing goes to the old address meanwhile"
    assert not [one for one in reconcile.unfinished() if one.work == "address_round"]
    campaign.set(campaign.rows(AddressRound)[0], cut_off_on=today() - timedelta(days=1))
    assert [(one.work, one.refused) for one in reconcile.reconcile_inline(by="system")] == [("address_round", None)]
    assert state(CODE).closed_at is not None
    silent = {HoldReason.address_unanswered}
    assert reasons() == {number(2): {HoldReason.moved_since}, number(3): silent, number(4): silent}
    assert campaign.states() == {1: "ready", 2: "held", 3: "held", 4: "held"}
    assert {reserved for _, reserved in campaign.levels().values()} == {1}, "what is held reserves nothing"
    with pytest.raises(RuleBroken, match="打电话"):
        address_answers.still_here(ids[3], via=SaidVia.page, by="member")
    call_outcomes.by_number(EVERYTHING, CODE, number(3), Outcome.still_here, by=BY)  # later, by telephone
    assert refusing.release([number(4)], by=BY).released == (number(4),)
    movements.accept(campaign.rows(movements.Movement)[0].key, by=BY)
    run_inline("prepare_campaign", campaign.world.campaign)
    assert reasons() == {}


def test_prepare_leaves_the_silent_where_they_are(made: Callable) -> None:  # type: ignore[type-arg]
    campaign = made()
    opened()
    close(CODE, by=BY)
    before = reasons()
    assert set(before) == {number(n) for n in (1, 2, 3, 4)}
    run_inline("prepare_campaign", campaign.world.campaign)
    assert reasons() == before


@pytest.mark.parametrize(("rule", "held"), [(RoundRule.keep, 0), (RoundRule.host_decides, 3)])
def test_kept_or_put_to_the_branch_where_they_live(made: Callable, rule: RoundRule, held: int) -> None:  # type: ignore[type-arg]
    campaign = made()
    opened(rule)
    address_answers.still_here(campaign.world.consignments[0], via=SaidVia.visit, by=BY)
    close(CODE, by=BY)
    close(CODE, by=BY)
    found = holds(CODE)
    assert len(found) == held
    assert all("决定寄不寄" in one.sentence for one in found)


def test_what_cannot_be_asked_is_refused_with_what_to_do(made: Callable) -> None:  # type: ignore[type-arg]
    campaign = made()
    for days in (-1, 30):
        with pytest.raises(BadInput, match="截止日"):
            ask(CODE, until=today() + timedelta(days=days), rule=RoundRule.keep, by=BY)
    with pytest.raises(RuleBroken):
        address_answers.still_here(campaign.world.consignments[0], via=SaidVia.phone, by=BY)
    opened()
    close(CODE, by=BY)
    with pytest.raises(RuleBroken, match="已经核对过"):
        opened()


def test_the_closing_report_tells_how_both_groups_fared(dispatch: Callable) -> None:  # type: ignore[type-arg]
    made = dispatch(members=3, stage=ParcelStage.handed_over)
    first, second, third = made.world.consignments
    with writing(BY) as session:
        row = AddressRound(
            campaign_id=made.world.campaign, opened_at=now(), opened_by=BY, cut_off_on=today(), rule=RoundRule.keep
        )
        session.add(row)
        session.flush()
        said = {first: AddressSaid.still_here, second: AddressSaid.unsure, third: None}
        for id_, what in said.items():
            at = now() if what else None
            session.add(AddressAnswer(round_id=row.key, consignment_id=id_, said=what, answered_at=at))
    made.set(made.consignment(1), state="confirmed")
    made.set(made.parcel(made.references()[1]), tracking="returned")
    with reading() as session:
        remarks = closing_report.counted(session, made.campaign()).remarks
    (said_so,) = [one for one in remarks if "核对住址" in one]
    assert "答复了的 1 份：寄出 1 份，退回 0 份，本人确认 1 份" in said_so
    assert "没有答复的 2 份：寄出 2 份，退回 1 份，本人确认 0 份" in said_so


def test_the_command_line(made: Callable, place: Path, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[type-arg]
    made()
    until, file = str(today() + timedelta(days=5)), place / "名单.xlsx"
    assert main.execute(["campaign", "ask", CODE, "--until", until, "--rule", "host_decides", "--xlsx", str(file)]) == 0
    rows = list(load_workbook(file).active.values)
    assert len([row for row in rows if str(row[0]).startswith(CODE)]) == 4
    assert main.execute(["campaign", "answer", number(1), "still_here", "--via", "visit"]) == 0
    assert main.execute(["campaign", "answer", number(2), "no_answer"]) == 0
    assert main.execute(["campaign", "ask", CODE]) == 0
    said = capsys.readouterr().out
    assert "已答复 1 人" in said
    assert "当面" in said
    assert main.execute(["campaign", "ask", CODE, "--close"]) == 0
    assert "campaign holds" in capsys.readouterr().out
