"""Another text for a campaign: a new version, never behind the back of who approved."""

from pathlib import Path

import pytest

from models import CampaignState
from qianli.errors import BadInput, RuleBroken
from qianli.stages import approve as approving
from qianli.stages import letter_revising
from qianli.stages.approve import approve
from qianli.stages.letter_revising import revise
from qianli.stages.letter_texts import list_versions
from qianli.stages.unit import reading, writing
from qianli.store import campaigns
from qianli.testing import make_world

BY, CODE = "user:test", "TEST-2027"
NEW = "致{姓名}同志：\n您好，**一切顺利**。\n".encode()


@pytest.fixture(autouse=True)
def _no_trial(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (approving, letter_revising):  # a trial of its own: tests/files
        monkeypatch.setattr(module, "try_design", lambda _design: None)


def world(state: CampaignState) -> None:
    with writing(BY) as session:
        make_world(session, state=state, stage=None)


def test_a_new_version_ends_an_approval() -> None:
    world(CampaignState.prepared)
    approve(CODE, by=BY)
    done = revise(CODE, NEW, "letter.txt", design="notice", by=BY)
    assert (done.version, done.design, done.changed) == (2, "notice", True)
    assert not revise(CODE, NEW, "letter.txt", design=None, by=BY).changed
    assert [(one.version, one.campaigns) for one in list_versions("t")] == [(1, ()), (2, (CODE,))]
    with reading() as session:
        campaign = campaigns.by_code(session, code=CODE)
        assert campaign.state is CampaignState.prepared
        assert campaigns.live_approval(session, campaign_id=campaign.key) is None
    approve(CODE, by=BY)


@pytest.mark.parametrize(
    ("state", "raw", "error", "says"),
    [
        (CampaignState.under_way, NEW, RuleBroken, "已经开始寄送"),
        (CampaignState.closed, NEW, RuleBroken, "已经结束"),
        (CampaignState.prepared, "{姓名}：\n离乡{离乡时长}了。".encode(), RuleBroken, "原来没有的“{离乡时长}”"),
        (CampaignState.prepared, "{姓名}：\n<b>您好</b>".encode(), BadInput, "书信有错"),
        (CampaignState.prepared, NEW + b"=== en\nDear,\nHello.", BadInput, "请用“bilingual”"),
    ],
)
def test_what_cannot_be_changed_is_told(state: CampaignState, raw: bytes, error: type[Exception], says: str) -> None:
    world(state)
    with pytest.raises(error, match=says):
        revise(CODE, raw, "letter.txt", design=None, by=BY)
    assert [one.version for one in list_versions("t")] == [1]
