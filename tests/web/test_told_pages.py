"""Pages of campaigns by message and by telephone: they speak of what is told, and of nothing that is sent by post."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
import requests
from sqlmodel import select

from models import CallEnd, Channel, HoldReason, Message, Role, Said, SaidVia
from qianli.campaigns import next_step, page_steps
from qianli.campaigns.next_step import LIVES, Room
from qianli.campaigns.page_words import WORDS, PageWords
from qianli.cli import status_view
from qianli.stages import approve, call_ends, campaigns, console, phone_calls, progress, receipts, status
from qianli.stages.steps import run_inline
from qianli.stages.unit import writing
from qianli.store.scope import Scope
from qianli.testing import add_member, make_world
from qianli.web.catalogue import HAN, messages
from qianli.web.console.campaigns import ROOMS
from qianli.web.testing import Site, give_codes, signed_in

CODE = "TZ-2027"
DEFINITION = """
code: TZ-2027
name: 直播提醒
channel: {channel}
organisation: 青石镇党委
planned_delivery: 2027-01-10
sender: {{name: 青石镇, phone: 0851-12345678}}
words: "{{姓名}}{{称谓}}您好，7月1日8:00有直播，请收看。{{落款}}"
yuan_each: 0.10
"""
BY, BOSS = "user:李主任", "user:周书记"
#: What organisers wrote themselves, and money.
DATA = re.compile("直播提醒|元|阿[*·]+提|新疆维吾尔自治区|浙江省|福建省")
OF_THE_POST = re.compile("寄|包裹|快递|书信|地址")


@pytest.fixture(params=[Channel.message, Channel.phone])
def told(request: pytest.FixtureRequest, url: str, place: Path) -> tuple[Site, Channel]:
    """Two members who can be told, one without a telephone; a draft."""
    with writing(BY) as session:
        world = make_world(session, members=2)
        add_member(session, world, 3, phone=None)
    definition = DEFINITION.format(channel=request.param)
    campaigns.new_campaign(definition.encode(), read_beside=lambda _name: b"", by=BY)
    return Site(url, world, []), request.param


def main_of(page: str) -> str:
    """What the page says between its frame, without what organisers wrote and without the tags."""
    inner = re.sub(r"<dd>.*?</dd>", "", page[page.index("<main") : page.index("</main>")])
    return " ".join(re.sub(r"<[^>]*>", "\n", inner).split())


def life(channel: Channel) -> Iterator[tuple[str, int]]:
    """Step by step: what is next, and how many of that there are."""
    yield LIVES[channel].draft.sentence, 0
    run_inline("prepare_campaign", campaigns.ask(CODE, "prepare_campaign", by=BY))
    yield LIVES[channel].prepared.sentence, 0
    approve.approve(CODE, by=BOSS)
    waits = LIVES[channel].waits
    yield waits[0].next.sentence, 2
    run_inline("fulfil_campaign", campaigns.ask(CODE, "fulfil_campaign", by=BY))
    yield waits[1].next.sentence, 2
    if channel is Channel.phone:
        for one in phone_calls.listed(Scope(None)):
            call_ends.note(Scope(None), one.id, CallEnd.told, by=BY)
    else:
        for number in (1, 2):
            receipts.record_by_member(CODE, f"{CODE}-000{number}", said=Said.all_here, via=SaidVia.visit, by=BY)
    yield next_step.CLOSE.sentence, 0


def test_a_page_speaks_of_what_is_told(told: tuple[Site, Channel], capsys: pytest.CaptureFixture[str]) -> None:
    site, channel = told
    says = WORDS[channel]
    here = f"{site.url}/console/campaigns/{CODE}"
    with requests.Session() as browser:
        signed_in(site, browser, Role.administrator)
        for sentence, count in life(channel):
            page = browser.get(here, timeout=60)
            assert page.status_code == 200
            said = main_of(page.text)
            assert sentence.format(count=count) in said
            assert OF_THE_POST.findall(said) == [], said
            status_view.show(status.status(CODE))
            assert OF_THE_POST.findall(capsys.readouterr().out) == []
            browser.cookies.set("lang", "en")
            english = main_of(browser.get(here, timeout=60).text)
            assert HAN.findall(DATA.sub("", english)) == [], english
            browser.cookies.set("lang", "zh")
        own = browser.get(f"{site.url}/console/consignments/{CODE}-0001", timeout=60)
        assert "张伟同志您好，7月1日8:00有直播，请收看。青石镇" in own.text
        assert OF_THE_POST.findall(main_of(own.text)) == []
        assert ("电话：已告知" in own.text) is (channel is Channel.phone)
        found = console.journey(Scope(None), CODE)
        assert [count for _, count in found.funnel] == [3, 2, *((2, 2) if channel is Channel.phone else (0, 0)), 2]
        labels = {line.label for line in progress.look(Scope(None), CODE).lines}
        assert labels <= {says.checked, says.ready, says.waits, *says.made}


@pytest.mark.parametrize("told", [Channel.phone], indirect=True)
def test_the_calls_of_one_campaign(told: tuple[Site, Channel]) -> None:
    site, _channel = told
    run_inline("prepare_campaign", campaigns.ask(CODE, "prepare_campaign", by=BY))
    approve.approve(CODE, by=BOSS)
    run_inline("fulfil_campaign", campaigns.ask(CODE, "fulfil_campaign", by=BY))
    with requests.Session() as browser:
        token = signed_in(site, browser, Role.organiser)
        page = browser.get(f"{site.url}/console/campaigns/{CODE}", timeout=60).text
        assert f'href="/console/calls?campaign={CODE}"' in page
        there = f"{site.url}/console/calls?campaign={CODE}"
        listed = browser.get(there, timeout=60).text
        assert listed.count('name="tries"') == 2
        assert f'action="/console/calls?campaign={CODE}"' in listed
        assert 'name="tries"' not in browser.get(f"{site.url}/console/calls?campaign=TEST-2027", timeout=60).text
        call = re.findall(r'name="call" value="(\d+)"', listed)[0]
        form = {"csrf": token, "call": call, "tries": "0", "outcome": "told"}
        assert browser.post(there, data=form, timeout=60).text.count('name="tries"') == 1


@pytest.mark.parametrize("told", [Channel.message], indirect=True)
def test_a_member_reads_what_was_told(told: tuple[Site, Channel]) -> None:
    site, channel = told
    with_link = (
        DEFINITION.replace("TZ-2027", "LJ-2027").replace("请收看", "请点 {{链接}} 说一声").format(channel=channel)
    )
    campaigns.new_campaign(with_link.encode(), read_beside=lambda _name: b"", by=BY)
    run_inline("prepare_campaign", campaigns.ask("LJ-2027", "prepare_campaign", by=BY))
    approve.approve("LJ-2027", by=BOSS)
    run_inline("fulfil_campaign", campaigns.ask("LJ-2027", "fulfil_campaign", by=BY))
    with writing(BY) as session:
        waiting = session.exec(select(Message)).all()
        ids = [one.consignment_id for one in waiting if one.consignment_id]
        waiting[0].asked_at = waiting[0].answered_at = waiting[0].due_at
    (code, _) = give_codes(ids)
    page = site.get(f"/r/{code}").text
    assert "请点 下面的按钮 说一声" in page
    assert "只用于这次通知" in page
    assert re.findall("寄|包裹|快递|收件", re.sub("<[^>]*>", "\n", page)) == []
    with requests.Session() as browser:
        signed_in(site, browser, Role.reader)
        own = browser.get(f"{site.url}/console/consignments/LJ-2027-0001", timeout=60).text
        assert "消息：已发出" in own
        assert "请点 （本人的链接） 说一声" in own
        assert "电话里说知道了" not in own
        listed = browser.get(f"{site.url}/console/lists/messages?campaign=LJ-2027", timeout=60).text
        assert "活动写明的话" in listed


@pytest.mark.parametrize("told", [Channel.phone], indirect=True)
def test_an_answer_is_written_down_where_no_call_is_left(told: tuple[Site, Channel]) -> None:
    site, _channel = told
    run_inline("prepare_campaign", campaigns.ask(CODE, "prepare_campaign", by=BY))
    approve.approve(CODE, by=BOSS)
    run_inline("fulfil_campaign", campaigns.ask(CODE, "fulfil_campaign", by=BY))
    for one in phone_calls.listed(Scope(None)):
        call_ends.note(Scope(None), one.id, CallEnd.wrong_number, by=BY)
    here = f"{site.url}/console/consignments/{CODE}-0001"
    with requests.Session() as browser:
        token = {"csrf": signed_in(site, browser, Role.organiser)}
        case = browser.get(f"{site.url}/console/campaigns/{CODE}", timeout=60).text
        assert "点编号登记答复" in case
        assert "电话里说知道了" in browser.get(here, timeout=60).text
        said = {**token, "said": "all_here"}
        assert browser.post(here, data={**said, "via": "dream"}, timeout=60).status_code == 404
        done = browser.post(here, data={**said, "via": "visit"}, timeout=60).text
        assert "已登记本人的答复。" in done
        assert "本人：知道了" in done
        assert "电话里说知道了" not in done
    assert status.status(CODE)["consignments"] == {"held": 1, "under_way": 1, "confirmed": 1}
    assert status.status(CODE)["open"]["cases"] == 1


def sentences(says: PageWords) -> Iterator[str]:
    for field in fields(says):
        value = getattr(says, field.name)
        if isinstance(value, str):
            yield value
        elif field.name in ("funnel", "made"):
            yield from value
        elif field.name in ("with_held", "with_cases"):
            yield from (label for _, label in value)
    yield from says.acts.values()


@pytest.mark.parametrize("channel", list(Channel))
def test_every_sentence_is_there_in_english(channel: Channel) -> None:
    stands = LIVES[channel]
    every = [*sentences(WORDS[channel]), stands.draft.sentence, stands.prepared.sentence]
    every += [one.next.sentence for one in stands.waits]
    every += [name for path in ROOMS.values() for name in path[1:] if name]
    assert [one for one in every if one not in messages()] == []


@pytest.mark.parametrize("channel", [Channel.message, Channel.phone])
def test_what_is_told_names_nothing_of_the_post(channel: Channel) -> None:
    every = [*sentences(WORDS[channel]), *(one.next.sentence for one in LIVES[channel].waits)]
    assert [one for one in every if OF_THE_POST.search(one)] == []
    assert {one.next.room for one in LIVES[channel].waits} <= {*WORDS[channel].rooms, Room.cases, None}
    again = page_steps.of_hold(channel, HoldReason.over_approval, "超出已批准的份数或金额。", "")
    assert WORDS[channel].acts[next_step.Act.fulfil] in again
