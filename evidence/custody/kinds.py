"""The closed vocabulary of custody events (PREMIS words where it has them). docs/custody-log.md documents each."""

from enum import StrEnum


class Kind(StrEnum):
    ACCESSION = "accession"
    FIXITY = "fixity"
    DERIVATION = "derivation"
    REPLICATION = "replication"
    VIRUS_CHECK = "virus_check"
    REDACTION = "redaction"
    ACCESS = "access"
    EXPORT = "export"
    TRANSFER = "transfer"
    SEALING = "sealing"
    RELEASE = "release"
    HOLD = "hold"
    DISPOSAL = "disposal"
    DECISION = "decision"
