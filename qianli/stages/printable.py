"""Whether a campaign's own texts can stand on paper, and tell nothing on the outside; asked before it is registered."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace

from qianli.campaigns.definition import CampaignDefinition
from qianli.documents.card_press import card_block
from qianli.documents.fonts import missing_characters
from qianli.documents.forms import AddressLabel, Contact, ContactCard, Letter, ManifestPaper, Sender
from qianli.documents.label_layout import label_block
from qianli.documents.label_sizes import SIZES
from qianli.documents.letter_layout import letter_layout
from qianli.documents.manifest_layout import head_layout
from qianli.documents.measure import width_em
from qianli.errors import BadInput, DocumentError

MOST_PHONE = 30  # characters; more breaks the lines that say whom to call
MOST_TITLE_EM = 32  # name and code on one line of the pick list, beside round and date
#: Goods so general that their name tells nothing, whatever lies in the parcel.
NEUTRAL = {"图书", "书籍", "书本", "书刊", "资料", "学习资料", "文件", "信件", "文具", "礼品", "纪念品", "日用品"}


def refuse_unprintable(definition: CampaignDefinition, *, salutation: str, body: str) -> None:
    """Refuse texts with characters our faces lack, or too long for their paper; BadInput lists every field."""
    outside = {f"outside.{name}": text for name, text in definition.outside.model_dump().items()}
    texts = {
        "name": definition.name,
        "organisation": definition.organisation,
        "sender.name": definition.sender.name,
        "sender.phone": definition.sender.phone,
        **outside,
        **{f"contacts.{n}": "".join(one.model_dump().values()) for n, one in enumerate(definition.contacts, 1)},
        "书信称呼": salutation,
        "书信正文": body,
    }
    problems = [
        f"{field}：有字库没有的字“{'、'.join(sorted(strange))}”，请换一种写法。"
        for field, text in texts.items()
        if (strange := missing_characters(text))
    ]
    if problems := problems + _too_long(definition):
        raise BadInput("活动定义或书信里有印不出来的内容，请改正后重试：", problems)


def _too_long(definition: CampaignDefinition) -> list[str]:
    problems = []
    if width_em(definition.name) + width_em(definition.code) > MOST_TITLE_EM:
        problems.append("name：活动名称连同代码太长，拣货单排不下，请缩短。")
    phones = {"sender.phone": definition.sender.phone, "outside.phone": definition.outside.phone}
    problems += [
        f"{field}：电话太长，最多 {MOST_PHONE} 个字，请只写一个号码。"
        for field, phone in phones.items()
        if len(phone) > MOST_PHONE
    ]
    for field, layouts in _layouts(definition).items():
        try:
            for layout in layouts:
                layout()
        except DocumentError as error:
            problems.append(f"{field}：{error.message}")
    return problems


def _layouts(definition: CampaignDefinition) -> dict[str, list[Callable[[], object]]]:
    """Field → the papers it must fit, each with everything else from the sample."""
    outside = definition.outside
    sender = Sender(outside.name, outside.phone, outside.address)
    size = SIZES[definition.labels]
    letter, label, manifest = Letter.sample(), AddressLabel.sample(), ManifestPaper.sample()
    card = replace(
        ContactCard.sample(),
        sender=definition.sender.name,
        phone=definition.sender.phone,
        contacts=tuple(Contact(**one.model_dump()) for one in definition.contacts),
    )
    return {
        "contacts、sender": [lambda: card_block(card)] if definition.contacts else [],
        "sender.name": [lambda: letter_layout(replace(letter, sender=definition.sender.name), definition.design)],
        "outside.name、outside.phone、outside.address": [
            lambda: label_block(replace(label, sender=sender), size),
            lambda: head_layout(replace(manifest, sender=sender)),
        ],
        "outside.content": [
            lambda: label_block(replace(label, content=outside.content), size),
            lambda: head_layout(replace(manifest, content=outside.content)),
        ],
    }


def refuse_revealing(definition: CampaignDefinition, *, items: Iterable[str]) -> None:
    """Refuse the campaign's, the sender's or an item's name on the outside of parcels; BadInput says which, where."""
    secrets = {definition.name: "活动名称", definition.sender.name: "书信的寄件人"} | dict.fromkeys(items, "物品名称")
    problems = [
        f"outside.{field}：出现了{what}“{name}”，请换成不透露内容的写法。"
        for field, text in definition.outside.model_dump().items()
        for name, what in secrets.items()
        if _tells(name) and _plain(name) in _plain(text)
    ]
    if problems:
        raise BadInput("包裹外面的文字会透露里面是什么：", problems)


def _tells(name: str) -> bool:
    return len(_plain(name)) > 1 and _plain(name) not in NEUTRAL


def _plain(text: str) -> str:
    """Without blanks, book title marks and differences of width or case."""
    return "".join(
        one for one in unicodedata.normalize("NFKC", text).casefold() if one not in "《》〈〉" and one.strip()
    )
