"""The addresses of what people do about themselves.

Those under `account/` are all the doors that there are: allauth's own list is not included, so that
none opens that we do not know.
"""

from allauth.account import views as allauth_views
from django.urls import path, re_path

from accounts.views import (
    auth,
    email_links,
    leaving,
    second_step,
    security,
    settings,
    welcome,
)

urlpatterns = [
    path("account/claim/<str:token>", auth.claim, name="account_claim"),
    path("account/first/<str:token>", auth.first, name="account_first"),
    path("account/invitation/<str:token>", auth.invitation, name="account_invitation"),
    path("account/waiting", auth.waiting, name="account_waiting"),
    path("account/login/", auth.login, name="account_login"),
    path("account/signup/", auth.signup, name="account_signup"),
    path("account/logout/", allauth_views.logout, name="account_logout"),
    path("account/inactive/", auth.inactive, name="account_inactive"),
    path("account/confirm-email/", auth.verification_sent, name="account_email_verification_sent"),
    path("account/confirm-email/<str:token>/", email_links.signup, name="account_confirm_email"),
    path("account/email/", auth.email, name="account_email"),
    path("account/email/confirm/<str:token>", email_links.change, name="account_email_confirm"),
    path("account/email/stop/<str:token>", email_links.stop, name="account_email_stop"),
    path("account/password/change/", auth.password_change, name="account_change_password"),
    path("account/password/set/", auth.password_set, name="account_set_password"),
    path(
        "account/password/reset/done/",
        auth.password_reset_done,
        name="account_reset_password_done",
    ),
    path("account/password/reset/", auth.password_reset, name="account_reset_password"),
    path(
        "account/password/reset/key/done/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^account/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        auth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("account/reauthenticate/", auth.reauthenticate, name="account_reauthenticate"),
    path(
        "account/reauthenticate/passkey/",
        auth.reauthenticate_by_passkey,
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/second-step/", second_step.second_step, name="mfa_authenticate"),
    path("account/passkey/", second_step.first_passkey, name="mfa_signup_webauthn"),
    path("account/rescue/<str:token>", second_step.rescue, name="account_rescue"),
    path("settings", settings.settings, name="settings"),
    path("settings/profile", settings.settings_profile, name="settings_profile"),
    path("settings/handle", settings.settings_handle, name="settings_handle"),
    path("settings/appearance", settings.settings_appearance, name="settings_appearance"),
    path("settings/account", leaving.settings_account, name="settings_account"),
    path("settings/account/deactivate", leaving.settings_deactivate, name="settings_deactivate"),
    path("settings/account/delete", leaving.settings_delete, name="settings_delete"),
    path("settings/start", settings.settings_start, name="settings_start"),
    path("settings/security", security.security, name="settings_security"),
    path("settings/security/passkeys/add", security.add_passkey, name="add_passkey"),
    path(
        "settings/security/passkeys/<int:pk>/rename", security.rename_passkey, name="rename_passkey"
    ),
    path(
        "settings/security/passkeys/<int:pk>/remove", security.remove_passkey, name="remove_passkey"
    ),
    path("settings/security/app/add", security.add_app, name="add_app"),
    path("settings/security/app/remove", security.remove_app, name="remove_app"),
    path("settings/security/codes", security.recovery_codes, name="recovery_codes"),
    path("settings/security/codes/new", security.new_recovery_codes, name="new_recovery_codes"),
    path("settings/security/sessions/<str:name>/end", security.end_session, name="end_session"),
    path("settings/security/sessions/end", security.end_other_sessions, name="end_other_sessions"),
    path("welcome/picture", welcome.welcome_picture, name="welcome_picture"),
    path("welcome/bio", welcome.welcome_bio, name="welcome_bio"),
]
