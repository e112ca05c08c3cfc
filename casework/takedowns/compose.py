"""The exact text of a notice, from plain data. What is reviewed, approved, shown and sent is this text."""

from typing import Any

KINDS = {"account": "Account", "post": "Post", "group": "Group", "url": "Address"}


def letter(content: dict[str, Any]) -> str:
    """The notice as the platform gets it: number, platform, policy, text, and each target with the exhibits that
    show it and their SHA-256. The same content always gives the same text; English, as platforms' forms are."""
    case, targets = content["case"], content["targets"]
    lines = [f"Request {case}/{content['label']}", f"To: {content['platform_name']}",
             f"Policy relied on: {content['policy']}", "", content["text"], "", f"Targets ({len(targets)})"]
    for place, target in enumerate(targets, start=1):
        lines += ["", f"{place}. {_named(target)}"]
        if target["url"] and target["kind"] == "account":
            lines.append(f"   {target['url']}")
        lines += [f"   {case}/E-{exhibit['number']:03d}  SHA-256 {exhibit['sha256']}" for exhibit in target["exhibits"]]
    return "\n".join(lines) + "\n"


def _named(target: dict[str, Any]) -> str:
    kind = KINDS[target["kind"]]
    if target["kind"] != "account":
        return f"{kind} {target['url']}"
    stable = f" (platform id {target['stable_id']})" if target["stable_id"] else ""
    return f"{kind} {target['handle']}{stable}"
