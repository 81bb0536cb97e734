"""The post of the demonstration: the stand-in on loopback, and what becomes of its parcels, trouble included."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager

from qianli.cli.common import say
from qianli.couriers.china_post_payloads import written_moment
from qianli.settings import settings
from qianli.stages import demo as played
from qianli.stages.unit import day_of, now
from qianli.stand_ins.china_post import Post
from qianli.stand_ins.serving import serving
from qianli.web.app import create_app

ACCOUNT = "china_post"
PER_MINUTE = "6000"  # the real post allows far less; nobody wants to watch that
#: What becomes of a campaign's first parcels; whatever is sent later arrives without trouble.
JOURNEYS = {
    "QLCS-2027": ("delivered", "cabinet", "taken_back", "not_at_home", "village"),
    "YJZX-2027": ("neighbour", "forgotten", "moved", "lost"),
}
QUIETLY = "delivered"
NEVER_PUSHED = 5  # of so many things said one is only learnt by asking


class DemoPost:
    """The post, what it was handed, and what it has still to push."""

    def __init__(self, post: Post, hook: str) -> None:
        self._post, self._hook = post, hook
        self._begun: set[str] = set()
        self._waiting: list[tuple[str, int, dict[str, str]]] = []

    def collect(self, code: str) -> None:
        """Begin the journeys of a campaign's parcels that it was handed since."""
        troubled = JOURNEYS[code] if code not in self._begun else ()
        self._begun.add(code)
        for place, (number, taken) in enumerate(played.in_the_posts_hands(code, but=set(self._post.said))):
            journey = troubled[place] if place < len(troubled) else QUIETLY
            items = self._post.play(number, journey, day_of(taken))
            self._waiting += [(item["opTime"], len(self._waiting) + one, item) for one, item in enumerate(items)]

    def tell(self) -> None:
        """Push what has happened by now, but for some things; then read it, ask about the rest, look for trouble."""
        due = sorted(one for one in self._waiting if one[0] <= written_moment(now()))
        self._waiting = [one for one in self._waiting if one not in due]
        some = [item for place, (_, _, item) in enumerate(due, 1) if place % NEVER_PUSHED]
        taken = sum(self._post.push(self._hook, item) for item in some)
        say(f"（邮政推来 {taken} 条轨迹。定时流程 track_parcels 读推送，主动查询到期的运单，找出有问题的包裹。）")
        played.track()


@contextmanager
def demo_post() -> Iterator[DemoPost]:
    """The post and our own web on loopback, and an account with it in the settings."""
    post = Post(now=now)
    with serving(post.app()) as url, serving(create_app()) as web:
        account = {ACCOUNT: {**post.values, "url": f"{url}/", "per_minute": PER_MINUTE}}
        os.environ["QIANLI_COURIERS"] = json.dumps(account)
        settings.cache_clear()
        yield DemoPost(post, f"{web}/hooks/{ACCOUNT}")
