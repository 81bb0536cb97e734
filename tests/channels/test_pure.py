"""Signatures, what is told and what is read: on the published samples beside this file, and on whatever comes."""

import json
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianli.channels import (
    aliyun_sms_answers,
    aliyun_sms_payloads,
    smtp_letter,
    tencent_sms_answers,
    tencent_sms_payloads,
    wechat_template,
    wechat_template_events,
    wecom_robot,
)
from qianli.channels.live import Outgoing
from qianli.channels.refusals import WHY, refusal
from qianli.channels.sms import check, count, length, mobile
from qianli.channels.templates import filled, problem, read
from qianli.channels.wechat_template_codes import problem_of
from qianli.errors import ChannelUnavailable, QianliError, SendingRejected, UnreadableAnswer
from qianli.interfaces.pushes import Push

HERE = Path(__file__).parent
VALUES = {"name": "林晓", "code": "A3KQ7"}
ONE = Outgoing(
    "follow-up-1-7", "+86 138-0000-0001", "1110", VALUES, "林晓：您的物品已送达，确认请点 kit.example/r/A3KQ7"
)
AT = datetime(2015, 10, 17, 0, 3, 4, tzinfo=UTC)  # 08:03:04 in China


def sample(channel: str, name: str) -> Any:
    return json.loads((HERE / channel / f"{name}.json").read_text())


def to(one: Outgoing, **changes: Any) -> Outgoing:
    return Outgoing(**{**vars(one), **changes})


def test_the_published_signature_of_tencent() -> None:
    vector = sample("tencent_sms", "vector")
    own = {key: vector[key] for key in ("host", "service", "secret_id", "secret_key")}
    at = datetime.fromtimestamp(vector["timestamp"], UTC)
    header = tencent_sms_payloads.authorization_of(vector["action"], vector["payload"].encode(), at=at, **own)
    assert header.endswith(f"SignedHeaders=content-type;host;x-tc-action, Signature={vector['signature']}")
    assert header.startswith(f"TC3-HMAC-SHA256 Credential={vector['secret_id']}/2019-02-25/cvm/tc3_request, ")


def test_the_published_signature_of_aliyun() -> None:
    vector = sample("aliyun_sms", "vector")
    query = aliyun_sms_payloads.query_of(vector["query"])
    own = vector["access_key_id"], vector["access_key_secret"]
    header = aliyun_sms_payloads.authorization_of(query, vector["headers"], *own)
    assert header.endswith(f",Signature={vector['signature']}")
    assert aliyun_sms_payloads.query_of({"b": "a b*~/", "a": "党"}) == "a=%E5%85%9A&b=a%20b%2A~%2F"


def test_what_is_told_is_as_in_the_samples() -> None:
    tencent = tencent_sms_payloads.sending_of(ONE, sdk_app_id="1400006666", sign_name="千里传书")
    assert tencent == sample("tencent_sms", "sending")
    aliyun = aliyun_sms_payloads.sending_of(to(ONE, template="SMS_123456789"), sign_name="千里传书")
    assert aliyun == sample("aliyun_sms", "sending")
    template = "ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY:thing1=name,character_string2=code"
    openid, url = "oia2TjuEGTNoeX76QEjQNrcURxG8", "https://kit.example/r/A3KQ7"
    assert json.loads(wechat_template.body_of(to(ONE, to=openid, template=template, url=url))) == sample(
        "wechat_template", "sending"
    )
    robot = to(ONE, url="https://kit.example/g/1")
    assert json.loads(wecom_robot.body_of(robot, "text")) == {
        "msgtype": "text", "text": {"content": f"{ONE.text}\nhttps://kit.example/g/1"},
    }  # fmt: skip


def test_a_question_is_for_a_day_of_china_and_not_for_the_future() -> None:
    now = datetime(2026, 11, 30, 4, tzinfo=UTC)
    asked = tencent_sms_payloads.question_of(ONE.to, date(2026, 11, 30), sdk_app_id="1", now=now)
    assert asked["BeginTime"] == int(datetime(2026, 11, 29, 16, tzinfo=UTC).timestamp())
    assert (asked["EndTime"], asked["PhoneNumber"]) == (int(now.timestamp()), "+8613800000001")


def test_answers_are_read() -> None:
    accepted = tencent_sms_answers.accepted_of(tencent_sms_answers.response_of(sample("tencent_sms", "sent")))
    assert accepted.provider_id == "5000:1045710669157053657849499619"
    answer = aliyun_sms_answers.body_of(sample("aliyun_sms", "sent"))
    assert aliyun_sms_answers.accepted_of(answer).provider_id == "900619746936498440^0"


def test_reports_are_read_and_a_broken_one_loses_no_other() -> None:
    (good,) = callback = sample("tencent_sms", "callback")
    body = json.dumps(
        [{}, 1, good | {"user_receive_time": "昨天"}, good | {"report_status": "FAIL"}, *callback]
    ).encode()
    failed, done = tencent_sms_answers.deliveries_in(body)
    assert (failed.delivered, done.delivered, done.at, done.code) == (False, True, AT, "DELIVRD")
    assert done.provider_id == "5000:1045710669157053657849499619"
    (report,) = aliyun_sms_answers.deliveries_in((HERE / "aliyun_sms" / "report.json").read_bytes())
    assert (report.provider_id, report.key, report.delivered) == ("12345", "67890", True)
    assert report.at == datetime(2016, 12, 31, 16, tzinfo=UTC)
    events = [Push((HERE / "wechat_template" / f"{name}.xml").read_bytes()) for name in ("finished", "blocked")]
    told = [one for event in events for one in wechat_template_events.deliveries_in(event)]
    assert [(one.provider_id, one.delivered) for one in told] == [("200163836", True), ("200163840", False)]
    assert told[0].at == datetime(2014, 3, 24, 11, 2, tzinfo=UTC)
    chat = b"<xml><MsgType>text</MsgType><Content>hello</Content></xml>"
    assert wechat_template_events.deliveries_in(Push(chat)) == []


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><xml><Event>&b;</Event></xml>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Event>&a;</Event></xml>'


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"<xml>", BOMB, OUTSIDE, b"[" * 50_000, b"{}", b"null", b'"a"'])
def test_hostile_bodies_are_one_sentence(body: bytes) -> None:
    for read_body in (tencent_sms_answers.deliveries_in, aliyun_sms_answers.deliveries_in):
        with pytest.raises(UnreadableAnswer):
            read_body(body)
    with pytest.raises(UnreadableAnswer):
        wechat_template_events.deliveries_in(Push(body))


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["Response", "Error", "Code", "SendStatusSet", "SerialNo", "sid", "user_receive_time", "biz_id", "report_time",
         "errcode", "msgid", "SmsSendDetailDTOs", "SmsSendDetailDTO", "OutId"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(JUNK)
def test_whatever_is_answered_is_read_or_one_of_our_errors(answer: Any) -> None:
    body = json.dumps(answer).encode()
    for read_it in (
        lambda: tencent_sms_answers.accepted_of(tencent_sms_answers.response_of(answer)),
        lambda: tencent_sms_answers.found_in(tencent_sms_answers.response_of(answer), "k"),
        lambda: aliyun_sms_answers.accepted_of(aliyun_sms_answers.body_of(answer)),
        lambda: aliyun_sms_answers.found_in(aliyun_sms_answers.body_of(answer), "k"),
        lambda: wechat_template.accepted_of(answer),
        lambda: wecom_robot.accepted_of(answer),
        lambda: tencent_sms_answers.deliveries_in(body),
        lambda: aliyun_sms_answers.deliveries_in(body),
    ):
        with suppress(QianliError):
            read_it()


def test_a_code_is_final_or_busy_or_unknown_and_its_words_stay_out_of_the_sentence() -> None:
    kinds = {"A.": "account", "A.Slow": "busy", "B": "unknown"}
    rejected = refusal("某平台", "A.Other", kinds, "林晓 13800000001")
    assert isinstance(rejected, SendingRejected)
    assert (rejected.kind, rejected.words) == ("account", "林晓 13800000001")
    assert "林晓" not in rejected.message
    slow = refusal("某平台", "A.Slow", kinds)
    assert isinstance(slow, ChannelUnavailable)
    assert slow.is_untouched
    unknown = refusal("某平台", "B", kinds)
    assert isinstance(unknown, ChannelUnavailable)
    assert not unknown.is_untouched
    other = refusal("某平台", "林晓", kinds)
    assert isinstance(other, SendingRejected)
    assert (other.kind, "林晓" in other.message) == ("other", False)
    assert set(WHY) == {"number", "template", "blocked", "content", "account", "other"}


@pytest.mark.parametrize(
    ("characters", "messages"), [(0, 1), (64, 1), (65, 2), (128, 2), (129, 3)]
)  # with 【千里传书】, 6 more
def test_a_short_message_is_counted_as_it_is_billed(characters: int, messages: int) -> None:
    assert count("字" * characters, "千里传书") == messages


def test_a_rare_character_goes_over_the_air_as_two() -> None:
    assert length("𠮷a，", "信") == 3 + 4


def test_numbers_are_known_however_they_are_written() -> None:
    written = ("13800000001", "+86 138 0000 0001", "0086-13800000001", "86(138)00000001", "１３８００００００01")
    assert [mobile(one) for one in written] == ["13800000001"] * 4 + [None]
    assert [mobile(one) for one in ("", "010-60000000", "12800000001", "138000000011")] == [None] * 4


def test_a_template_says_which_values_it_takes_and_what_they_are_called_there() -> None:
    assert read("1110:name, link=code").fields == (("name", "name"), ("link", "code"))
    assert filled(to(ONE, template="1110:code,name")) == {"code": "A3KQ7", "name": "林晓"}
    assert filled(ONE) == VALUES
    link = to(
        ONE, template="1110:code", values={"link": "https://kit.example/r/B4LR8"}, url="https://kit.example/r/B4LR8"
    )
    assert (filled(link), check(link, "千里传书", 12)) == ({"code": "B4LR8"}, "")
    assert "“day”" in problem(to(ONE, template="1110:day"))
    assert "编号" in problem(to(ONE, template=" "))
    assert problem(to(ONE, values={"name": " "})) != ""


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({}, ""),
        ({"to": "010-60000000"}, "手机号码"),
        ({"values": {"code": "https://kit.example/r/1"}}, "不能有网址"),
        ({"values": {"code": "kit.example.com"}}, "不能有网址"),
        ({"values": {"code": "A" * 13}}, "13个字"),
        ({"text": "字" * 500}, "506个字"),
    ],
)
def test_what_would_be_refused_is_said_before(changes: dict[str, Any], part: str) -> None:
    said = check(to(ONE, **changes), "千里传书", 12)
    assert part in said
    assert bool(part) == bool(said)


def test_fields_of_a_template_message_keep_their_forms() -> None:
    fine = {
        "thing1": "字" * 20,
        "character_string2": "CODE-0042",
        "phrase3": "已签收",
        "name4": "林晓",
        "label9": "字" * 99,
    }
    assert [problem_of(field, value) for field, value in fine.items()] == [""] * 5
    wrong = {"thing1": "字" * 21, "character_string2": "编号1", "phrase3": "13笔", "name4": "字" * 11, "number5": "一"}
    assert all(problem_of(field, value) for field, value in wrong.items())


def test_a_letter_is_the_same_for_the_same_key_and_does_not_show_it() -> None:
    sender = smtp_letter.Sender("notices@example.org", "支部 办公室", "一条通知")
    one = to(ONE, to="lin@example.com", template="请确认收到")
    letter = smtp_letter.message_of(one, sender, AT)
    assert letter == smtp_letter.message_of(one, sender, AT)
    assert smtp_letter.message_id(one.key, sender).encode() in letter
    assert one.key.encode() not in letter
    assert b"Date: Sat, 17 Oct 2015 08:03:04 +0800" in letter
    assert smtp_letter.message_id("other", sender) != smtp_letter.message_id(one.key, sender)


@pytest.mark.parametrize(
    "changes",
    [{"to": "林@example.com"}, {"to": "a@b.cn\r\nBcc: c@d.cn"}, {"template": "一\r\nBcc: c@d.cn"}, {"text": " "}],
)
def test_a_letter_that_would_be_wrong_is_said_before(changes: dict[str, str]) -> None:
    sender = smtp_letter.Sender("notices@example.org", "", "一条通知")
    assert smtp_letter.problem(to(ONE, **({"to": "lin@example.com"} | changes)), sender)
