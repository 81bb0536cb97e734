"""The reader form (小读本): one text, and whose each copy is."""

from dataclasses import dataclass

SAMPLE_TEXT = """# 家乡来信读本
## 家乡新事
### 文昌路修好了
去年冬天，文昌路铺上了新路面，**路灯一直亮到巷口**。老粮站改成了党群服务中心，一楼办事，二楼看书。
### 社区食堂
- 早餐六点半开门，老人优惠两元。
- 中午有热汤，孩子放学也能来吃。
## 在外须知
### 组织关系怎么办
外出六个月以上、地点固定的，可以把组织关系转到当地；不便转的，带好活动证，参加当地支部的活动。
### 遇到难处找谁
先打社区电话，再找当地党群服务中心。说明自己是哪个支部的，别怕麻烦人。
"""


@dataclass(frozen=True)
class Copy:
    """One member's copy."""

    number: str
    name: str


@dataclass(frozen=True)
class Reader:
    """A text, by whom it is given, and the copies in their order."""

    text: str
    sender: str
    made_by: str
    copies: tuple[Copy, ...]

    @classmethod
    def sample(cls, copies: int = 2) -> "Reader":
        """Copies of a short reader."""
        names = ("张伟", "阿依古丽·买买提", "李娜")
        made = tuple(Copy(f"QLCS-2027-{n:04d}", names[(n - 1) % len(names)]) for n in range(1, copies + 1))
        return cls(SAMPLE_TEXT, "中共青石街道文昌社区委员会", "2027年1月", made)
