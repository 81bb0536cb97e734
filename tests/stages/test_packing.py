"""Packing: printed parcels only, one by one or all, and never twice."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from models import ParcelStage
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.stages import packing


def test_one_parcel_is_packed_once(dispatch: Any) -> None:
    campaign = dispatch(stage=ParcelStage.printed)
    first, second, _ = campaign.references()
    done = packing.pack([first, second], by=campaign.by)
    assert (done.packed, done.already, done.refused) == ([first, second], [], [])
    again = packing.pack([first], by=campaign.by)
    assert (again.packed, again.already, again.refused) == ([], [first], [])
    assert campaign.references(ParcelStage.packed) == [first, second]
    assert campaign.journal("parcel") == [("packed", "已装箱")] * 2


def test_one_refusal_does_not_stop_the_others(dispatch: Any) -> None:
    campaign = dispatch(stage=ParcelStage.printed)
    first, second, third = campaign.references()
    campaign.set(campaign.parcel(second), stage=ParcelStage.planned)
    campaign.set(campaign.parcel(third), stage=ParcelStage.handed_over)
    done = packing.pack([second, "3K-99999-2", first, third], by=campaign.by)
    assert done.packed == [first]
    reasons = dict(done.refused)
    assert set(reasons) == {second, "3K-99999-2", third}
    assert "单据还没有做好" in reasons[second]
    assert "campaign fulfil" in reasons[second]
    assert "已经交给快递公司" in reasons[third]


@pytest.mark.parametrize("stage", [ParcelStage.voided, ParcelStage.taken_back, ParcelStage.planned])
def test_what_cannot_go_says_what_to_do(dispatch: Any, stage: Any) -> None:
    campaign = dispatch(members=1, stage=ParcelStage.printed)
    (reference,) = campaign.references()
    campaign.set(campaign.parcel(reference), stage=stage)
    done = packing.pack([reference], by=campaign.by)
    assert done.packed == []
    assert done.refused[0][1].endswith("。")


@pytest.mark.parametrize("database", ["sqlite"])  # what was typed is read before any row
@pytest.mark.parametrize("typed", ["{0}", "{0} ", "plain", "lower", "wide"])
def test_references_are_read_however_they_were_typed(dispatch: Any, typed: str) -> None:
    from qianli.campaigns.references import reference  # noqa: PLC0415 - the real form, unlike the world's

    campaign = dispatch(members=1, stage=ParcelStage.printed)
    real = reference(campaign.world.campaign, 1)
    campaign.set(campaign.parcel(campaign.references()[0]), reference=real)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in real)
    shapes = {"plain": real.replace("-", ""), "lower": real.lower(), "wide": wide}
    assert packing.pack([shapes.get(typed, typed.format(real))], by=campaign.by).packed == [real]


@pytest.mark.parametrize("database", ["sqlite"])  # what was typed is read before any row
@pytest.mark.parametrize("nonsense", ["", "包裹一", "=1+1", "T-00001-Y", "-", "🎁" * 50])
def test_nonsense_is_refused_in_words(dispatch: Any, nonsense: str) -> None:
    campaign = dispatch(members=1, stage=ParcelStage.printed)
    done = packing.pack([nonsense], by=campaign.by)
    assert done.packed == []
    assert "不对" in done.refused[0][1]


def test_nothing_named_is_bad_input(dispatch: Any) -> None:
    with pytest.raises(BadInput):
        packing.pack([], by="user:x")


def test_all_of_a_campaign(dispatch: Any) -> None:
    campaign = dispatch(members=4, stage=ParcelStage.printed)
    first, second, third, fourth = campaign.references()
    campaign.set(campaign.parcel(second), stage=ParcelStage.planned)
    campaign.set(campaign.parcel(fourth), stage=ParcelStage.voided)
    done = packing.pack_all(campaign.code, by=campaign.by)
    assert done.packed == [first, third]
    assert [reference for reference, _ in done.refused] == [second]
    again = packing.pack_all(campaign.code, by=campaign.by)
    assert (again.packed, again.already) == ([], [first, third])


def test_several_packers_at_once_pack_each_parcel_once(dispatch: Any) -> None:
    campaign = dispatch(members=6, stage=ParcelStage.printed)
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: packing.pack_all(campaign.code, by=campaign.by), range(4)))
    assert sorted(one for some in done for one in some.packed) == campaign.references()
    assert len(campaign.journal("parcel")) == 6


def test_a_campaign_without_parcels_or_unknown(dispatch: Any) -> None:
    campaign = dispatch(stage=None)
    with pytest.raises(RuleBroken, match="还没有包裹"):
        packing.pack_all(campaign.code, by=campaign.by)
    with pytest.raises(NotFound):
        packing.pack_all("NOBODY", by=campaign.by)


def test_the_list_is_in_sequence_and_names_nobody(dispatch: Any) -> None:
    campaign = dispatch(stage=ParcelStage.printed)
    listed = packing.list_parcels(campaign.code)
    assert [one.sequence for one in listed] == [1, 2, 3]
    assert [(one.stage, one.tracking, one.waybill) for one in listed] == [("printed", "unknown", None)] * 3
    assert "张伟" not in repr(listed)
