"""The pages of a study programme, as a visitor and a member see them."""

import io
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import select

from models import Contribution, Member, Organisation, Participation, StudyColumn, StudyItem, StudyOpening, StudyState
from qianli.errors import BadInput
from qianli.settings import ROOT
from qianli.stages import discussions, programmes, study_importing, study_links
from qianli.stages.unit import reading, writing
from qianli.store import programmes as store
from qianli.web.testing import Site
from tests.web.test_member import dump

BY, CODE = "user:李主任", "WSDZB"
DISCUSSION = "  - {name: 季度讨论, rhythm: quarterly, discussion: true}\n"
LIGHT = 50_000


@pytest.fixture
def study(site: Site) -> Site:
    """The example's programme, everything published."""
    content = (ROOT / "examples/study/programme.yaml").read_bytes() + DISCUSSION.encode()
    programmes.add(content, organisation="青石镇党委", by=BY)
    talk = "\n## 季度讨论\n### 我为家乡做件事\n日期：2027-01-04\n谈谈您的想法。\n".encode()
    study_importing.import_items(CODE, (ROOT / "examples/study/items.md").read_bytes() + talk, filename="a.md", by=BY)
    with writing(BY) as session:
        for one in session.exec(select(StudyItem)):
            one.state, one.published_at = StudyState.published, datetime(2027, 1, 31, tzinfo=UTC)
            session.add(one)
    return site


def links(organisation: str = "青石镇党委") -> list[str]:
    """The group's path, and each member's."""
    group = study_links.open_page(CODE, organisation, by=BY).url
    every = [group, *(one.url for one in study_links.own_links(CODE, organisation, by=BY))]
    return ["/" + one.split("/", 3)[3] for one in every]


def item(title: str) -> int:
    return next(one.id for one in programmes.items(CODE) if one.title == title)


def test_looking_changes_nothing_but_the_count_of_openings(study: Site) -> None:
    group, me, *_ = links()
    before = dump()
    for path in (group, me, f"{me}/c/1", f"{group}/i/{item('半条被子')}", f"{me}/i/{item('半条被子')}"):
        assert study.get(path).status_code == 200
        assert study.ask("HEAD", path).content == b""
    after = dump()
    assert {name for name in after if after[name] != before[name]} == {"study_opening"}
    with reading() as session:
        (row,) = session.exec(select(StudyOpening)).all()
        assert row.count == 2
    assert not {"member_id", "code"} & StudyOpening.model_fields.keys()


def test_the_newest_comes_first_and_nothing_foreign_is_loaded(study: Site) -> None:
    group, me, *_ = links()
    answer = study.get(group)
    text = answer.text
    assert text.index("遵义会议") < text.index("古田会议") < text.index("五四运动") < text.index("一张红军借据")
    assert "<script" not in text
    assert "我学过了</button>" not in study.get(f"{group}/i/{item('半条被子')}").text
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "张*同志" in study.get(me).text
    assert "张伟" not in study.get(me).text


def test_a_member_marks_and_takes_back(study: Site) -> None:
    group, me, *_ = links()
    path = f"{me}/i/{item('半条被子')}"
    for _ in range(2):
        answer = study.post(path, {"say": "studied"})
        assert (answer.status_code, answer.headers["Location"]) == (303, path)
    with reading() as session:
        assert [one.activity for one in session.exec(select(Participation))] == ["聆听党史故事：半条被子"]
    assert "已登记" in study.get(path).text
    assert "已学" in study.get(me).text
    assert "已学" not in study.get(group).text
    study.post(path, {"say": "not_studied"})
    assert "已学" not in study.get(me).text
    assert study.post(path, {"say": "?"}).status_code == 422
    assert study.post(f"{group}/i/{item('半条被子')}", {"say": "studied"}).status_code == 405


def test_a_discussion(study: Site) -> None:
    _, me, other, *_ = links()
    path = f"i/{item('我为家乡做件事')}"
    for text in ("想给村小捐书", "想给村小<b>捐一批书</b>"):
        assert study.post(f"{me}/{path}", {"say": "contribute", "text": text}).status_code == 303
    assert study.post(f"{me}/{path}", {"say": "contribute", "text": " "}).status_code == 422
    assert "捐一批书" not in study.get(f"{other}/{path}").text
    (said,) = discussions.contributions(CODE, "青石镇党委")
    discussions.release(CODE, "青石镇党委", {said.id: said.version}, by=BY)
    shown = study.get(f"{other}/{path}").text
    assert "想给村小&lt;b&gt;捐一批书" in shown
    assert "张*" in shown
    assert "张伟" not in shown
    assert study.post(f"{me}/{path}", {"say": "contribute", "text": "改"}).status_code == 409
    study.post(f"{me}/{path}", {"say": "take_back"})
    assert "捐一批书" not in study.get(f"{other}/{path}").text


def test_others_pages_are_closed(study: Site) -> None:
    with writing(BY) as session:
        at = datetime(2027, 1, 1, tzinfo=UTC)
        branch = Organisation(name="一支部", parent_id=study.world.organisation)
        session.add(branch)
        session.flush()
        session.add(Member(organisation_id=branch.key, name="赵敏", created_at=at, updated_at=at))
    content = (ROOT / "examples/study/programme.yaml").read_bytes().replace(b"WSDZB", b"OTHER")
    programmes.add(content, organisation="青石镇党委", by=BY)
    with writing(BY) as session:
        column = store.columns(session, programme_id=store.by_code(session, code="OTHER").key)[0]
        foreign = StudyItem(
            column_id=column.key, title="别处", text="别处", planned_on=date(2027, 1, 1), state=StudyState.published
        )
        session.add(foreign)
        session.flush()
    town, me, *_ = links()
    branch_page, theirs = links("一支部")
    code = me.rpartition("/")[2]
    for path in (
        f"{branch_page}/{code}", f"{town}/i/{foreign.key}", f"{me}/i/{foreign.key}", f"{me}/c/{column.key}",
        "/s/AAAAAAAAAAAAAAAAAAAAAAAA", f"{town}/2222222222", "/s/x",
    ):  # fmt: skip
        assert study.get(path).status_code == 404, path
    assert study.get(theirs).status_code == 200
    assert study.post(f"{me}/i/{foreign.key}", {"say": "studied"}).status_code == 404


def test_pages_are_light_after_years(study: Site, place: Path) -> None:
    with writing(BY) as session:
        programme = store.by_code(session, code=CODE)
        more = [
            StudyColumn(programme_id=programme.key, position=9 + n, name=f"第{n}个很长很长的栏目名") for n in range(30)
        ]
        session.add_all(more)
        session.flush()
        for column in more:
            rows = [
                {
                    "column_id": column.key, "title": f"这是一个写满了三十个字的标题用来看页面有多重第{n}篇",
                    "text": "正文。" * 1600, "planned_on": date(2026, 1, 1), "state": StudyState.published,
                    "published_at": datetime(2027, 1, 1, tzinfo=UTC), "announce": False,
                }
                for n in range(100)
            ]  # fmt: skip
            store.add_items(session, rows=rows)
        some = more[0].key
    _, me, *_ = links()
    last = max(one.id for one in programmes.items(CODE))
    for path in (me, f"{me}/c/{some}", f"{me}/c/{some}?page=2", f"{me}/i/{last}"):
        answer = study.get(path)
        assert answer.status_code == 200
        assert len(answer.content) < LIGHT, path


def test_a_discussion_of_many_goes_on_over_light_pages(study: Site) -> None:
    talk = item("我为家乡做件事")
    at = datetime(2027, 1, 5, tzinfo=UTC)
    with writing(BY) as session:
        session.get_one(StudyItem, talk).text = "题目。" * 1666
        people = [
            Member(organisation_id=study.world.organisation, name=f"赵{n}", created_at=at, updated_at=at)
            for n in range(20)
        ]
        session.add_all(people)
        session.flush()
        for n, member in enumerate(people):  # the same moment for all: the id tells them apart
            said = Contribution(
                item_id=talk, member_id=member.key, text=f"第{n:02}篇" + "说" * 995, written_at=at, released_at=at
            )
            session.add(said)
        hidden = Contribution(item_id=talk, member_id=study.world.members[1], text="等着", written_at=at)
        session.add(hidden)
    group, me, *_ = links()
    study.post(f"{me}/i/{talk}", {"say": "contribute", "text": "我" * 1000})
    for path in (f"{group}/i/{talk}", f"{me}/i/{talk}"):
        found, following = list[str](), f"{path}"
        while following:
            answer = study.get(following)
            assert len(answer.content) < LIGHT, following
            found += re.findall(r"第\d\d篇", answer.text)
            more = re.search(r'class="button small" href="([^"]*[?]after=[^"]*)"', answer.text)
            following = more[1] if more else ""
        assert found == [f"第{n:02}篇" for n in range(20)]
    assert study.get(f"{group}/i/{talk}?after=x").status_code == 404
    assert study.get(f"{group}/i/{item('半条被子')}?after=1-1").status_code == 404
    with reading() as session:
        assert [row.count for row in session.exec(select(StudyOpening)) if row.item_id == talk] == [2]


def picture() -> bytes:
    """As a camera writes it: a comment in it, and larger than a page needs."""
    made = io.BytesIO()
    Image.new("RGB", (2400, 1200), (180, 20, 20)).save(made, "JPEG", comment=b"taken by ZhangWei")
    return made.getvalue()


def test_a_picture_is_ours_and_what_is_elsewhere_says_so(study: Site, place: Path) -> None:
    items = (
        "栏目,标题,正文,链接,图片,音频,计划日期\n"
        "聆听党史故事,红军桥,讲一讲,https://www.12371.cn/a,桥.jpg,https://audio.example/b.mp3,2027-01-04\n"
        "聆听党史故事,井冈山,讲一讲,,https://pictures.example/c.jpg,,2027-01-04\n"
        "聆听党史故事,没有图,讲一讲,,没有.jpg,,2027-01-04\n"
        "聆听党史故事,坏图,讲一讲,,坏.png,,2027-01-04\n"
        "聆听党史故事,别处,讲一讲,,../a.jpg,,2027-01-04\n"
    ).encode()
    files = {"桥.jpg": picture(), "坏.png": b"no picture"}

    def beside(name: str) -> bytes:
        if name not in files:
            raise BadInput("没有")
        return files[name]

    for accepted, unchanged in ((2, 0), (0, 2)):
        done = study_importing.import_items(CODE, items, filename="a.csv", beside=beside, by=BY)
        assert (done.accepted, done.unchanged) == (accepted, unchanged)
        assert [one.row for one in done.rejected] == [4, 5, 6]
    with reading() as session:
        assert session.exec(select(StudyItem.picture).where(StudyItem.title == "红军桥")).one().startswith("study/")
    group, me, *_ = links()
    there = item("红军桥")
    assert study.get(f"{group}/i/{there}/picture.jpg").status_code == 404  # not published yet
    with writing(BY) as session:
        for one in session.exec(select(StudyItem)):
            one.state, one.published_at = StudyState.published, datetime(2027, 1, 31, tzinfo=UTC)
            session.add(one)
    for page in (group, me):
        text = study.get(f"{page}/i/{there}").text
        assert re.findall(r'src="([^"]*)"', text) == [f"{page}/i/{there}/picture.jpg"]
        answer = study.get(f"{page}/i/{there}/picture.jpg")
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert b"ZhangWei" not in answer.content
        with Image.open(io.BytesIO(answer.content)) as shown:
            assert shown.width == 1600
        for site in ("www.12371.cn", "audio.example"):
            assert f"（打开别的网站：{site}）" in text
    assert study.get(f"{group}/i/{item('井冈山')}/picture.jpg").status_code == 404
    text = study.get(f"{group}/i/{item('井冈山')}").text
    assert "src=" not in text
    assert "（打开别的网站：pictures.example）" in text
