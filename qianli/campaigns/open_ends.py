"""What stands against closing a campaign, in sentences that say what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from models import CampaignState

C = CampaignState
MOST_NAMED = 8
NOT_UNDER_WAY = {
    C.draft: "活动还没有开始寄送，不能办结；不再寄送的，请运行“campaign cancel”。",
    C.prepared: "活动还没有批准和寄送，不能办结；不再寄送的，请运行“campaign cancel”。",
    C.approved: "活动已批准，还没有寄送，不能办结；请运行“campaign fulfil”，不再寄送的请运行“campaign cancel”。",
    C.cancelled: "活动已经取消，不用办结。",
}


@dataclass(frozen=True)
class OpenEnds:
    """Parcels by reference, consignments by their printed number, cases by id; all empty means it may be closed."""

    parcels: Sequence[str] = ()
    to_plan: Sequence[str] = ()
    replacements: int = 0
    cases: Sequence[int] = ()
    unanswered: Sequence[str] = ()
    messages: int = 0
    calls: int = 0

    def sentences(self) -> list[str]:
        """One for each kind of open end: how many, which, and the next step."""
        found = []
        if self.parcels:
            steps = "请装箱、封单、交接，不再寄的用“consignment cancel”取消"
            found.append(f"{len(self.parcels)} 个包裹还没有交给快递公司（{_named(self.parcels)}）：{steps}。")
        if self.messages:
            steps = (
                "请运行“message send”（由人发送的用“message sheet”“message results”），不再发的运行“campaign cancel”"
            )
            found.append(f"{self.messages} 条消息还没有发出：{steps}。")
        if self.calls:
            steps = "请在工作台“打电话”里打完、点结果（名单见“call list”），不再打的运行“campaign cancel”"
            found.append(f"{self.calls} 个电话还没有打完：{steps}。")
        if self.to_plan:
            found.append(f"{len(self.to_plan)} 份寄送等待重新装箱（{_named(self.to_plan)}）：请运行“campaign fulfil”。")
        if self.replacements:
            steps = "请运行“campaign fulfil”，再装箱、交接；本人已经答复、不再补寄的，用“consignment cancel”撤回"
            found.append(f"{self.replacements} 件补寄的物品还没有寄出：{steps}。")
        if self.cases:
            steps = "请用“case list”查看，逐件处理后用“case resolve”办结"
            found.append(
                f"{len(self.cases)} 个问题还没有办结（编号 {_named([str(id_) for id_ in self.cases])}）：{steps}。"
            )
        if self.unanswered:
            steps = "请继续联系本人；确实联系不上的，加 --unconfirmed 并写明原因"
            found.append(f"{len(self.unanswered)} 份寄送本人还没有答复（{_named(self.unanswered)}）：{steps}。")
        return found


def _named(names: Sequence[str]) -> str:
    shown = "、".join(names[:MOST_NAMED])
    return shown if len(names) <= MOST_NAMED else f"{shown} 等"
