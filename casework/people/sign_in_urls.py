"""The sign-in library's pages that we want. Not here: signing up, changing one's own address, passwords by mail."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from django.urls import path

from casework.people import factor_views, identity_views

urlpatterns = [
    path("login/", factor_views.SignIn.as_view(), name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    # The library links to it by name; it answers that people join by invitation.
    path("signup/", account.signup, name="account_signup"),
    path("reauthenticate/", factor_views.ConfirmWithPassword.as_view(), name="account_reauthenticate"),
    path("sso/", identity_views.start, name="single_sign_on"),
    path("sso/back/", identity_views.back, name="single_sign_on_back"),
    path("sso/connect/", identity_views.connect, name="single_sign_on_connect"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("2fa/", mfa.index, name="mfa_index"),
    path("2fa/authenticate/", factor_views.SecondFactor.as_view(), name="mfa_authenticate"),
    path("2fa/reauthenticate/", factor_views.ConfirmWithCode.as_view(), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", factor_views.Activate.as_view(), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", factor_views.Deactivate.as_view(), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", factor_views.GenerateCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("2fa/passkeys/add/", factor_views.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("2fa/passkeys/<int:pk>/rename/", factor_views.RenamePasskey.as_view(), name="mfa_edit_webauthn"),
    path("2fa/passkeys/<int:pk>/remove/", factor_views.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("2fa/passkeys/confirm/", factor_views.ConfirmWithPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("2fa/passkeys/sign-in/", factor_views.SignInWithPasskey.as_view(), name="mfa_login_webauthn"),
]
