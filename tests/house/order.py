"""The order of the rooms, read from the import contracts, for what imports alone do not show: foreign keys."""

import configparser
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def heights(config: Path = ROOT / ".importlinter") -> dict[str, int]:
    """room → its height; every room of an upper floor is above every room of a lower one."""
    contracts = configparser.ConfigParser()
    contracts.read(config)
    found: dict[str, int] = {}
    for floor in reversed(_lines(contracts, "floors")):
        for layer in reversed(_lines(contracts, floor)):
            height = len(set(found.values()))
            for room in layer.split("|"):
                found[f"{floor}.{room.strip().strip('()')}"] = height
    return found


def upward_keys(keys: Iterable[tuple[str, str]], placed: dict[str, int]) -> list[str]:
    """Of the pairs (module of the model with the key, module of the model it points to) those that point upward."""
    return [f"{source} points up to {target}" for source, target in keys
            if placed[_room(source)] < placed[_room(target)]]


def _room(module: str) -> str:
    return ".".join(module.split(".")[:2])


def _lines(contracts: configparser.ConfigParser, name: str) -> list[str]:
    return contracts[f"importlinter:contract:{name}"]["layers"].split("\n")[1:]
