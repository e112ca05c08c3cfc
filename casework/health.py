"""Alive, and able to work: the two answers that a supervisor asks for."""

from django.http import HttpRequest, JsonResponse


def alive(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"alive": True})


def ready(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"ready": True})
