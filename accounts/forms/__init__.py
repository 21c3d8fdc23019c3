"""What people fill in about themselves."""

from accounts.forms.appearance import AppearanceForm
from accounts.forms.email import EmailForm
from accounts.forms.factors import (
    NO_ANSWER,
    AuthenticatorAppForm,
    CodeForm,
    NewPasskeyForm,
    PasskeyAnswerForm,
    PasskeyLoginForm,
    PasskeyNameForm,
    PasskeyReauthenticateForm,
)
from accounts.forms.fields import MAX_EMAIL_LENGTH
from accounts.forms.leaving import DeactivationForm, DeletionForm
from accounts.forms.login import LoginForm
from accounts.forms.muted_word import MutedWordForm
from accounts.forms.passwords import (
    ChangePasswordForm,
    OwnPasswordForm,
    PasswordForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from accounts.forms.profile import HandleForm, ProfileForm, ProfilePartForm
from accounts.forms.signup import (
    WAITING_SIGNUP,
    ClaimForm,
    FirstAdministratorForm,
    JoinForm,
    SignupForm,
)

__all__ = [
    "MAX_EMAIL_LENGTH",
    "NO_ANSWER",
    "WAITING_SIGNUP",
    "AppearanceForm",
    "AuthenticatorAppForm",
    "ChangePasswordForm",
    "ClaimForm",
    "CodeForm",
    "DeactivationForm",
    "DeletionForm",
    "EmailForm",
    "FirstAdministratorForm",
    "HandleForm",
    "JoinForm",
    "LoginForm",
    "MutedWordForm",
    "NewPasskeyForm",
    "OwnPasswordForm",
    "PasskeyAnswerForm",
    "PasskeyLoginForm",
    "PasskeyNameForm",
    "PasskeyReauthenticateForm",
    "PasswordForm",
    "ProfileForm",
    "ProfilePartForm",
    "ReauthenticateForm",
    "ResetPasswordForm",
    "ResetPasswordKeyForm",
    "SetPasswordForm",
    "SignupForm",
]
