import pytest

from models import Campaign, Parcel, Snapshot
from qianli.stages.label_forms import address_label
from qianli.stages.parcel_views import ParcelView

TO = Snapshot(
    name="张伟",
    phone="13912345678",
    province="福建省",
    city="泉州市",
    district="晋江市",
    detail="青阳街道崇德路210号阳光花园3幢1502室",
    postcode="362200",
)


@pytest.mark.parametrize("mode", ["delivery", "de_identified"])
def test_a_booked_parcels_label_has_number_and_route_in_both_modes(mode: str) -> None:
    parcel = Parcel(reference="3K-00001-7", sequence=1, courier="china_post", waybill_number="9800000000001")
    campaign = Campaign(
        outside={"name": "便民服务中心", "phone": "0851-87654321", "address": "文昌路18号", "content": "图书"},
        couriers={"default": "china_post", "labels": {"china_post": mode}},
    )
    label = address_label(campaign, ParcelView(parcel, TO, shares=(), replacement=False, route_code="362-A1-07 03"))
    assert (label.waybill_number, label.route_code) == ("9800000000001", "362-A1-07 03")
    secrets = [secret for secret in ("张伟", "13912345678", "1502") if secret in repr(label)]
    assert len(secrets) == (0 if mode == "de_identified" else 3)
