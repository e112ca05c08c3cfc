"""The call that searches the techniques of DISARM Red."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView

from casework.findings import techniques
from casework.findings.serializers import TechniqueOut

ASKED = OpenApiParameter("q", description="a number or its beginning, or words of the name; all techniques without it")


class Techniques(ListAPIView[Any]):
    """The techniques of DISARM Red (DISARM Foundation, CC BY-SA 4.0), by their numbers."""

    serializer_class = TechniqueOut

    @extend_schema(parameters=[ASKED])
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        asked = self.request.query_params.get("q", "")
        return techniques.search(asked) if asked.strip() else list(techniques.ALL.values())
