"""Every column and every kind of file: whether it holds personal data, and what becomes of it.

A test compares this with the models both ways: a new column or kind fails it until somebody has decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models import ArtefactKind


@dataclass(frozen=True)
class Columns:
    """The columns of one table by what becomes of them; each stands in exactly one place."""

    #: No personal data: keys, states, counts, moments, fixed sentences, hashes, what an organisation says of itself.
    plain: str
    #: A member's; emptied to these values when the campaign is purged.
    emptied: Mapping[str, Any] = field(default_factory=dict)
    #: A member's, and of the ledger, which belongs to no campaign: stays as long as the ledger says so.
    ledger: str = ""
    #: Goes with its whole row when its time is over: see `purging`.
    passing: str = ""
    #: Who of the staff acted. The record of who answers for what is kept.
    staff: str = ""

    def names(self) -> list[str]:
        """All of them."""
        return [*f"{self.plain} {self.ledger} {self.passing} {self.staff}".split(), *self.emptied]


TABLES: dict[str, Columns] = {
    "address_answer": Columns("id round_id consignment_id said said_via answered_at", staff="recorded_by"),
    "address_round": Columns("id campaign_id opened_at cut_off_on rule closed_at", staff="opened_by"),
    "approval": Columns(
        "id campaign_id checksum consignments amount_fen approved_at voided_at void_reason", staff="approved_by"
    ),
    "artefact": Columns("id kind campaign_id path pages sha256 created_at published_at purge_id deleted_at"),
    "booking": Columns(
        "id parcel_id account batch_id attempt started_at lease_until worker asked_at answered_at refused_at"
        " refused_kind cancelled_at cancel_refused_at",
        emptied={"waybill_number": None, "route": {}, "refused_words": ""},
    ),
    "campaign": Columns(
        "id code name state organisation_id channel kit_id letter_text_id sender outside contacts imprints audience"
        " couriers postage messages follow_up telling letter_on planned_delivery_on address_max_age_days consolidate"
        " label_layout"
        " from_label definition_checksum seed"
        " next_number next_sequence next_manifest created_at stopped_at closed_at purged_at version",
        staff="created_by",
    ),
    "case_record": Columns(
        "id campaign_id consignment_id parcel_id movement_id receipt_id message_id reason sentence next_step opened_at"
        " resolved_at outcome",
        staff="owner assignee_id resolved_by",
    ),
    "closed_month": Columns("id programme_id begins_on published openings branches closed_at"),
    "code_mapping": Columns("id courier code tracking delivered_to mapped_at replaced_at", staff="mapped_by"),
    "consignment": Columns(
        "id campaign_id number state snapshot_id code_generation warning not_sent_reason",
        emptied={"member_id": None, "code_key_id": None, "code_hash": None, "passed_over_id": None},
    ),
    "contribution": Columns("id item_id member_id written_at released_at", passing="text", staff="released_by"),
    "courier_quota": Columns("id account limit_name day used next_at"),
    "courier_push": Columns("id account received_at read_at said problem", passing="content_type body"),
    "distinct_members": Columns("id first_id second_id decided_at", staff="decided_by"),
    "failed_code": Columns("id window_at count", passing="address_hash"),
    "follow_up": Columns("id consignment_id step does passed_over taken_at"),
    "following": Columns("id parcel_id account courier asked_at next_at subscribed_at"),
    "handover": Columns(
        "id manifest_id counted left_behind at",
        emptied={"signed_name": None, "signature": None},
        staff="recorded_by",
    ),
    "hold": Columns("id consignment_id reason next_step opened_at cleared_at", emptied={"sentence": ""}),
    "imprint": Columns(
        "id organisation_id kind content sha256 width_mm added_at withdrawn_at", staff="added_by withdrawn_by"
    ),
    "invoice": Columns("id courier account sha256 imported_at", staff="imported_by"),
    "invoice_line": Columns("id invoice_id parcel_id charge billed_fen billed_weight_g"),
    "item": Columns("id sku name kind paper weight_g unit_cost_fen version"),
    "journal_entry": Columns("id subject subject_id what was why at", staff="actor"),
    "kit": Columns("id code version name checksum created_at"),
    "kit_item": Columns("id kit_id item_id quantity position text programme_id study_month"),
    "ledger_import": Columns(
        "id organisation_id filename imported_at added changed unchanged rejected highest_member_id undone_at",
        staff="imported_by undone_by",
    ),
    "ledger_import_member": Columns("id import_id member_id made version", passing="before verified"),
    "letter_text": Columns("id code version title body design checksum created_at"),
    "manifest": Columns("id campaign_id number courier account state created_at sealed_at content_checksum"),
    "manifest_line": Columns("id manifest_id parcel_id position state left_reason"),
    "manifest_link": Columns("id manifest_id generation key_id token_hash created_at expires_at revoked_at"),
    "member": Columns(
        "id organisation_id host_organisation_id created_at updated_at version merged_into_id",
        ledger="name born_on joined_on phone phone_written wrong_phone away_since occupation dues_paid_until"
        " certificate_number certificate_issued_on certificate_checked_on details do_not_contact deceased_on",
    ),
    "member_merge": Columns("id kept_id gone_id changed merged_at undone_at", staff="merged_by"),
    "message": Columns(
        "id sending_key purpose organisation_id campaign_id consignment_id channel text_code details working_days"
        " due_at queued_at attempt started_at lease_until asked_at answered_at artefact_id delivered_at failed_at"
        " failure_kind unclear_at cancelled_at cancel_reason",
        emptied={"member_id": None, "receiver_hash": None, "provider_id": "", "failure_words": ""},
    ),
    "movement": Columns(
        "id member_id side organisation_id import_id status fingerprint source recorded_at paired_with_id settled_at"
        " outcome",
        passing="moved_on written province city district detail postcode other_organisation reason details",
        staff="recorded_by settled_by",
    ),
    "movement_import": Columns(
        "id organisation_id side filename imported_at added unchanged corrected rejected undone_at",
        staff="imported_by undone_by",
    ),
    "organisation": Columns("id name parent_id kind version"),
    "outcome": Columns(
        "id courier province city district kind returned_for returned_at sent_at", ledger="residence_id"
    ),
    "parcel": Columns(
        "id campaign_id sequence reference courier consignee_snapshot_id stage tracking delivered_to delivered_at"
        " returned_for returned_at handed_over_at weight_g postage_fen created_at account booked_year",
        emptied={"waybill_number": None},
    ),
    "parcel_line": Columns("id parcel_id consignment_id kit_item_id quantity replaces_line_id voided_at"),
    "participation": Columns(
        "id member_id source recorded_at study_item_id", ledger="activity held_on how", staff="recorded_by"
    ),
    "phone_call": Columns(
        "id call_key purpose organisation_id campaign_id consignment_id programme_id study_month branch_only words"
        " added_at due_at tries tried_at ended_at"
        " outcome",
        emptied={"member_id": None},
        staff="caller_id",
    ),
    "print_run": Columns(
        "id campaign_id number kind artefact_id manifest_id from_label attempt started_at lease_until worker"
        " made_at printed_at",
        emptied={"faces": None},
        staff="printed_by",
    ),
    "programme": Columns("id organisation_id code name created_at channel"),
    "purge_record": Columns("id campaign_id at why counts files files_checksum finished_at", staff="by"),
    "receipt": Columns(
        "id consignment_id said said_via recorded_at superseded_at", emptied={"note": ""}, staff="recorded_by"
    ),
    "receipt_photo": Columns("id consignment_id artefact_id added_at removed_at"),
    "receipt_item": Columns("id receipt_id kit_item_id problem"),
    "reminder": Columns(
        "id consignment_id parcel_id reason since_at opened_at told_at told_via ended_at outcome",
        emptied={"sentence": ""},
        staff="told_by",
    ),
    "replacement_request": Columns(
        "id consignment_id line_id quantity asked_at planned_at withdrawn_at", staff="asked_by"
    ),
    "residence": Columns(
        "id member_id kind status source reported_on verified_at recorded_at superseded_at",
        passing="since until written province city district detail postcode",
    ),
    "sample": Columns(
        "id campaign_id number organisation_id margin_percent confidence_percent population drawn_at", staff="drawn_by"
    ),
    "sample_member": Columns(
        "id sample_id consignment_id position stratum believed finding found_at", staff="found_by"
    ),
    "shard": Columns("id campaign_id step round position first_id last_id finished_at"),
    "sheet": Columns("id print_run_id position parcel_id consignment_id first_page pages voided_at"),
    "snapshot": Columns(
        "id why made_at",
        emptied={
            "member_id": None, "residence_id": None, "name": "", "phone": None, "province": None, "city": None,
            "district": None, "detail": "", "postcode": None, "away_since": None,
        },
    ),
    "spoilage": Columns("id sheet_id reason at reprint_sheet_id", staff="recorded_by"),
    "stock_movement": Columns(
        "id item_id move quantity campaign_id consignment_id parcel_line_id reason at", staff="actor"
    ),
    "stray_event": Columns(
        "id courier event_key tracking delivered_to returned_for cancels happened_at reason recorded_at",
        passing="waybill_number reference code text place raw",
    ),
    "study_column": Columns("id programme_id position name rhythm holidays discussion at_once"),
    "study_group": Columns(
        "id programme_id organisation_id generation key_id token_hash created_at revoked_at channel"
    ),
    "study_item": Columns(
        "id column_id title text link picture audio planned_on state published_at announce"
    ),
    "study_opening": Columns("id item_id opened_on count"),
    "study_pass": Columns(
        "id programme_id member_id generation key_id created_at", ledger="code_hash wants_since"
    ),
    "tracking_event": Columns(
        "id parcel_id courier event_key tracking delivered_to returned_for cancels happened_at recorded_at",
        emptied={"code": "", "text": "", "place": "", "raw": {}},
    ),
    "user_account": Columns(
        "id role organisation_id password_hash totp_secret totp_used failed_count locked_until disabled_at created_at"
        " version",
        staff="login name",
    ),
    "user_session": Columns("id user_id token_hash created_at last_seen_at expires_at"),
}  # fmt: skip

#: Files of these kinds are deleted with their campaign; those of no campaign like the next.
WITH_CAMPAIGN = {
    ArtefactKind.letter, ArtefactKind.contact_card, ArtefactKind.reader,
    ArtefactKind.label, ArtefactKind.packing_slip, ArtefactKind.pick_list, ArtefactKind.manifest,
    ArtefactKind.rehearsal, ArtefactKind.report, ArtefactKind.call_sheet, ArtefactKind.courier_claim,
    ArtefactKind.receipt_photo,
    ArtefactKind.handover_record, ArtefactKind.message_sheet,
}  # fmt: skip
#: Files of these kinds belong to no campaign: they are deleted when they are older than the retention period.
WITH_AGE = {ArtefactKind.fix_file, ArtefactKind.ledger_review}
#: Files of these kinds hold nothing of members, and stay.
KEPT = {ArtefactKind.study_picture}
#: Of these kinds, files that end so hold counts and our own numbers only, and are kept.
COUNTS_ONLY = {ArtefactKind.report: ".pdf", ArtefactKind.ledger_review: ".pdf"}
