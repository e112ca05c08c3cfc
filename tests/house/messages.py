"""Every message that pages and code ask to have translated: found in the compiled templates and the syntax trees."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.template import engines
from django.template.base import Template, Token
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

ROOT = Path(__file__).resolve().parents[2]
Message = tuple[str, str, str]  # context, message, plural
ONE = {"_", "gettext", "gettext_lazy", "gettext_noop"}
MANY = {"ngettext", "ngettext_lazy"}
IN_CONTEXT = {"pgettext", "pgettext_lazy"}


def of_everything() -> dict[Message, str]:
    """message → the first file that says it"""
    found: dict[Message, str] = {}
    for path in sorted((ROOT / "templates").rglob("*.*")):
        for message in of_template(path):
            found.setdefault(message, str(path.relative_to(ROOT)))
    for floor in ("casework", "evidence", "reports"):
        for path in sorted((ROOT / floor).rglob("*.py")):
            for message in of_code(path.read_text()):
                found.setdefault(message, str(path.relative_to(ROOT)))
    return found


def of_template(path: Path) -> Iterator[Message]:
    template: Template = engines["django"].from_string(path.read_text()).template  # type: ignore[attr-defined]
    for node in template.nodelist.get_nodes_by_type(TranslateNode):
        assert isinstance(node, TranslateNode)
        variable = node.filter_expression.var
        if isinstance(literal := getattr(variable, "literal", None), str):
            context = node.message_context.var if node.message_context else ""
            # As Django looks it up: a literal's percent signs are doubled before the catalogue is asked.
            yield str(context), literal.replace("%", "%%"), ""
    for node in template.nodelist.get_nodes_by_type(BlockTranslateNode):
        assert isinstance(node, BlockTranslateNode)
        yield "", _text(node, node.singular), _text(node, node.plural) if node.plural else ""


def _text(node: BlockTranslateNode, tokens: list[Token]) -> str:
    return str(node.render_token_list(tokens)[0])


def of_code(source: str) -> Iterator[Message]:
    tree = ast.parse(source)
    # A module that needs both the lazy and the prompt one gives one of them a name of its own.
    known = {one.asname: one.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
             and node.module == "django.utils.translation" for one in node.names if one.asname}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        name = known.get(called, called)
        words = [part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        if name in ONE and words:
            yield "", words[0], ""
        elif name in MANY and len(words) >= 2:
            yield "", words[0], words[1]
        elif name in IN_CONTEXT and len(words) == 2:
            yield words[0], words[1], ""
