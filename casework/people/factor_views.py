"""The sign-in library's pages on which a second factor changes, with the record of it in the same transaction."""

from typing import Any, ClassVar

from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.db import transaction
from django.http import HttpResponse

from casework.people import services
from casework.record import Act


class Recorded:
    """`act` is what the library's page does when its form holds."""

    act: ClassVar[Act]
    request: Any

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        services.note_factor(self.act, self.request.user)
        answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        return answer


class Activate(Recorded, ActivateTOTPView):  # type: ignore[misc]
    act = Act.FACTOR_ADDED


class Deactivate(Recorded, DeactivateTOTPView):  # type: ignore[misc]
    act = Act.FACTOR_REMOVED


class GenerateCodes(Recorded, GenerateRecoveryCodesView):  # type: ignore[misc]
    act = Act.RECOVERY_CODES_MADE
