"""What people fill in to report, to ask to be removed, and to say more about it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit
from uuid import uuid4

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.text import Truncator

from accounts.auth import unsolicited_mail
from accounts.forms import MAX_EMAIL_LENGTH
from accounts.models import Account
from microblog import text
from microblog.web.forms import TextField
from microblog.web.ratelimit import TooManyError, spend
from moderation import limits
from moderation.enforcement import mails
from moderation.models import RemovalReason, ReportCategory, Rule, Ticket, TicketKind
from moderation.models.ticket import MAX_POSTS, MAX_TEXT
from timeline.models import Post

if TYPE_CHECKING:
    from timeline.models.post_queryset import PostQuerySet

_SHOWN = "moderation.report"
SHOWN_FOR = timedelta(days=7)  # that long what a form is about is remembered
MAX_OFFERED = 10  # further posts of the same account, to report with the first
SEVERAL = "These posts are not all by the same account. Please send a request for each account."
WHO_ASKS = "For the answer, and to make sure that it is you. Nobody but the moderators sees it."


class EmailField(forms.EmailField):
    def clean(self, value: Any) -> str:
        return str(super().clean(value)).lower()


class PostsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Ids of posts: of those to choose from, and of `signed`, which may be gone by now."""

    widget = forms.CheckboxSelectMultiple
    signed: frozenset[int] = frozenset()

    def clean(self, value: Any) -> Any:
        chosen = {str(pk) for pk in value or ()}
        here = {post.pk for post in self.queryset or ()}
        gone = {pk for pk in self.signed - here if str(pk) in chosen}
        found = super().clean(list(chosen - {str(pk) for pk in gone}))
        return gone | {post.pk for post in found}

    def label_from_instance(self, post: Any) -> str:
        return f"{post.created_at:%-d %b %Y}: {Truncator(post.text).chars(80) or '(pictures)'}"


class OnceForm(forms.Form):
    """What acts once, however often it is sent: by its number, which may be left out."""

    idempotency_key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid4)


class WordsForm(OnceForm):
    """A message, or an appeal."""

    text = TextField(
        text.clean,
        MAX_TEXT,
        label="Your message",
        error_messages={"required": "Please write something."},
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
    )


class TicketForm(OnceForm):
    """What anybody may send to the moderators; who is not signed in, with an address."""

    text = TextField(
        text.clean,
        MAX_TEXT,
        label="What should we know?",
        required=False,
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
    )
    email = EmailField(
        label="Your e-mail address",
        help_text=WHO_ASKS,
        max_length=MAX_EMAIL_LENGTH,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    account: Account | None = None  # whom it is about
    refused: TooManyError | None = None

    def file(self, request: HttpRequest) -> Ticket | None:
        """Send what is valid, and return it; where that is too much, say so."""
        if not self.is_valid():
            return None
        key, words = self.cleaned_data["idempotency_key"], self.cleaned_data["text"]
        try:
            return self._file(request, Ticket(idempotency_key=key, text=words))
        except TooManyError as error:
            self.add_error(None, str(error))
            self.refused = error
        return None

    def _file(self, request: HttpRequest, ticket: Ticket) -> Ticket:
        """Keep `ticket` until the link that is sent to its sender was opened."""
        ticket.email = self.cleaned_data["email"]
        unsolicited_mail.count_mail(request, ticket.email)
        with transaction.atomic():
            kept = ticket.insert()
            if kept is ticket:
                mails.ask_to_confirm(ticket)
        return kept


@dataclass(frozen=True)
class Shown:
    """What a form of a report was shown for, signed: it can be sent when that is gone meanwhile."""

    account: int
    post: int | None
    others: tuple[int, ...] = ()

    def sign(self) -> str:
        return signing.dumps((self.account, self.post, self.others), salt=_SHOWN)

    @classmethod
    def read(cls, token: str) -> "Shown | None":
        try:
            account, post, others = signing.loads(token, salt=_SHOWN, max_age=SHOWN_FOR)
        except signing.BadSignature:
            return None
        return cls(account, post, tuple(others))


class ReportForm(TicketForm):
    """That `account`, or `post` and perhaps others of the same account, break a rule.

    `reporter` is None for a visitor. `post` may be gone since the form was shown for it.
    """

    category = forms.ChoiceField(
        label="What is wrong?", choices=ReportCategory, widget=forms.RadioSelect
    )
    rule = forms.ModelChoiceField(
        Rule.objects.none(), label="Which rule?", required=False, empty_label="None of these"
    )
    posts = PostsField(
        Post.objects.none(), label="Other posts that you mean as well", required=False
    )
    shown = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    field_order = ("category", "rule", "posts", "text", "email")
    account: Account

    def __init__(
        self,
        *args: Any,
        account: Account,
        post: int | None = None,
        reporter: Account | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.account, self.post, self.reporter = account, post, reporter
        rules = self.fields["rule"].queryset = Rule.objects.active()  # type: ignore[attr-defined]
        theirs = Post.objects.visible_to(reporter).by(account).without_retweets()
        self._offer_others(theirs.newest_first())
        if reporter:
            del self.fields["email"]
        if not rules.exists():
            del self.fields["rule"]

    def _offer_others(self, theirs: "PostQuerySet") -> None:
        """Offer the newest, or what the form offered when it was shown."""
        before = Shown.read(self.data.get("shown", "")) if self.is_bound else None
        signed = before.others if before and before.account == self.account.pk else ()
        newest = theirs.values_list("pk", flat=True)[: MAX_OFFERED + 1]
        offered = signed or tuple(pk for pk in newest if pk != self.post)[:MAX_OFFERED]
        field = cast("PostsField", self.fields["posts"])
        field.queryset, field.signed = theirs.with_ids(offered), frozenset(signed)
        self.initial["shown"] = Shown(self.account.pk, self.post, offered).sign()
        if not offered:
            del self.fields["posts"]

    def _file(self, request: HttpRequest, ticket: Ticket) -> Ticket:
        """Let moderators see the report: at once, or as soon as a visitor confirmed the address."""
        data = self.cleaned_data
        ticket.kind, ticket.reporter = TicketKind.REPORT, self.reporter
        ticket.category, ticket.rule = data["category"], data.get("rule")
        ticket.concern(self.account, {*([self.post] if self.post else []), *data.get("posts", ())})
        if not self.reporter:
            return super()._file(request, ticket)
        spend(limits.REPORTS, self.reporter.pk)
        with transaction.atomic():
            ticket = ticket.insert()
            ticket.confirm()
        return ticket


class RemovalForm(TicketForm):
    """Which account, or which posts, shall go, and why."""

    handle = forms.CharField(
        label="Which account?",
        help_text=(
            "As it stands on its page: ada, or ada@x.com. Leave it empty if you name posts alone."
        ),
        required=False,
        max_length=132,
        widget=forms.TextInput(
            {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}
        ),
    )
    posts = forms.CharField(
        label="Only some posts?",
        help_text="Their addresses, one in a line. Leave it empty if you mean the whole account.",
        required=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea({"rows": 2, "spellcheck": "false"}),
    )
    reason = forms.ChoiceField(label="Why?", choices=RemovalReason, widget=forms.RadioSelect)
    field_order = ("handle", "posts", "reason", "text", "email")

    def clean_handle(self) -> str:
        name: str = self.cleaned_data["handle"].strip().removeprefix("@")
        if name:
            self.account = (
                Account.objects.visible_to(None).named(name).first() if "\0" not in name else None
            )
            if self.account is None:
                raise ValidationError(
                    f"Nobody here is called @{name}. Is it spelt as on the page that you mean?"
                )
        return name

    def clean_posts(self) -> list[Post]:
        lines = [line.strip() for line in self.cleaned_data["posts"].splitlines() if line.strip()]
        if len(lines) > MAX_POSTS:
            raise ValidationError(
                f"At most {MAX_POSTS} posts at once; you named {len(lines)}. Name the account "
                "instead?"
            )
        ids = {_post_id(line): line for line in lines}
        found = Post.objects.visible_to(None).with_original().in_bulk([pk for pk in ids if pk])
        missing = [line for pk, line in ids.items() if pk not in found]
        if missing:
            raise ValidationError(
                f"There is no post here at {missing[0][:200]}. Copy the address of the post's "
                "own page."
            )
        return [post.original for post in found.values()]

    def clean(self) -> dict[str, Any]:
        posts: list[Post] = self.cleaned_data.get("posts") or []
        if self.errors:
            return self.cleaned_data
        if not self.account and not posts:
            self.add_error("handle", "Say which account, or which posts, you mean.")
        authors = {post.author_id for post in posts}
        if self.account:
            authors.add(self.account.pk)
        if len(authors) > 1:
            self.add_error("posts", SEVERAL)
        elif posts and not self.account:
            self.account = posts[0].author
        return self.cleaned_data

    def _file(self, request: HttpRequest, ticket: Ticket) -> Ticket:
        ticket.kind, ticket.reason = TicketKind.REMOVAL, self.cleaned_data["reason"]
        ticket.concern(self.account, {post.pk for post in self.cleaned_data["posts"]})
        return super()._file(request, ticket)


def _post_id(address: str) -> int:
    """Return the id in the address of a post's page here; 0 for what is none."""
    try:
        path = urlsplit(address if "//" in address else f"//here/{address.lstrip('/')}").path
        return int(resolve(path.rstrip("/")).kwargs.get("pk", 0))
    except (Resolver404, ValueError):  # brackets around what is no host raise ValueError
        return 0
