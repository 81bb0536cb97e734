"""Unsealing: a sealed manifest is void, with a reason; its parcels are sealed again on another. Its files are kept."""

from dataclasses import dataclass

from models import ManifestState
from qianli.errors import BadInput, RuleBroken
from qianli.stages.reasons import refuse_naming
from qianli.stages.typed import manifest_number
from qianli.stages.unit import writing
from qianli.stages.voiding import void_manifest
from qianli.store import campaigns, manifests

MOST = 100
NOT_SEALED = {
    ManifestState.draft: "交接单 {number} 还没有封单，不用拆封。",
    ManifestState.handed_over: "交接单 {number} 已经交接给快递公司，不能再拆封；少了、错了的包裹请在“case”里处理。",
    ManifestState.void: "交接单 {number} 已经作废，不用再拆封；请用“manifest list 活动代码”看现在有效的。",
}


@dataclass(frozen=True)
class Unsealed:
    """The manifest that is void now, and how many parcels are free to be sealed again."""

    number: str
    campaign: str
    parcels: int


def unseal(number: str, *, reason: str, by: str) -> Unsealed:
    """Void a sealed manifest that nobody took yet. The reason stays in its story, beside the papers it had."""
    why = " ".join(reason.split())
    if not why or len(why) > MOST:
        raise BadInput(f"请用 --reason 写明为什么拆封，不超过 {MOST} 字，例如“装错了一箱”。")
    with writing(by) as session:
        manifest = manifests.by_number(session, number=manifest_number(number))
        if sentence := NOT_SEALED.get(manifest.state):
            raise RuleBroken(sentence.format(number=manifest.number), number=manifest.number)
        refuse_naming(session, why, campaign_id=manifest.campaign_id)
        parcels = len(manifests.lines(session, manifest_id=manifest.key))
        void_manifest(session, manifest, why=why)
        campaign = campaigns.by_id(session, campaign_id=manifest.campaign_id)
        return Unsealed(manifest.number, campaign.code, parcels)
