"""Telling something to every member of an organisation by telephone: a call each, put on the list once."""

import re

from models import CallPurpose, Subject
from qianli.errors import BadInput
from qianli.stages.reasons import LOOKS_LIKE_A_PHONE
from qianli.stages.unit import now, writing
from qianli.store import journal, organisations, phone_calls, study_month

LONGEST = 300
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


def notice(code: str, organisation: str, words: str, *, by: str) -> int:
    """Members of an organisation and below are called and told something, each once; how many were put on the list."""
    if not words.strip() or len(words) > LONGEST:
        raise BadInput(f"要说的话不能为空，最多 {LONGEST} 个字。")
    if not CODE.fullmatch(code):
        raise BadInput("通知的代码只用字母、数字、点、横线，最多 40 个，例如 live-0701。")
    if LOOKS_LIKE_A_PHONE.search(words):
        raise BadInput("要说的话里请不要写电话号码：它要存下来，也会印在单子上。")
    with writing(by) as session:
        root = organisations.by_name(session, name=organisation)
        people = study_month.to_call(session, organisation_id=root.key)
        rows = [
            {
                "call_key": f"notice-{code}-{one.key}", "purpose": CallPurpose.notice, "member_id": one.key,
                "organisation_id": one.organisation_id, "words": words.strip(),
            }
            for one in people
        ]  # fmt: skip
        new = phone_calls.add(session, rows=rows, at=now())
        if new:
            journal.note(session, subject=Subject.organisation, ids=[root.key], what="calls listed", why=code)
        return len(new)
