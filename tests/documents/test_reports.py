from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from qianli.documents import charts, press
from qianli.documents.forms import Bar, LedgerReview, Letter, Rehearsal, Report, ReportRow, SampleLetter

REHEARSAL, REPORT = Rehearsal.sample(), Report.sample()


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_rehearsal_says_what_would_happen(read: Callable[[press.Pdf], Any]) -> None:
    letter = Letter.sample()
    form = replace(
        REHEARSAL,
        warnings=("还没有设置对外网址。",),
        samples=tuple(
            SampleLetter(why, replace(letter, number=f"T-{n:04d}", paragraphs=letter.paragraphs * times))
            for n, (why, times) in enumerate([("随机抽取", 1), ("正文最长", 3), ("姓名最长", 1)], start=1)
        ),
    )
    pdf = press.rehearsal(form)
    seen = read(pdf)
    pages = [squeezed(page) for page in seen.pages()]
    first = pdf.first_pages[1]
    assert pdf.first_pages == (1, first, first + 1, first + 3)
    cover = "".join(pages[: first - 1])
    for wanted in (
        "印书信6封",
        "寄包裹6件",
        "共重5.340千克",
        "另有3份",
        "294.00",
        "72.00",
        "366.00",
        "还没有设置对外网址。",
        "中国邮政",
    ):
        assert wanted in cover
    for row in form.held:
        for wanted in (row.number, row.name, row.reason, row.next_step):
            assert squeezed(wanted) in cover
    for page in pages[first - 1 :]:
        assert "样张：" in page
        assert "样张" in page.replace("样张：", "")
    assert "样张：正文最长" in pages[first + 1]
    assert seen.codes(first) == [("QRCode", letter.link)]


def test_a_rehearsal_of_nothing(read: Callable[[press.Pdf], Any]) -> None:
    form = replace(
        REHEARSAL, letters=0, parcels=0, weight_g=0, goods_fen=0, postage_fen=0, held=(), third_parties=(), samples=()
    )
    text = read(press.rehearsal(form)).text()
    assert "没有，每一份都可以寄出。" in text
    assert "没有可以寄出的书信" in text


def test_many_held_run_over_pages(read: Callable[[press.Pdf], Any]) -> None:
    form = replace(REHEARSAL, held=tuple(replace(REHEARSAL.held[0], number=f"T-{n:04d}") for n in range(70)))
    pdf = press.rehearsal(form)
    assert pdf.first_pages[1] > 2
    text = read(pdf).text()
    assert all(row.number in text for row in form.held)


def test_the_report_says_its_numbers(read: Callable[[press.Pdf], Any]) -> None:
    text = read(press.report(REPORT)).text()
    for sentence in (*REPORT.summary, *REPORT.remarks):
        assert squeezed(sentence) in text
    for row in (*REPORT.provinces, *REPORT.organisations):
        assert (
            f"{row.label}{row.owed}{row.sent}{row.delivered}{row.confirmed}{row.returned}{row.postage_fen // 100}.00"
            in text
        )
    assert "合计976618" in text
    assert "366.00" in text
    for bar in REPORT.funnel:
        assert f"{bar.label}{bar.count}份" in text
    assert "3天" in text


@pytest.mark.parametrize(
    "changes",
    [
        {"days": ()},
        {"days": tuple(Bar(str(day), day * 7 % 13) for day in range(1, 61))},
        {
            "funnel": (Bar("应寄", 0), Bar("寄出", 0)),
            "provinces": (),
            "organisations": (),
            "costs": (),
            "remarks": (),
            "summary": (),
        },
        {"funnel": (Bar("应寄", 100_000), Bar("寄出", 99_999), Bar("快递报告妥投", 1))},
        {"provinces": tuple(ReportRow("<b>{{7*7}}</b>", 10**6, 10**6, 10**6, 10**6, 10**6, 10**9) for _ in range(40))},
        {"organisations": (ReportRow("中共某某市某某区某某街道第一网格流动党员临时支部委员会" * 3, 1, 2, 3, 4, 5, 6),)},
        {"campaign_name": "很长的活动名称" * 14, "sender": "很长的组织名称" * 14},
    ],
)
def test_ugly_reports(read: Callable[[press.Pdf], Any], changes: dict[str, Any]) -> None:
    form = replace(REPORT, **changes)
    text = read(press.report(form)).text()
    assert squeezed(form.campaign_name) in text
    assert all(squeezed(row.label) in text for row in (*form.provinces, *form.organisations))


def test_charts_escape_their_labels() -> None:
    assert "<b>" not in charts.funnel_svg([Bar("<b>", 1)])
    assert "<b>" not in charts.columns_svg([Bar("<b>", 1)], "<b>")


@pytest.mark.parametrize("times", [0, 1, 40])
def test_the_review_of_the_ledger(read: Callable[[press.Pdf], Any], times: int) -> None:
    sample = LedgerReview.sample()
    long = [
        replace(row, label=f"{row.label}/<b>第{n}网格流动党员临时支部委员会</b>")
        for n in range(times)
        for row in sample.rows
    ]
    form = replace(sample, rows=tuple(long))
    text = read(press.ledger_review(form)).text()
    assert all(squeezed(said) in text for said in (*form.summary, *form.silent))
    assert text.count("未报") == times
