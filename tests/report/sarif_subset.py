"""The part of SARIF 2.1.0 that nixc writes, as a JSON schema.

Written after section 3 of the standard: names, types, required properties. Every object is closed,
so that a misspelt property is an error. The standard's own schema cannot be copied here; with
its path in NIXC_SARIF_SCHEMA the tests hold reports against it, too.
"""

from __future__ import annotations

from typing import Any


def closed(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }


def array(items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **more}


TEXT = {"type": "string"}
WORD = {"type": "string", "minLength": 1}
URI = {"type": "string", "format": "uri"}
COUNT = {"type": "integer", "minimum": 1}
INDEX = {"type": "integer", "minimum": 0}
MESSAGE = closed({"text": WORD}, markdown=WORD)

ARTIFACT = closed({"uri": {"type": "string", "format": "uri-reference"}}, uriBaseId=WORD)
REGION = closed({"startLine": COUNT, "startColumn": COUNT, "endLine": COUNT, "endColumn": COUNT})
PLACE = closed({"artifactLocation": ARTIFACT, "region": REGION})
REPLACEMENT = closed({"deletedRegion": REGION, "insertedContent": closed({"text": TEXT})})
CHANGE = closed({"artifactLocation": ARTIFACT, "replacements": array(REPLACEMENT, minItems=1)})
RULE = closed(
    {"id": WORD}, shortDescription=MESSAGE, fullDescription=MESSAGE, help=MESSAGE, helpUri=URI
)
RESULT = closed(
    {
        "ruleId": WORD,
        "ruleIndex": INDEX,
        "level": {"enum": ["none", "note", "warning", "error"]},
        "message": MESSAGE,
        "locations": array(closed({"physicalLocation": PLACE}), minItems=1),
        "partialFingerprints": {"type": "object", "additionalProperties": WORD},
    },
    relatedLocations=array(
        closed({"id": INDEX, "physicalLocation": PLACE, "message": MESSAGE}), uniqueItems=True
    ),
    fixes=array(
        closed({"description": MESSAGE, "artifactChanges": array(CHANGE, minItems=1)}),
        uniqueItems=True,
    ),
)
RUN = closed(
    {
        "tool": closed(
            {
                "driver": closed(
                    {"name": WORD, "version": WORD, "rules": array(RULE, uniqueItems=True)}
                )
            }
        ),
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "originalUriBaseIds": {
            "type": "object",
            "additionalProperties": closed({"description": MESSAGE}),
        },
        "results": array(RESULT),
    }
)
SCHEMA = closed({"$schema": URI, "version": {"const": "2.1.0"}, "runs": array(RUN)})
