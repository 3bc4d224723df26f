"""Check a manifest against its JSON schema; lists of very many objects of one make as strictly, but quickly.

The validator takes 50 microseconds an object, which for the images of a large training is seconds. So checks
are made of the schema itself for such lists. They know few keywords, and refuse whatever they do not know:
what they do not find in order goes to the validator as it is, which then decides and says why.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jsonschema import ValidationError

Check: TypeAlias = Callable[[Any], bool]
"""Tells whether a value surely fits; False: the validator has to look."""

LONG = 1000
"""Entries of a list that the validator always looks at, and below which it looks at all of them."""

_SILENT = {"description", "title"}


def first_error(manifest: Mapping[str, Any], schema: Mapping[str, Any]) -> ValidationError | None:
    """Return what is wrong with a manifest by its schema, draft 2020-12, or None.

    Raises
    ------
    RecursionError : it is nested too deeply
    """
    from jsonschema import Draft202012Validator  # late: nothing but opening a model needs it

    shortened = _shortened(manifest, schema, schema.get("$defs", {}))
    return next(Draft202012Validator(schema).iter_errors(shortened), None)


def _shortened(value: Any, schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Any:
    """Return a value whose long lists hold their first entries only, where all others surely fit."""
    schema = _resolved(schema, definitions)
    if isinstance(value, dict):
        known = schema.get("properties", {})
        return {key: _shortened(one, known.get(key, {}), definitions) for key, one in value.items()}
    if isinstance(value, list) and len(value) > LONG and _allows_any_length(schema):
        fits = _check_of(schema.get("items", {}), definitions)
        return value[:LONG] if fits and all(map(fits, value)) else value
    return value


def _resolved(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a schema with what it refers to in place of the reference."""
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return schema
    own = {key: value for key, value in schema.items() if key != "$ref"}
    return {**definitions[reference.removeprefix("#/$defs/")], **own}


def _allows_any_length(schema: Mapping[str, Any]) -> bool:
    return schema.keys() <= {"type", "items", "minItems", *_SILENT} and schema.get("minItems", 0) <= LONG


def _check_of(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Check | None:
    """Return a check that is as strict as a schema or stricter; None for one with unknown keywords."""
    schema = _resolved(schema, definitions)
    told = {key: value for key, value in schema.items() if key not in _SILENT}
    kind = told.pop("type", None)
    if kind == "string":
        return _string(told)
    if kind == "integer":
        return _integer(told)
    if kind == "array":
        return _array(told, definitions)
    return _object(told, definitions) if kind == "object" else None


def _string(told: dict[str, Any]) -> Check | None:
    pattern = told.pop("pattern", None)
    if told:
        return None
    if pattern is None:
        return lambda value: type(value) is str
    search = re.compile(pattern).search  # what the validator does
    return lambda value: type(value) is str and search(value) is not None


def _integer(told: dict[str, Any]) -> Check | None:
    lowest = told.pop("minimum", None)
    if told or lowest is None:
        return None
    return lambda value: type(value) is int and value >= lowest  # True is no int here, as in JSON schema


def _array(told: dict[str, Any], definitions: Mapping[str, Any]) -> Check | None:
    fits = _check_of(told.pop("items", {}), definitions)
    if told or fits is None:
        return None
    return lambda value: type(value) is list and all(map(fits, value))


def _object(told: dict[str, Any], definitions: Mapping[str, Any]) -> Check | None:
    """Return a check of objects that have all of their properties and no others."""
    properties = told.pop("properties", {})
    closed = told.pop("additionalProperties", True) is False
    checks = {name: _check_of(one, definitions) for name, one in properties.items()}
    if set(told.pop("required", ())) != set(properties) or told or not closed or None in checks.values():
        return None
    names, each = checks.keys(), [(name, fits) for name, fits in checks.items() if fits]
    return lambda value: (
        type(value) is dict and value.keys() == names and all(fits(value[name]) for name, fits in each)
    )
