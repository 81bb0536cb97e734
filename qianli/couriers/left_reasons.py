"""Why a courier left a parcel at hand-over, in words, as data."""

from models import LeftReason

LEFT = {
    LeftReason.not_there: "没有找到这件",
    LeftReason.damaged: "外包装破损",
    LeftReason.label_unreadable: "面单看不清",
    LeftReason.not_accepted: "不予收寄",
    LeftReason.no_room: "车上装不下",
    LeftReason.other: "其他原因",
}
