"""Lists of who took part in what: their columns, and what the words for the manner mean."""

from models import TookPart

#: Columns beside those that name people.
COLUMNS: dict[str, list[str]] = {
    "activity": ["活动名称", "活动主题", "活动内容", "活动", "会议名称", "会议主题", "学习主题"],
    "held_on": ["活动日期", "活动时间", "参加日期", "参加时间", "会议日期", "会议时间", "开展时间", "学习时间"],
    "how": ["参加方式", "参与方式", "参加形式", "参会方式", "学习方式"],
}
LONGEST = 100

HOW: dict[TookPart, tuple[str, ...]] = {
    TookPart.online: ("线上", "网上", "网络", "视频", "远程", "微信", "腾讯会议", "钉钉", "云端", "直播", "电话"),
    TookPart.by_post: ("送学", "寄学", "自学", "邮寄", "书面", "函"),
    TookPart.in_person: ("现场", "线下", "到场", "到会", "当面", "本人", "参加", "是", "✓", "√"),
}


def manner(written: str) -> TookPart | None:
    """How one took part; in person where nothing is said, None for a word nobody knows."""
    if not written:
        return TookPart.in_person
    return next((how for how, words in HOW.items() if any(word in written for word in words)), None)
