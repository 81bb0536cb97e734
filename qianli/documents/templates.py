"""Templates: sandboxed Jinja over `templates/`; everything a form holds is escaped."""

import hashlib
import re
from functools import cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from qianli.documents import charts, codes, emphasis, rare, words
from qianli.documents.designs import body, measures
from qianli.errors import BadInput, DocumentError

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
_DESIGN = re.compile(r"[a-z0-9_]+")


def fill_template(name: str, **context: object) -> str:
    """The HTML of a template with its context, rare characters marked with the face that serves them.

    DocumentError if the template asks for what it may not have.
    """
    try:
        return rare.marked(_environment(TEMPLATES).get_template(name).render(**context))
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, RecursionError, MemoryError) as error:
        raise DocumentError("文书模板有错，或用了不允许的写法，请技术人员检查。", template=name) from error


def stylesheet(name: str) -> str:
    """The text of a style sheet beside the templates."""
    return (TEMPLATES / name).read_text("utf-8")


def designs() -> list[str]:
    """The letter designs there are, by code."""
    return sorted(path.stem for path in (TEMPLATES / "letters").glob("[!_]*.html"))


def template_checksum(design: str) -> str:
    """SHA-256 of everything that decides how letters of a design look; BadInput if there is no such design."""
    if not _DESIGN.fullmatch(design) or design not in designs():
        raise BadInput(f"没有名为“{design}”的书信版式；可以用的有：{'、'.join(designs())}。")
    files = [
        *(TEMPLATES / "_base").iterdir(),
        *(TEMPLATES / "letters").glob(f"{design}.*"),
        *(TEMPLATES / "letters").glob("_*"),  # what designs share, and may take from each other
    ]
    digest = hashlib.sha256()
    for path in sorted(path for path in files if path.is_file()):
        digest.update(f"{path.relative_to(TEMPLATES)}\0".encode() + path.read_bytes() + b"\0")
    if measures(design).faces:  # two machines with other faces would print other letters
        digest.update(body(design).encode())
    return digest.hexdigest()


@cache
def _environment(root: Path) -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(root), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(
        written_date=words.written_date, yuan=words.yuan, kilograms=words.kilograms, emphasised=emphasis.html
    )
    environment.globals.update(
        qr_image=codes.qr_image,
        code128_svg=codes.code128_svg,
        amount=words.amount,
        count_in_words=words.count_in_words,
        money_in_words=words.money_in_words,
        funnel_svg=charts.funnel_svg,
        columns_svg=charts.columns_svg,
    )
    return environment
