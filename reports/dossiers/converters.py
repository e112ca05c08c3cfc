"""The label of a dossier in an address: D-001, and no other spelling of it."""

from django.urls import register_converter


class LabelConverter:
    regex = r"D-[0-9]{3,9}"

    def to_python(self, value: str) -> int:
        number = int(value[2:])
        if self.to_url(number) != value:
            raise ValueError(value)
        return number

    def to_url(self, value: int | str) -> str:
        return value if isinstance(value, str) else f"D-{value:03d}"


register_converter(LabelConverter, "dossier")
LABEL = "<dossier:number>/"
