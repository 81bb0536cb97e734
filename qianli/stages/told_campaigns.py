"""New campaigns by message and by telephone."""

from sqlmodel import Session

from models import Campaign, CampaignState, Channel, Subject
from qianli.campaigns import words
from qianli.campaigns.ladder import as_written
from qianli.campaigns.told_definition import BY_HAND, ToldDefinition
from qianli.channels.connected import REGISTRY
from qianli.channels.live import To
from qianli.errors import BadInput
from qianli.settings import settings
from qianli.stages import channel_accounts
from qianli.stages.unit import now, today
from qianli.store import journal, letter_texts, organisations


def refuse_strange(definition: ToldDefinition) -> None:
    """BadInput for an account that no message to one member can go through."""
    known, problems = channel_accounts.read(), []
    for code in definition.messages:
        if code != BY_HAND and (code not in known or known[code].module not in REGISTRY.modules):
            there = "、".join([BY_HAND, *known])
            problems.append(f"messages 里的“{code}”不是已设置的消息渠道；可以写：{there}（file 是列表由人发送）。")
        elif code != BY_HAND and REGISTRY.modules[known[code].module].TO is To.group:
            problems.append(f"messages 里的“{code}”只能发到群里，不能逐人通知，请换一个渠道。")
    if problems:
        raise BadInput("定义文件有错，请改正后重试：", problems)


def warnings(definition: ToldDefinition) -> list[str]:
    """What to think about before going on."""
    found = []
    if definition.planned_delivery < today():
        found.append(f"计划通知的日子 {definition.planned_delivery} 已经过去，批准、执行之后马上通知。")
    if definition.channel is Channel.message and (shown := words.reveals(definition.words)):
        found.append(f"消息里有“{'、'.join(shown)}”，手机可能被旁人看到，请改成中性的写法。")
    if words.LINK in words.placeholders(definition.words) and not settings().public_url:
        found.append("消息里要带链接，还没有设置网址（QIANLI_PUBLIC_URL），设置好才发得出。")
    if definition.follow_up and words.LINK not in words.placeholders(definition.words):
        found.append("消息里没有“{链接}”，本人无处答复，follow_up 会对每个人都做到底；请写上链接，或者删去 follow_up。")
    return found


def add(session: Session, definition: ToldDefinition, *, by: str) -> None:
    """Register it as a draft."""
    text = letter_texts.add(session, code=definition.code, title="", body=definition.words, design="", at=now())
    campaign = Campaign(
        code=definition.code,
        name=definition.name,
        organisation_id=organisations.by_name(session, name=definition.organisation).key,
        channel=definition.channel,
        letter_text_id=text.key,
        sender=definition.sender.model_dump(),
        audience=definition.audience.as_written() | {"divisions": definition.audience.divisions},
        messages=definition.messages or ([BY_HAND] if definition.channel is Channel.message else []),
        follow_up=as_written(definition.follow_up),
        telling=definition.telling,
        letter_on=definition.planned_delivery,
        planned_delivery_on=definition.planned_delivery,
        address_max_age_days=365,
        definition_checksum=definition.checksum,
        seed=int(definition.checksum[:8], 16) & 0x7FFFFFFF,
        created_by=by,
        created_at=now(),
    )
    session.add(campaign)
    session.flush()
    journal.note(session, subject=Subject.campaign, ids=[campaign.key], what=CampaignState.draft)
