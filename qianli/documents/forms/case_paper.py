"""What a case needs on paper: a sheet to call by, and an application to the courier."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class CallRow:
    """Somebody to call: a member of ours, with the branch that can help."""

    number: str
    name: str
    phone: str
    organisation: str


@dataclass(frozen=True)
class SaidRow:
    """One thing a courier said: when, as written, and what."""

    at: str
    words: str


@dataclass(frozen=True)
class CallSheet:
    """Whom to call about a case, what is known, what to ask, and room for the answers. For our own people only."""

    case_number: int
    reason: str
    owner: str
    made_on: date
    opened_on: date
    sentence: str
    next_step: str
    courier_name: str
    reference: str
    waybill_number: str
    address: str
    people: tuple[CallRow, ...]
    questions: tuple[str, ...]
    closing: str
    branch: str
    said: tuple[SaidRow, ...] = ()

    @classmethod
    def sample(cls) -> "CallSheet":
        """A parcel that came back."""
        return cls(
            case_number=12,
            reason="退回",
            owner="中共青石街道文昌社区委员会",
            made_on=date(2027, 1, 20),
            opened_on=date(2027, 1, 18),
            sentence="包裹已退回。",
            next_step="联系本人核对地址；退到后登记退回入库（损坏的登记退回报损），再导入新地址。",
            courier_name="中国邮政",
            reference="3K-00001-7",
            waybill_number="9812345678901",
            address="福建省泉州市晋江市青阳街道崇德路 210 号阳光花园 3 幢 1502 室",
            people=(CallRow("QLCS-2027-0001", "张伟", "139 1234 0001", "文昌社区第一党支部"),),
            questions=("知道包裹为什么退回吗？", "现在住在哪里？请本人说全。", "同意再寄一次吗？"),
            closing="收到后，请按信上的确认码告诉我们。",
            branch="打不通的，请本人所在党组织协助联系，核实现住址和电话。",
            said=(SaidRow("1月15日 09:30", "投递未成功"), SaidRow("1月18日 16:05", "退回妥投")),
        )


@dataclass(frozen=True)
class CourierClaim:
    """An inquiry or claim to the courier: what the outside of the parcel tells, and nothing of the campaign."""

    title: str
    number: str
    made_on: date
    courier_name: str
    sender: str
    sender_phone: str
    sender_address: str
    waybill_number: str
    reference: str
    handed_over_on: date | None
    consignee: str
    consignee_phone: str
    consignee_address: str
    content: str
    weight_g: int
    value_fen: int
    postage_fen: int
    claimed_fen: int | None
    request: str
    enclosed: tuple[str, ...]
    said: tuple[SaidRow, ...] = ()
    moved_to: str = ""

    @property
    def is_claim(self) -> bool:
        """Whether money is asked for."""
        return "赔偿" in self.title

    @classmethod
    def sample(cls) -> "CourierClaim":
        """A parcel the courier lost."""
        return cls(
            title="快件赔偿申请",
            number="3K-W012",
            made_on=date(2027, 1, 20),
            courier_name="中国邮政",
            sender="青石街道便民服务中心",
            sender_phone="0851-12345678",
            sender_address="贵州省贵阳市花溪区青石街道文昌路 1 号",
            waybill_number="9812345678901",
            reference="3K-00001-7",
            handed_over_on=date(2027, 1, 9),
            consignee="张伟",
            consignee_phone="139 1234 0001",
            consignee_address="福建省泉州市晋江市青阳街道崇德路 210 号阳光花园 3 幢 1502 室",
            content="图书、纪念品",
            weight_g=890,
            value_fen=4_200,
            postage_fen=1_200,
            claimed_fen=5_400,
            request="上列快件经贵公司确认丢失，请按规定赔偿内件损失，并退还已收取的运费。",
            enclosed=("交寄凭证（交接单）复印件", "内件价值证明"),
            said=(SaidRow("1月10日 09:30", "已收寄"), SaidRow("1月18日 16:05", "丢失")),
        )
