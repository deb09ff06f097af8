"""The declarations of settings → JSON schemas, by which editors' programs complete and check.

The schemas are of draft 7, which the TOML and YAML extensions of VS Code understand.  They refuse
what the readers refuse, as far as a schema can tell: not a date in quotation marks, for instance,
since JSON has no other.
"""

import ast
import inspect
import json
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from octavo import names
from octavo.config import Config
from octavo.headers import Header
from octavo.indexing import settings

_MODELS: Mapping[str, tuple[str, type[BaseModel]]] = {
    "book.json": ("book.toml", Config),
    "header.json": ("the header of a chapter", Header),
    "index.json": ("index.toml", settings.Table),
    "names.json": ("names.toml", names.Table),
}
"""The files of schemas, and what each describes."""


class _Draft7(GenerateJsonSchema):
    """JSON Schema draft 7, without what TOML and YAML headers cannot say: there is no null."""

    schema_dialect = "http://json-schema.org/draft-07/schema#"

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        if isinstance(given := made.get("default"), dict) or (not given and given is not False):
            made.pop("default", None)
        return made

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made, model = super().model_schema(schema), schema["cls"]
        for name, said in _descriptions(model).items():
            made["properties"][model.model_fields[name].alias]["description"] = said
        return made

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        made = super().dict_schema(schema)
        return made | {"additionalProperties": False} if "patternProperties" in made else made

    def tuple_schema(self, schema: core_schema.TupleSchema) -> JsonSchemaValue:
        made = super().tuple_schema(schema)
        if "prefixItems" in made:
            made |= {"items": made.pop("prefixItems"), "additionalItems": False}
        return made


def _descriptions(model: type[BaseModel]) -> Mapping[str, str]:
    """Give what stands in quotation marks below the fields of a model, by the field.

    pydantic can read that too (``use_attribute_docstrings``), but whenever a program begins.
    """
    (declared,) = ast.parse(inspect.getsource(model)).body
    assert isinstance(declared, ast.ClassDef)
    said = {}
    for statement, below in pairwise(declared.body):
        match statement, below:
            case ast.AnnAssign(ast.Name(name)), ast.Expr(ast.Constant(str(text))):
                said[name] = inspect.cleandoc(text)
    return said


def files() -> dict[Path, str]:
    """Give the schemas: the file below the book's folder → its text."""
    return {Path("schema") / name: _text(*given) for name, given in _MODELS.items()}


def _text(title: str, model: type[BaseModel]) -> str:
    made = model.model_json_schema(ref_template="#/definitions/{model}", schema_generator=_Draft7)
    made |= {"title": title, "definitions": made.pop("$defs", {})}
    return json.dumps(_plain(made), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _plain(node: Any) -> Any:
    """Shorten descriptions to their first paragraph; set references apart from what is beside them,
    which draft 7 would overlook.
    """  # noqa: D205 - one sentence
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {key: _plain(value) for key, value in node.items()}
    if isinstance(said := made.get("description"), str):
        made["description"] = " ".join(said.partition("\n\n")[0].split()).replace("``", "`")
    if "$ref" in made and len(made) > 1:
        made["allOf"] = [{"$ref": made.pop("$ref")}]
    return made
