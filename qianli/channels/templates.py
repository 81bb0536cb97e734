"""Which of our values go into a provider's template, and under what name there: written with the template's id.

`1110` takes all of a text's values in their order; `1110:name,link` those two, in this order; and
`TEMPLATEID:thing1=title,time2=day` gives each the name that the provider's template has for it. Beside a text's own
values there is `code`, what stands at the end of its link: providers of short messages take no address in a variable.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from qianli.channels.live import Outgoing

CODE = "code"


@dataclass(frozen=True)
class Template:
    """The provider's id, and (its name of a field, our name of the value) for each field; none for all of them."""

    id: str
    fields: tuple[tuple[str, str], ...] = ()


def read(written: str) -> Template:
    """A template as settings or a campaign write it."""
    id_, _, rest = written.partition(":")
    named = [one.partition("=") for one in rest.split(",") if one.strip()]
    return Template(id_.strip(), tuple((left.strip(), (right or left).strip()) for left, _, right in named))


def filled(one: Outgoing) -> dict[str, str]:
    """Field → value, in the template's order; without a value that the text does not have (see `missing`)."""
    fields, values = read(one.template).fields or tuple((name, name) for name in one.values), _values(one)
    return {field: values[name] for field, name in fields if name in values}


def missing(template: Template, values: Mapping[str, str]) -> list[str]:
    """Our names of values that the template wants and the text does not have."""
    return [name for _, name in template.fields if name not in values]


def problem(one: Outgoing) -> str:
    """Why the template cannot be filled, as a sentence; or nothing."""
    template = read(one.template)
    if not template.id:
        return "没有填这条消息在平台上的模板编号，请先到平台申请模板，再把编号写进设置。"
    if absent := missing(template, _values(one)):
        return f"模板要用的“{'、'.join(absent)}”，这条消息里没有，请核对设置里模板编号后面的名称。"
    if empty := [field for field, value in filled(one).items() if not value.strip()]:
        return f"模板里的“{'、'.join(empty)}”没有内容，平台不收空的变量。"
    return ""


def _values(one: Outgoing) -> dict[str, str]:
    """The text's values, and the end of its link."""
    return ({CODE: one.url.rstrip("/").rpartition("/")[2]} if one.url else {}) | dict(one.values)
