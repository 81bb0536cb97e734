"""The tables. Importing this package registers all of them."""

from models.booking import Booking, CourierQuota
from models.campaign import (
    Approval,
    Campaign,
    CampaignState,
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
from models.following import Following
from models.imprint import Imprint, ImprintKind
from models.invoice import Charge, Invoice, InvoiceLine
from models.journal import JournalEntry, Subject
from models.kit import Item, ItemKind, Kit, KitItem, Paper, StockMove, StockMovement
from models.member import AddressStatus, Member, Residence, ResidenceKind
from models.movement import Movement, MovementOutcome, ReportSide
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
from models.stray_event import StrayEvent
from models.user import Role, User, UserSession

__all__ = [
    "AddressStatus",
    "Approval",
    "Artefact",
    "ArtefactKind",
    "Booking",
    "Campaign",
    "CampaignState",
    "Case",
    "CaseOutcome",
    "CaseReason",
    "Charge",
    "CodeMapping",
    "Consignment",
    "ConsignmentState",
    "Consolidation",
    "CourierPush",
    "CourierQuota",
    "DeliveredTo",
    "DistinctMembers",
    "FailedCode",
    "Following",
    "Handover",
    "Hold",
    "HoldReason",
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
    "LeftReason",
    "LetterText",
    "Manifest",
    "ManifestLine",
    "ManifestLineState",
    "ManifestLink",
    "ManifestState",
    "Member",
    "MemberMerge",
    "Movement",
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
    "PrintRun",
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
    "Role",
    "Said",
    "SaidVia",
    "Shard",
    "Sheet",
    "Snapshot",
    "Spoilage",
    "Step",
    "StockMove",
    "StockMovement",
    "StrayEvent",
    "Subject",
    "ToldVia",
    "TookPart",
    "Tracking",
    "TrackingEvent",
    "User",
    "UserSession",
]
