"""The lists of everything else: organisations, items, kits, campaigns, couriers' unknown codes."""

from collections.abc import Mapping

from models import CampaignState, DeliveredTo, ItemKind, Tracking
from qianli.errors import BadInput, NotFound
from qianli.folding import whole_number
from qianli.stages import code_mappings, items, kits, organisations
from qianli.stages.list_people import version_of
from qianli.stages.listing import Act, Asks, Field, Filter, Line, Noun, after
from qianli.stages.unit import day_of, reading
from qianli.state_words import CAMPAIGN, DELIVERED_TO, ORGANISATION, TRACKING
from qianli.store import code_mappings as codes
from qianli.store import lists as store
from qianli.store import organisation_tree
from qianli.store.lists import Sought

MOST = 999_999_999  # of grams or pieces; a column holds it
KIND = {ItemKind.stock: "库存物品", ItemKind.printed: "系统打印"}


def _organisations(asks: Asks, sought: Sought) -> list[Line]:
    with reading() as session:
        nodes = organisation_tree.nodes(session, root_id=asks.scope.root_id)
        versions = organisation_tree.versions(session)
    kind, text = sought.which.get("kind"), sought.text
    found = [
        Line(
            one.id,
            ("　" * one.depth + one.name, ORGANISATION[one.kind], one.home, one.all_home, one.hosted),
            version=versions.get(one.id, 1),
            values={"name": one.name, "parent": one.path.rpartition("/")[0]},
            acts=("rename", "move") if one.id != asks.scope.root_id else ("rename",),
        )
        for one in nodes
        if (not kind or one.kind == kind) and text in one.name
    ]
    return after(found, sought)


def _rename(asks: Asks, key: int, form: Mapping[str, str]) -> str:
    done = organisations.rename(asks.scope, key, name=form.get("name", ""), version=version_of(form), by=asks.by)
    return "名称已改好。" if done else "名称没有变化。"


def _move(asks: Asks, key: int, form: Mapping[str, str]) -> str:
    parent = form.get("parent", "")
    done = organisations.put_under(asks.scope, key, parent=parent, version=version_of(form), by=asks.by)
    return "已移到新的上级下面，党员和下级跟着走。" if done else "上级没有变化。"


def _items(_asks: Asks, sought: Sought) -> list[Line]:
    with reading() as session:
        return [
            Line(
                one.key,
                (one.sku, one.name, KIND[one.kind], one.weight_g,
                 *((there, promised, there - promised) if one.kind is ItemKind.stock else (None, None, None))),
                version=one.version,
                values={"name": one.name, "weight": str(one.weight_g)},
                acts=(("receive",) if one.kind is ItemKind.stock else ()) + (() if used else ("change",)),
            )
            for one, there, promised, used in store.items(session, sought)
        ]  # fmt: skip


def _number(form: Mapping[str, str], name: str, label: str) -> int:
    number = whole_number(form.get(name, "").strip(), MOST)
    if number is None:
        raise BadInput(f"{label}请写成整数。")
    return number


def _receive(asks: Asks, key: int, form: Mapping[str, str]) -> str:
    level = kits.receive(items.sku_of(key), _number(form, "quantity", "数量"), by=asks.by)
    return f"{level.item.name}：已入库，现有 {level.on_hand}，可用 {level.available}。"


def _change(asks: Asks, key: int, form: Mapping[str, str]) -> str:
    weight = _number(form, "weight", "重量")
    done = items.change(key, name=form.get("name", ""), weight_g=weight, version=version_of(form), by=asks.by)
    return "物品已改好。" if done else "没有变化。"


def _kits(_asks: Asks, sought: Sought) -> list[Line]:
    with reading() as session:
        return [
            Line(one.key, (one.code, one.version, one.name, count, weight, campaigns, day_of(one.created_at)))
            for one, count, weight, campaigns in store.kits(session, sought)
        ]


def _campaigns(asks: Asks, sought: Sought) -> list[Line]:
    with reading() as session:
        return [
            Line(
                one.key,
                (one.name, one.code, organisation, CAMPAIGN[one.state], one.planned_delivery_on),
                link=one.code,
            )
            for one, organisation in store.campaigns(session, asks.scope, sought)
        ]


def _codes(_asks: Asks, sought: Sought) -> list[Line]:
    with reading() as session:
        keys = codes.example_ids(session)
    found = [
        Line(
            keys.get((one.courier, one.code), 0),
            (one.courier, one.code, one.count, day_of(one.since), one.example),
            acts=("map",),
        )
        for one in code_mappings.unknown_codes()
        if sought.text in (one.courier, one.code, "")
    ]
    return after(found, sought)


def _map(asks: Asks, key: int, form: Mapping[str, str]) -> str:
    with reading() as session:
        which = {id_: pair for pair, id_ in codes.example_ids(session).items()}.get(key)
    if which is None:
        raise NotFound("没有这个状态码，或者已经有人注明。")
    try:
        tracking = Tracking(form.get("tracking", ""))
        to = DeliveredTo(form["delivered_to"]) if form.get("delivered_to") else None
    except ValueError as error:
        raise BadInput("请选这个状态码的意思。") from error
    moved = code_mappings.map_code(*which, tracking=tracking, delivered_to=to, by=asks.by)
    return f"已注明：{TRACKING[tracking]}；{moved} 件包裹的状态跟着变了。"


TOLD = {str(one): word for one, word in TRACKING.items() if one is not Tracking.unknown}
THINGS: dict[str, Noun] = {
    "campaigns": Noun(
        "活动", "", ("活动", "代码", "组织", "状态", "计划送达"), _campaigns,
        (Filter("state", "状态", {str(one): CAMPAIGN[one] for one in CampaignState}),), searched="名称或代码",
    ),
    "organisations": Noun(
        "组织", "按上下级排列，数的是党员。", ("组织", "类别", "本组织", "连同下级", "接收管理"), _organisations,
        (Filter("kind", "类别", {str(one): word for one, word in ORGANISATION.items()}),),
        {
            "rename": Act("改名称", "organisations", _rename, (Field("name", "名称", required=True),)),
            "move": Act("换上级", "organisations", _move, (
                Field("parent", "上级组织", hint="写全上级，如“青石街道党工委/云岭社区党委”；不写就是最上级"),)),
        },
        searched="名称",
    ),
    "items": Noun(
        "物品", "已经用在活动里的物品不能再改，请登记新版资料包。",
        ("编号", "名称", "种类", "每件克数", "现有", "已预留", "可用"), _items,
        (Filter("kind", "种类", {str(one): word for one, word in KIND.items()}),),
        {
            "receive": Act("入库", "stock", _receive, (Field("quantity", "入库数量", "number", required=True),)),
            "change": Act("更正", "stock", _change, (
                Field("name", "名称", required=True), Field("weight", "每件克数", "number", required=True))),
        },
        searched="名称或编号",
    ),
    "kits": Noun(
        "资料包", "每改一次是新的一版；用过的版本不变。",
        ("代码", "版本", "名称", "物品种数", "每份克数", "用于活动", "登记日期"), _kits, searched="名称或代码",
    ),
    "codes": Noun(
        "快递状态码", "快递公司发来、系统还不认识的状态码。注明意思后，包裹的状态马上跟着变。",
        ("快递公司", "状态码", "次数", "最早", "例子"), _codes, (),
        {"map": Act("注明意思", "codes", _map, (
            Field("tracking", "意思", "choice", TOLD, required=True),
            Field("delivered_to", "由谁签收", "choice", {str(one): word for one, word in DELIVERED_TO.items()},
                  hint="只有妥投的才选"),
        ))},
        searched="状态码", everywhere=True,
    ),
}  # fmt: skip
