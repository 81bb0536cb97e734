"""What a member does on the pages of a programme, with a tap of their own."""

from sqlmodel import Session

from models import Participation, Programme, StudyState, Subject, TookPart
from qianli.errors import Conflict, NotFound, RuleBroken
from qianli.stages.study_links import Visitor
from qianli.stages.study_telling import wish
from qianli.stages.unit import now, today, writing
from qianli.store import journal, participation, programmes, study, study_calls
from qianli.store.programmes import Shown

MEMBER = study.MEMBER
SOURCE = "网上学习"
GONE = "没有这一篇，可能已经撤下。请回到目录看看别的。"


def wish_notices(visitor: Visitor, *, wanted: bool) -> None:
    """The member's own word whether to be told of new items."""
    member_id = member_of(visitor)
    with writing(MEMBER) as session:
        programme = session.get_one(Programme, visitor.group.programme_id)
        wish(session, programme, [member_id], wanted=wanted)


def mark_studied(visitor: Visitor, item_id: int) -> bool:
    """The member says so: it is participation from now on. Twice is the same as once; False if it was said before."""
    member_id = member_of(visitor)
    try:
        with writing(MEMBER) as session:
            shown = published(session, visitor, item_id)
            if study.studied(session, member_id=member_id, item_ids=[item_id]):
                return False
            activity = f"{shown.column.name}：{shown.item.title}"
            same = participation.known(session, member_ids=[member_id]).get((member_id, today(), activity))
            row = same or Participation(
                member_id=member_id, activity=activity, held_on=today(), how=TookPart.online, source=SOURCE,
                recorded_by=MEMBER, recorded_at=now(),
            )  # fmt: skip
            row.study_item_id = item_id
            study.mark(session, row=row)
            study_calls.overtake(session, programme_id=visitor.group.programme_id, member_id=member_id, at=now())
            journal.note(session, subject=Subject.member, ids=[member_id], what="took_part", why=f"学习内容 {item_id}")
            return True
    except Conflict:  # the same tap, twice at once
        return False


def take_back(visitor: Visitor, item_id: int) -> bool:
    """The member takes the mark back; False if there is none."""
    member_id = member_of(visitor)
    with writing(MEMBER) as session:
        found = study.studied(session, member_id=member_id, item_ids=[item_id]).get(item_id)
        if found:
            study.take_back(session, row=found)
            why = f"学习内容 {item_id}"
            journal.note(session, subject=Subject.member, ids=[member_id], what="study taken back", why=why)
        return found is not None


def member_of(visitor: Visitor) -> int:
    """Who is there by their own link; RuleBroken for anybody else."""
    if visitor.member is None:
        raise RuleBroken("请从支部发给您本人的链接进来，才能登记。")
    return visitor.member.key


def published(session: Session, visitor: Visitor, item_id: int) -> Shown:
    """An item of the visitor's programme that is there to be read; NotFound."""
    found = programmes.shown(session, programme_id=visitor.group.programme_id, item_id=item_id)
    if found is None or found.item.state is not StudyState.published:
        raise NotFound(GONE)
    return found
