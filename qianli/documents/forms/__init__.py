"""Forms: the frozen inputs of every paper. Templates get these, never rows. Each has a `.sample()`."""

from qianli.documents.forms.call_list import CallList, CallListRow
from qianli.documents.forms.case_paper import CallRow, CallSheet, CourierClaim, SaidRow
from qianli.documents.forms.common import ItemLine, Sender
from qianli.documents.forms.contact_card import Contact, ContactCard
from qianli.documents.forms.handover_record import HandoverRecord, HandoverRow
from qianli.documents.forms.label import AddressLabel
from qianli.documents.forms.ledger_review import LedgerReview, ReviewRow
from qianli.documents.forms.letter import Letter, SecondText
from qianli.documents.forms.manifest import ManifestKind, ManifestMark, ManifestPaper, ManifestRow
from qianli.documents.forms.packing_slip import PackingSlip, SlipMember
from qianli.documents.forms.pick_list import PickList, PickParcel
from qianli.documents.forms.reader import Copy, Reader
from qianli.documents.forms.rehearsal import HeldRow, Rehearsal, SampleLetter, ThirdParty
from qianli.documents.forms.report import Bar, CostRow, Report, ReportRow
from qianli.documents.forms.sample_sheet import SampleRow, SampleSheet
from qianli.documents.forms.study_month import StudyMonth, StudyMonthRow
from qianli.documents.forms.told_rehearsal import ToldRehearsal, ToldSample

__all__ = [
    "AddressLabel", "Bar", "CallList", "CallListRow", "CallRow", "CallSheet", "Contact",
    "ContactCard", "Copy", "CostRow", "CourierClaim",
    "HandoverRecord", "HandoverRow", "HeldRow", "ItemLine", "LedgerReview", "Letter", "ManifestKind",
    "ManifestMark", "ManifestPaper", "ManifestRow", "PackingSlip", "PickList", "PickParcel", "Reader", "Rehearsal",
    "Report", "ReportRow", "ReviewRow", "SaidRow", "SampleLetter", "SampleRow", "SampleSheet",
    "SecondText", "Sender", "SlipMember", "StudyMonth", "StudyMonthRow", "ThirdParty", "ToldRehearsal", "ToldSample",
]  # fmt: skip
