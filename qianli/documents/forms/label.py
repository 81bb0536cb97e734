"""The address label form."""

from dataclasses import dataclass

from qianli.documents.forms.common import Sender


@dataclass(frozen=True)
class AddressLabel:
    """The outside of one parcel: nothing here may tell what is in it."""

    reference: str
    sequence: int
    courier_name: str
    name: str
    phone: str
    region: str
    detail: str
    sender: Sender
    content: str
    postcode: str | None = None
    waybill_number: str | None = None
    route_code: str | None = None

    @property
    def address(self) -> str:
        """Region and detail in one line, as on the manifest."""
        return self.region + self.detail

    @classmethod
    def sample(cls) -> "AddressLabel":
        """A label of the sample campaign."""
        return cls(
            reference="3K-00001-7",
            sequence=1,
            courier_name="中国邮政",
            name="张伟",
            phone="13912345678",
            region="福建省泉州市晋江市",
            detail="青阳街道崇德路 210 号阳光花园 3 幢 1502 室",
            sender=Sender.sample(),
            content="图书、纪念品",
            postcode="362200",
            waybill_number="1234567890123",
            route_code="362-A1-07 03",
        )
