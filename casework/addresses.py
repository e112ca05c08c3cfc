"""HALL: labels in addresses: E-007, S-001, C-001, K-001, M-001, G-001, U-001 …; no other spelling of any."""

from django.urls import register_converter


class _Label:
    letter: str
    regex: str

    def __init_subclass__(cls, *, letter: str):
        cls.letter, cls.regex = letter, rf"{letter}-[0-9]{{3,9}}"

    def to_python(self, value: str) -> int:
        number = int(value.removeprefix(f"{self.letter}-"))
        if self.to_url(number) != value:
            raise ValueError(value)
        return number

    def to_url(self, value: int | str) -> str:
        return value if isinstance(value, str) else f"{self.letter}-{value:03d}"


class ExhibitLabel(_Label, letter="E"):
    pass


class _Subject(_Label, letter="S"):
    pass


class _Channel(_Label, letter="C"):
    pass


class _Tasking(_Label, letter="K"):
    pass


class _Payment(_Label, letter="M"):
    pass


class _Campaign(_Label, letter="G"):
    pass


class _Cause(_Label, letter="U"):
    pass


class _Import(_Label, letter="I"):
    pass


class _Finding(_Label, letter="F"):
    pass


class _Notice(_Label, letter="T"):
    pass


class _Task(_Label, letter="W"):
    pass


class _Dossier(_Label, letter="D"):
    pass


register_converter(ExhibitLabel, "exhibit")
register_converter(_Subject, "subject")
register_converter(_Channel, "channel")
register_converter(_Tasking, "tasking")
register_converter(_Payment, "payment")
register_converter(_Campaign, "campaign")
register_converter(_Cause, "cause")
register_converter(_Import, "import")
register_converter(_Finding, "finding")
register_converter(_Notice, "notice")
register_converter(_Task, "task")
register_converter(_Dossier, "dossier")
EXHIBIT = "<exhibit:number>/"
SUBJECT = "<subject:number>/"
CHANNEL = "<channel:number>/"
TASKING = "<tasking:number>/"
PAYMENT = "<payment:number>/"
CAMPAIGN = "<campaign:number>/"
CAUSE = "<cause:number>/"
IMPORT = "<import:number>/"
FINDING = "<finding:number>/"
NOTICE = "<notice:number>/"
TASK = "<task:number>/"
DOSSIER = "<dossier:number>/"
