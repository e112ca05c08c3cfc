"""HALL: what the description of the API says of every call alike: how it is refused, and that it takes no field
but its own. Named in the settings, so it imports no view.

Each refusal comes from casework.problems or casework.middleware, in one shape; no view repeats them."""

from typing import Any

REFUSALS: dict[int, str] = {
    400: "Not understood: the body is not what its type says, or the address or a header is malformed.",
    401: "No token, or one that is unknown, expired or revoked; or its person may not sign in any more.",
    403: "The role, the token's scopes, or the time since the password was given do not allow it.",
    404: "Not there, or not for this person to know of.",
    405: "Not with this method.",
    406: "Nothing that the Accept header asks for.",
    409: "Not in this state, or not by this person; or what was seen has changed.",
    412: "Another version stands than `If-Match` names; `now` says which, who wrote it and when.",
    413: "More than is taken at once.",
    415: "A body of a type that is not read.",
    422: "Some values were not understood; `errors` says which.",
    423: "Locked: it holds malware, or was not screened for it, and can be unlocked, with a reason; or it is a program "
         "(`executable`), or nobody has looked yet whether it is one (`not_looked_at`), and nobody confirmed that they "
         "want it.",
    429: "Too soon; `Retry-After` says when.",
    500: "A mistake of ours. Nothing was changed.",
    503: "Something that this needs is down, or the log is behind what others hold of it. Nothing was changed.",
    507: "No room to keep it. Nothing was changed.",
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "A refusal (RFC 9457).",
    "required": ["status", "code", "detail", "request_id"],
    "properties": {
        "status": {"type": "integer", "description": "as in the answer's first line"},
        "code": {"type": "string", "description": "which refusal it is, for programs"},
        "detail": {"type": "string", "description": "why, for people"},
        "request_id": {"type": "string", "description": "also in the header X-Request-Id"},
        "now": {"type": "object", "description": "of 412: `version`, `by`, `at` and `content` of what stands"},
        "errors": {"description": "by field, where values were not understood"},
    },
}
_METHODS = ("get", "post", "put", "patch", "delete")


def refusals(result: dict[str, Any], **_generator: Any) -> dict[str, Any]:
    """drf-spectacular's hook: every operation answers every refusal, as application/problem+json."""
    parts = result["components"]
    parts["schemas"]["Problem"] = PROBLEM
    shape = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    parts["responses"] = {f"Refused{status}": {"description": said, "content": shape}
                          for status, said in REFUSALS.items()}
    for calls in result["paths"].values():
        for method in _METHODS:
            if method in calls:
                _only_these(calls[method].get("requestBody", {}), parts["schemas"])
                answers = calls[method]["responses"]
                for status in REFUSALS:
                    answers.setdefault(str(status), {"$ref": f"#/components/responses/Refused{status}"})
    return result


def _only_these(body: dict[str, Any], shapes: dict[str, Any]) -> None:
    """A field that a call does not take is refused, in a list within what is sent too (casework.calls)."""
    for taken in body.get("content", {}).values():
        if name := taken["schema"].get("$ref", "").rpartition("/")[2]:
            shapes[name]["additionalProperties"] = False
            for field in shapes[name].get("properties", {}).values():
                if within := field.get("items", {}).get("$ref", "").rpartition("/")[2]:
                    shapes[within] |= {} if "enum" in shapes[within] else {"additionalProperties": False}
