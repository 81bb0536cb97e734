"""Hand-over: counted, signed once, and what is left behind stays packed."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from models import Handover, Manifest, ParcelStage
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.stages import manifests, packing, sealing
from qianli.testing import workspace


def test_hand_over_counts_issues_and_remembers(dispatch: Any) -> None:
    campaign = dispatch()
    (sealed,) = campaign.seal()
    done = manifests.hand_over(sealed.number.lower(), count=3, left=[], by=campaign.by)
    assert (done.counted, done.left, done.already) == (3, [], False)
    assert campaign.references(ParcelStage.handed_over) == campaign.references()
    assert all(campaign.parcel(one).handed_over_at for one in campaign.references())
    assert campaign.levels() == {"badge": (17, 0), "book": (17, 0)}
    assert set(campaign.lines_on(sealed.number).values()) == {"handed_over"}
    (record,) = campaign.rows(Handover)
    assert (record.counted, record.left_behind, record.recorded_by) == (3, 0, campaign.by)
    assert campaign.campaign().state.value == "under_way"
    assert campaign.states() == dict.fromkeys((1, 2, 3), "under_way")
    again = manifests.hand_over(sealed.number, count=3, left=[], by=campaign.by)
    assert again.already
    assert campaign.levels() == {"badge": (17, 0), "book": (17, 0)}
    with pytest.raises(RuleBroken, match="已经交接过"):
        manifests.hand_over(sealed.number, count=2, left=[], by=campaign.by)
    with pytest.raises(RuleBroken, match="已经交接过"):
        manifests.hand_over(sealed.number, count=3, left=[campaign.references()[0]], by=campaign.by)


def test_left_parcels_stay_packed_and_are_sealed_again(dispatch: Any) -> None:
    campaign = dispatch()
    first, second, third = campaign.references()
    (sealed,) = campaign.seal()
    done = manifests.hand_over(sealed.number, count=2, left=[second.lower()], by=campaign.by)
    assert done.left == [second]
    assert campaign.lines_on(sealed.number) == {first: "handed_over", second: "left", third: "handed_over"}
    assert campaign.references(ParcelStage.packed) == [second]
    assert campaign.levels()["badge"] == (18, 1)
    assert ("left_behind", f"交接单 {sealed.number}") in campaign.journal("parcel")
    assert manifests.hand_over(sealed.number, count=2, left=[second], by=campaign.by).already
    (again,) = campaign.seal()
    assert again.number != sealed.number
    manifests.hand_over(again.number, count=1, left=[], by=campaign.by)
    assert campaign.levels() == {"badge": (17, 0), "book": (17, 0)}
    assert [(one.state, one.handed_over, one.left) for one in manifests.list_manifests(campaign.code)] == [
        ("handed_over", 2, 1),
        ("handed_over", 1, 0),
    ]


def test_wrong_counts_name_the_numbers(dispatch: Any) -> None:
    campaign = dispatch()
    (sealed,) = campaign.seal()
    with pytest.raises(RuleBroken, match=r"清点 2 件，留下 0 件，合计 2 件；.*上是 3 件，少 1 件"):
        manifests.hand_over(sealed.number, count=2, left=[], by=campaign.by)
    with pytest.raises(RuleBroken, match="多 1 件"):
        manifests.hand_over(sealed.number, count=3, left=[campaign.references()[0]], by=campaign.by)
    with pytest.raises(RuleBroken, match="一件也没有交出"):
        manifests.hand_over(sealed.number, count=0, left=campaign.references(), by=campaign.by)
    with pytest.raises(RuleBroken, match="没有这些包裹：T-00009-X"):
        manifests.hand_over(sealed.number, count=2, left=["T-00009-X"], by=campaign.by)
    with pytest.raises(BadInput):
        manifests.hand_over(sealed.number, count=-1, left=[], by=campaign.by)
    assert campaign.rows(Handover) == []
    assert campaign.levels() == {"badge": (20, 3), "book": (20, 3)}


def test_only_a_sealed_manifest_is_handed_over(dispatch: Any) -> None:
    campaign = dispatch()
    (draft,) = campaign.rows(Manifest)
    with pytest.raises(RuleBroken, match="还没有封单"):
        manifests.hand_over(draft.number, count=3, left=[], by=campaign.by)
    with pytest.raises(NotFound, match="manifest list"):
        manifests.hand_over("XX-J009", count=3, left=[], by=campaign.by)


def test_several_at_once_seal_and_hand_over_once(dispatch: Any) -> None:
    campaign = dispatch()
    with ThreadPoolExecutor(4) as pool:
        numbers = {found[0].number for found in pool.map(lambda _: campaign.seal(), range(4))}
        (number,) = numbers
        done = list(pool.map(lambda _: manifests.hand_over(number, count=3, left=[], by=campaign.by), range(4)))
    assert sorted(one.already for one in done) == [False, True, True, True]
    assert campaign.levels() == {"badge": (17, 0), "book": (17, 0)}
    assert len(campaign.rows(Handover)) == 1


@given(packed=st.sets(st.integers(1, 5), min_size=1), left=st.sets(st.integers(1, 5)))
@examples(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_choice_of_packed_and_left_adds_up(
    dispatch: Any,
    database: str,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    packed: set[int],
    left: set[int],
) -> None:
    """Whatever is packed and left: each parcel has one live line or none, and stock follows the parcels."""
    with workspace(tmp_path_factory.mktemp("w"), database=database):
        monkeypatch.setattr(sealing, "publish_manifest", lambda *_, **__: None)  # papers have tests of their own
        campaign = dispatch(members=5, stage=ParcelStage.printed)
        names = campaign.references()
        packing.pack([names[i - 1] for i in packed], by=campaign.by)
        (sealed,) = campaign.seal()
        stay = [names[i - 1] for i in left & packed]
        count = len(packed) - len(stay)
        if count:
            manifests.hand_over(sealed.number, count=count, left=stay, by=campaign.by)
            assert campaign.levels()["book"] == (20 - count, 5 - count)
        packing.pack_all(campaign.code, by=campaign.by)
        rest = [one for one in campaign.seal() if one.number != sealed.number]
        expected = 5 - count if count else 5 - len(packed)
        assert sum(one.parcels for one in rest) == expected
