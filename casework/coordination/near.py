"""How much of a text is in another one, by runs of letters. Pure.

A run is eight characters of the normalised text that follow each other, blanks too. The share is that of the different
runs of the handed-out text that are in the other one somewhere, whatever else stands there."""

RUN = 8
ENOUGH = 0.9


def runs(spelled: str) -> list[str]:
    """The different runs of a normalised text, in order; the text itself where it is shorter than one."""
    return list(dict.fromkeys(spelled[at:at + RUN] for at in range(max(1, len(spelled) - RUN + 1))))


def share(wanted: list[str], spelled: str) -> float:
    """Which part of `wanted` is in `spelled`, from 0 to 1; 0 where that is less than ENOUGH, as soon as it is clear."""
    missing, bearable = 0, int(len(wanted) * (1 - ENOUGH) + 1e-9)
    for run in wanted:
        if run not in spelled:
            missing += 1
            if missing > bearable:
                return 0.0
    return 1 - missing / len(wanted)
