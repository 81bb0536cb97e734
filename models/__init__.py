"""The tables. Importing this package registers all of them."""

from models.address_round import AddressAnswer, AddressRound, AddressSaid, RoundRule
from models.booking import Booking, CourierQuota
from models.campaign import (
    Approval,
    Campaign,
    CampaignState,
    Channel,
    Consolidation,
    LabelLayout,
    LabelMode,
    LetterText,
    Shard,
    Step,
)
from models.code_mapping import CodeMapping
from models.consignment import Consignment, ConsignmentState, Hold, HoldReason, OddsWarning, Snapshot
from models.courier_push import CourierPush
from models.duplicate import DistinctMembers, MemberMerge
from models.follow_up import FollowUp, FollowUpDo
from models.following import Following
from models.imprint import Imprint, ImprintKind
from models.invoice import Charge, Invoice, InvoiceLine
from models.journal import JournalEntry, Subject
from models.kit import Item, ItemKind, Kit, KitItem, Paper, StockMove, StockMovement
from models.ledger_import import LedgerImport, LedgerImportMember
from models.member import AddressStatus, Member, Residence, ResidenceKind
from models.message import Message, MessageEnd, MessagePurpose
from models.movement import Movement, MovementOutcome, ReportSide
from models.movement_import import MovementImport
from models.organisation import Organisation, OrganisationKind
from models.outcome import Outcome, OutcomeKind, ReturnedFor
from models.paper import Artefact, ArtefactKind, PrintRun, Sheet, Spoilage
from models.parcel import (
    DeliveredTo,
    Handover,
    LeftReason,
    Manifest,
    ManifestLine,
    ManifestLineState,
    ManifestLink,
    ManifestState,
    Parcel,
    ParcelLine,
    ParcelStage,
    ReplacementRequest,
    Tracking,
    TrackingEvent,
)
from models.participation import Participation, TookPart
from models.phone_call import CallEnd, CallPurpose, PhoneCall
from models.programme import (
    ClosedMonth,
    Contribution,
    HolidayRule,
    Programme,
    Rhythm,
    StudyColumn,
    StudyGroup,
    StudyItem,
    StudyOpening,
    StudyPass,
    StudyState,
)
from models.purge import PurgeRecord
from models.receipt import (
    Case,
    CaseOutcome,
    CaseReason,
    FailedCode,
    ItemProblem,
    Receipt,
    ReceiptItem,
    ReceiptPhoto,
    Said,
    SaidVia,
)
from models.reminder import Reminder, ReminderEnd, ReminderReason, ToldVia
from models.sample import Finding, Sample, SampleMember, Stratum
from models.stray_event import StrayEvent
from models.user import Role, User, UserSession

__all__ = [
    "AddressAnswer",
    "AddressRound",
    "AddressSaid",
    "AddressStatus",
    "Approval",
    "Artefact",
    "ArtefactKind",
    "Booking",
    "CallEnd",
    "CallPurpose",
    "Campaign",
    "CampaignState",
    "Case",
    "CaseOutcome",
    "CaseReason",
    "Channel",
    "Charge",
    "ClosedMonth",
    "CodeMapping",
    "Consignment",
    "ConsignmentState",
    "Consolidation",
    "Contribution",
    "CourierPush",
    "CourierQuota",
    "DeliveredTo",
    "DistinctMembers",
    "FailedCode",
    "Finding",
    "FollowUp",
    "FollowUpDo",
    "Following",
    "Handover",
    "Hold",
    "HoldReason",
    "HolidayRule",
    "Imprint",
    "ImprintKind",
    "Invoice",
    "InvoiceLine",
    "Item",
    "ItemKind",
    "ItemProblem",
    "JournalEntry",
    "Kit",
    "KitItem",
    "LabelLayout",
    "LabelMode",
    "LedgerImport",
    "LedgerImportMember",
    "LeftReason",
    "LetterText",
    "Manifest",
    "ManifestLine",
    "ManifestLineState",
    "ManifestLink",
    "ManifestState",
    "Member",
    "MemberMerge",
    "Message",
    "MessageEnd",
    "MessagePurpose",
    "Movement",
    "MovementImport",
    "MovementOutcome",
    "OddsWarning",
    "Organisation",
    "OrganisationKind",
    "Outcome",
    "OutcomeKind",
    "Paper",
    "Parcel",
    "ParcelLine",
    "ParcelStage",
    "Participation",
    "PhoneCall",
    "PrintRun",
    "Programme",
    "PurgeRecord",
    "Receipt",
    "ReceiptItem",
    "ReceiptPhoto",
    "Reminder",
    "ReminderEnd",
    "ReminderReason",
    "ReplacementRequest",
    "ReportSide",
    "Residence",
    "ResidenceKind",
    "ReturnedFor",
    "Rhythm",
    "Role",
    "RoundRule",
    "Said",
    "SaidVia",
    "Sample",
    "SampleMember",
    "Shard",
    "Sheet",
    "Snapshot",
    "Spoilage",
    "Step",
    "StockMove",
    "StockMovement",
    "Stratum",
    "StrayEvent",
    "StudyColumn",
    "StudyGroup",
    "StudyItem",
    "StudyOpening",
    "StudyPass",
    "StudyState",
    "Subject",
    "ToldVia",
    "TookPart",
    "Tracking",
    "TrackingEvent",
    "User",
    "UserSession",
]
