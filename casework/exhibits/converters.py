"""The label of an exhibit in an address: E-007, and no other spelling of it."""

from django.urls import register_converter


class LabelConverter:
    regex = r"E-[0-9]{3,9}"

    def to_python(self, value: str) -> int:
        number = int(value[2:])
        if self.to_url(number) != value:
            raise ValueError(value)
        return number

    def to_url(self, value: int | str) -> str:
        return value if isinstance(value, str) else f"E-{value:03d}"


register_converter(LabelConverter, "exhibit")
LABEL = "<exhibit:number>/"
