"""Settings that would go wrong on paper or later are refused at once, in Chinese, by the variable's name."""

from pathlib import Path

import pytest

from qianli.cli import main
from qianli.errors import ConfigurationError
from qianli.settings import DEVELOPMENT_SECRET, settings
from qianli.testing import workspace


def refused(tmp_path: Path, **values: str) -> str:
    with workspace(tmp_path, fresh=False, **values), pytest.raises(ConfigurationError) as error:
        settings()
    return error.value.message


@pytest.mark.parametrize(
    "url",
    [
        "qianli.gov.cn", "ftp://qianli.gov.cn", "https://", "https:///r", "https://[1", "https://a.cn:port",
        "https://localhost", "https://web.localhost:8310", "https://LOCALHOST", "https://localhost.", "http://127.0.0.1:8310",
        "http://0.0.0.0", "https://[::1]", "https://192.168.1.5", "https://10.0.0.1", "https://127.1", "https://0x7f.1",
        "https://printer.local", "https://office", "https://a.cn/?q=1", "https://a.cn/#r", "https://me@a.cn",
    ],
)  # fmt: skip
def test_an_address_members_cannot_open_is_refused(tmp_path: Path, url: str) -> None:
    assert "QIANLI_PUBLIC_URL" in refused(tmp_path, PUBLIC_URL=url)


@pytest.mark.parametrize("url", ["https://qianli.example", "http://qianli.gov.cn/qlcs", "https://8.8.8.8:8443", ""])
def test_a_public_address_is_taken(tmp_path: Path, url: str) -> None:
    with workspace(tmp_path, fresh=False, PUBLIC_URL=url):
        assert settings().public_url == url


def test_plain_http_is_for_development(tmp_path: Path) -> None:
    assert "https://" in refused(tmp_path, PUBLIC_URL="http://qianli.gov.cn", ENVIRONMENT="production")


@pytest.mark.parametrize("url", ["https://qianli.gov.cn", "https://notexample.com", "https://example.cn"])
def test_the_placeholder_key_is_refused_for_a_real_address(tmp_path: Path, url: str) -> None:
    assert "QIANLI_SECRET" in refused(tmp_path, PUBLIC_URL=url, SECRET=DEVELOPMENT_SECRET)


@pytest.mark.parametrize(
    "url", ["https://qianli.example", "https://a.test", "https://a.invalid", "https://example.com"]
)
def test_the_placeholder_key_is_good_enough_for_reserved_names(tmp_path: Path, url: str) -> None:
    with workspace(tmp_path, fresh=False, PUBLIC_URL=url, SECRET=DEVELOPMENT_SECRET):
        assert settings().public_url == url


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEB_PORT", "abc"), ("WEB_PORT", "99999999999999999999"), ("PRINT_RUN_SIZE", "0"), ("LEASE_S", "9" * 30),
        ("LETTER_RUN_SIZE", "0"), ("PRESS", "typst"),
        ("FONTS", '["BabelStone Han"]'), ("FONTS", '["a:klingon"]'), ("FONTS", "BabelStone Han:han"),
        ("CLOCK_OFFSET_DAYS", "-999999999"), ("OLD_SECRETS", "{"), ("OLD_SECRETS", "[]"), ("SECRET", ""),
        ("TIME_ZONE", "Asia/Nowhere"), ("TIME_ZONE", "../etc/passwd"), ("TIME_ZONE", ""),
    ],
)  # fmt: skip
def test_a_bad_value_is_a_sentence_that_names_its_variable(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    assert f"QIANLI_{name}" in refused(tmp_path, **{name: value})
    with workspace(tmp_path, fresh=False, **{name: value}):
        assert main.execute(["init"]) == 1
    told = capsys.readouterr().err
    assert f"QIANLI_{name}" in told
    assert "没有预料到" not in told
