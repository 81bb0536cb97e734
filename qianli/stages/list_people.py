"""The lists of people: members, where they live, reports of moves, and who may be in the ledger twice."""

from collections.abc import Mapping
from datetime import timedelta

from models import AddressStatus, ReportSide
from qianli.errors import BadInput
from qianli.folding import HIGHEST_ID, whole_number
from qianli.ledger.phones import display
from qianli.ledger.phones import masked as masked_phone
from qianli.receipts.names import masked
from qianli.settings import settings
from qianli.stages import duplicates, members, merging, movements
from qianli.stages.address_history import division
from qianli.stages.addresses import verify
from qianli.stages.listing import Act, Asks, Field, Filter, Line, Noun
from qianli.stages.moves import known_on, noon
from qianli.stages.unit import reading, today
from qianli.state_words import ADDRESS, SIDE
from qianli.store import lists as store
from qianli.store import residences
from qianli.store.lists import Sought

MARKS = {
    "no_phone": "没有可用的电话",
    "no_address": "没有地址",
    "away": "外出流动",
    "do_not_contact": "要求不再联系",
    "deceased": "已经去世",
}


def _members(asks: Asks, sought: Sought) -> list[Line]:
    with reading() as session:
        found = store.members(session, asks.scope, sought)
        homes = residences.in_force(session, member_ids=[one.key for one, _ in found], on=today())
        lines = []
        for one, organisation in found:
            home = homes.get(one.key)
            place = (home.written if asks.whole else division(home)) if home else "没有地址"
            name = one.name if asks.whole else masked(one.name)
            cells = (one.key, name, organisation, _phone(one.phone, whole=asks.whole), place)
            lines.append(Line(one.key, (*cells, known_on(home) if home else None), link=str(one.key)))
        return lines


def _phone(phone: str | None, *, whole: bool) -> str:
    return (display(phone) if whole else masked_phone(phone)) if phone else "没有"


def _residences(asks: Asks, sought: Sought) -> list[Line]:
    before = today() - timedelta(days=settings().review_max_age_days)
    with reading() as session:
        found = store.residences(
            session, asks.scope, sought, on=today(), stale_before=before, checked_before=noon(before)
        )
        lines = []
        for one, who, organisation in found:
            name = who.name if asks.whole else masked(who.name)
            place = one.written if asks.whole else division(one)
            known = known_on(one)
            cells = (
                name,
                organisation,
                place,
                ADDRESS[one.status],
                known,
                "太久没核实" if known and known < before else "",
            )
            lines.append(Line(one.key, cells, link=str(who.key), version=who.version, acts=("verify",)))
        return lines


def _verify(asks: Asks, key: int, form: Mapping[str, str]) -> str:
    with reading() as session:
        there = residences.by_ids(session, ids=[key]).get(key)
    member_id = there.member_id if there else 0
    members.require(asks.scope, member_id)
    verify([member_id], version=version_of(form), by=asks.by)
    return "已登记：今天核实过，住址没有变。"


def version_of(form: Mapping[str, str]) -> int:
    """The version a form was filled in from."""
    version = whole_number(form.get("version", ""), HIGHEST_ID)
    if version is None:
        raise BadInput("提交的内容看不明白，请返回重新填写。")
    return version


def _movements(asks: Asks, sought: Sought) -> list[Line]:
    with reading() as session:
        return [
            Line(
                one.key,
                (who.name if asks.whole else masked(who.name), SIDE[one.side], organisation, one.moved_on,
                 (one.written if asks.whole else division(one)) or "没有写",
                 "两份对不上" if one.paired_with_id else "等另一方报"),
                link=str(who.key),
                acts=("accept", "dismiss"),
            )
            for one, who, organisation in store.movements(session, asks.scope, sought)
        ]  # fmt: skip


def _accept(asks: Asks, key: int, _form: Mapping[str, str]) -> str:
    members.require_of_movement(asks.scope, key)
    done = movements.accept(key, by=asks.by)
    return "已采用：按这份报告登记了住址。" if done else "这份报告之前已经采用，没有变化。"


def _dismiss(asks: Asks, key: int, _form: Mapping[str, str]) -> str:
    members.require_of_movement(asks.scope, key)
    return "已登记：不采用这份报告。" if movements.dismiss(key, by=asks.by) else "之前已经不采用，没有变化。"


def _duplicates(asks: Asks, sought: Sought) -> list[Line]:
    lines = []
    for pair in duplicates.list_pairs(scope=asks.scope, sought=sought):
        one, other = (_side(side, whole=asks.whole) for side in (pair.one, pair.other))
        cells = (pair.verdict, one, other, "、".join(pair.agrees), "、".join(pair.differs))
        values = {"keep": str(pair.one.id)}
        key = pair.one.id * duplicates.PAIR + pair.other.id
        lines.append(Line(key, cells, link=str(pair.one.id), values=values, acts=("merge", "distinct")))
    return lines


def _side(side: duplicates.Side, *, whole: bool) -> str:
    name = side.name if whole else masked(side.name)
    return "，".join(part for part in (f"编号 {side.id} {name}", side.organisation, side.lives_in) if part)


def _both(asks: Asks, key: int) -> tuple[str, str]:
    ids = divmod(key, duplicates.PAIR)
    for one in ids:
        members.require(asks.scope, one)
    return str(ids[0]), str(ids[1])


def _merge(asks: Asks, key: int, form: Mapping[str, str]) -> str:
    both = _both(asks, key)
    keep = form.get("keep", "").strip()
    if keep not in both:
        raise BadInput(f"请写明保留哪一条：编号 {both[0]} 或 {both[1]}。")
    gone = both[0] if keep == both[1] else both[1]
    merging.merge(keep, gone, by=asks.by)
    return f"已合并：保留编号 {keep}，编号 {gone} 并入其中；以前的寄送、答复都保留。"


def _distinct(asks: Asks, key: int, _form: Mapping[str, str]) -> str:
    return (
        "已注明：是两个人。" if duplicates.mark_distinct(*_both(asks, key), by=asks.by) else "之前已经注明，没有变化。"
    )


READS = {str(one): ADDRESS[one] for one in AddressStatus}
FRESH = {"stale": "太久没核实", "fresh": "近期核实过"}
PEOPLE: dict[str, Noun] = {
    "members": Noun(
        "党员", "点姓名看一个人的住址、流动和寄送。",
        ("编号", "姓名", "组织", "电话", "现住址", "住址最近核实"), _members,
        (Filter("mark", "只看", MARKS),), searched="姓名、编号或电话", personal=True,
    ),
    "residences": Noun(
        "住址", "现在有效的住址。打过电话、本人说没搬的，点“今天核实过”。",
        ("姓名", "组织", "住址", "地址识别", "最近核实", ""), _residences,
        (Filter("fresh", "核实", FRESH), Filter("status", "地址识别", READS)),
        {"verify": Act("今天核实过", "ledger", _verify)},
        searched="姓名、省市或街道", personal=True,
    ),
    "movements": Noun(
        "流动报告", "只有一方报、或两方对不上的，由您定。",
        ("姓名", "谁报的", "组织", "日期", "去向", "情况"), _movements,
        (Filter("side", "谁报的", {str(one): SIDE[one] for one in ReportSide}),),
        {"accept": Act("采用", "ledger", _accept), "dismiss": Act("不采用", "ledger", _dismiss)},
        searched="姓名或编号", personal=True,
    ),
    "duplicates": Noun(
        "可能重复", "可能一人记了两条。核对后合并，或注明是两个人。",
        ("结论", "甲", "乙", "一致", "不同"), _duplicates, (),
        {
            "merge": Act("是同一人，合并", "ledger", _merge, (Field("keep", "保留的编号", required=True),)),
            "distinct": Act("是两个人", "ledger", _distinct),
        },
        searched="姓名", personal=True,
    ),
}  # fmt: skip
