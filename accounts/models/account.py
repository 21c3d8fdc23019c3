"""Who appears."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Literal

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce, Left, Lower
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from accounts import limits
from accounts.models.account_facts import AccountFacts
from accounts.models.account_queryset import (
    DEACTIVATED_FOR,
    HANDLE_KEPT_FOR,
    TAKEN,
    AccountQuerySet,
    HandleTakenError,
)
from accounts.models.account_relations import AccountRelations, RefusedError
from accounts.models.account_word import AccountWord
from accounts.models.handles import RemovedHandle
from accounts.models.registration import SignupPolicy
from accounts.signals import account_removed, standing_changed
from microblog import text
from microblog.db.counters import clamped_delta
from microblog.db.fields import KeyField
from microblog.db.locks import lock_rows
from microblog.media import uploads
from microblog.web.ratelimit import spend

MAX_FORMER_HANDLES = 5  # nobody keeps more names from others than this
CALLED = frozenset({"handle", "name"})  # what it is found by
FROZEN = (
    "Your account is frozen: you can read, delete and unfollow, but not post, or change what "
    "others see. What was decided, and why, is under Settings, Decisions."
)
CHANGED_TOO_OFTEN = (
    "You changed your handle five times in 30 days. Please wait, or go back to one that you had."
)


class StorageFullError(RefusedError):
    """Its files would take more than an account may keep here. The message is for its owner."""


class Account(AccountFacts, AccountRelations, models.Model):  # noqa: DJ008  (AccountFacts has it)
    """Somebody with a profile page.

    Local (`host` ""), or external: known from an archive only, shown as @handle@host.
    """

    # Whether it mutes anybody, may have something new, and follows tags; False only where that was
    # asked for.
    mutes_people: bool = True
    has_news: bool = True
    follows_tags: bool = True
    muted_words_in_one: str | None = None  # MutedWordQuerySet.in_one; None: not asked for

    handle = models.CharField(max_length=30)
    host = models.CharField(max_length=100, blank=True, default="", editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="account"
    )
    name = models.TextField()
    bio = models.TextField(blank=True, default="")
    bio_html = models.TextField(blank=True, default="", editable=False)
    location = models.TextField(blank=True, default="")
    website = models.TextField(blank=True, default="")
    # the key of its files; "" for none
    avatar = models.CharField(max_length=32, blank=True, default="", editable=False)
    banner = models.CharField(max_length=32, blank=True, default="", editable=False)
    avatar_bytes = models.PositiveBigIntegerField(default=0, editable=False)  # of its files
    banner_bytes = models.PositiveBigIntegerField(default=0, editable=False)
    joined_at = models.DateTimeField(default=timezone.now)
    # names of profile fields that were edited here
    edited_fields = models.JSONField(default=list, editable=False)

    followers_count = models.PositiveIntegerField(default=0, editable=False)
    following_count = models.PositiveIntegerField(default=0, editable=False)
    posts_count = models.PositiveIntegerField(default=0, editable=False)
    media_count = models.PositiveIntegerField(default=0, editable=False)
    # of all files that it keeps here
    stored_bytes = models.PositiveBigIntegerField("storage", default=0, editable=False)
    imported_followers = models.PositiveIntegerField("followers elsewhere", default=0)
    imported_following = models.PositiveIntegerField("following elsewhere", default=0)
    # an upper bound; raised, never lowered
    last_post_id = models.BigIntegerField(default=0, editable=False)
    # by moderators; can be undone
    suspended_at = models.DateTimeField("suspended", null=True, blank=True, editable=False)
    # by its owner, who takes it back by signing in
    deactivated_at = models.DateTimeField("deactivated", null=True, blank=True, editable=False)
    # by its owner, or because they did not come back: its rows and files go by a task
    deleted_at = models.DateTimeField("deleted", null=True, blank=True, editable=False)
    # one of these three changed then, and a task has not yet counted around it
    uncounted_at = models.DateTimeField(null=True, editable=False)
    # shown to its followers, not to strangers
    limited_at = models.DateTimeField("limited", null=True, blank=True, editable=False)
    # read by those alone whom it lets follow it
    protected_at = models.DateTimeField("protected", null=True, blank=True, editable=False)
    # see check_may_write
    frozen_at = models.DateTimeField("frozen", null=True, blank=True, editable=False)
    # that a picture which it is about to post has no description
    reminds_of_alt = models.BooleanField(default=False, editable=False)
    # of what the site itself wrote to it
    unread_from_site = models.PositiveIntegerField(default=0, editable=False)

    # Since when one of the three that hide it is there; NULL: it stands. All that asks whether it
    # does asks this.
    absent_at = models.GeneratedField(
        expression=Coalesce("suspended_at", "deactivated_at", "deleted_at"),
        output_field=models.DateTimeField(null=True),
        db_persist=True,
    )

    # What completion walks along.
    folded_handle = models.GeneratedField(
        expression=Lower("handle"), output_field=KeyField(max_length=30), db_persist=True
    )
    folded_name = models.GeneratedField(
        expression=Lower(Left("name", 50)), output_field=KeyField(max_length=50), db_persist=True
    )

    objects = AccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("handle"), "host", name="account_handle_unique"),
            models.CheckConstraint(
                condition=Q(host="") | Q(user=None), name="external_account_has_no_user"
            ),
        ]
        indexes = [
            models.Index(fields=["host", "-last_post_id"], name="account_newest"),
            models.Index(fields=["avatar"], name="account_avatar"),
            models.Index(fields=["banner"], name="account_banner"),
            models.Index(fields=["host", "folded_handle"], name="account_by_handle"),
            models.Index(fields=["host", "folded_name"], name="account_by_name"),
            models.Index(
                fields=["-stored_bytes"], name="account_largest", condition=Q(stored_bytes__gt=0)
            ),
        ]

    @transaction.atomic
    def save(self, **more: Any) -> None:
        """Save, and let it be found by what it is called now."""
        super().save(**more)
        if CALLED.intersection(more.get("update_fields") or CALLED):
            AccountWord.objects.follow([self])

    # --- What a page says of it, besides AccountFacts ---

    @property
    def shown_website(self) -> str:
        return text.shown_url(self.website)

    @property
    def is_discoverable(self) -> bool:
        """Tell whether strangers find it in lists: who never came here did not ask for that."""
        return not (self.host or self.absent_at or self.limited_at or self.protected_at)

    @property
    def deactivated_until(self) -> datetime | None:
        """Return when it is deleted for good, unless its owner comes back."""
        return self.deactivated_at and self.deactivated_at + DEACTIVATED_FOR

    @property
    def followers(self) -> int:
        """Return those counted here and those carried over from an archive."""
        return self.followers_count + self.imported_followers

    @property
    def following(self) -> int:
        return self.following_count + self.imported_following

    # --- The profile ---

    def edit(self, **fields: str) -> None:
        """Set profile fields as their owner wishes; what differs is remembered, and no archive
        overwrites it. Who calls it counts it.

        Raises RefusedError.
        """
        if any(getattr(self, field) != value for field, value in fields.items()):
            self.check_may_write()
        self._set(fields)
        # never a count, which somebody else may be changing
        self.save(update_fields=[*fields, "bio_html", "edited_fields"])

    def set_imported_profile(
        self, mention_url: text.MentionURL | None = None, links: Collection[str] = (), **fields: str
    ) -> None:
        """Set profile fields as an archive has them, but for edited ones. Does not save."""
        edited = list(self.edited_fields)
        ours = {field: value for field, value in fields.items() if field not in edited}
        self._set(ours, mention_url, links)
        self.edited_fields = edited

    def _set(
        self,
        fields: dict[str, str],
        mention_url: text.MentionURL | None = None,
        links: Collection[str] = (),
    ) -> None:
        changed = [field for field, value in fields.items() if getattr(self, field) != value]
        for field in changed:
            setattr(self, field, fields[field])
        self.edited_fields = sorted({*self.edited_fields, *changed})
        if "bio" in changed:
            self.parse_bio(mention_url, links)

    def set_alt_reminder(self, *, on: bool) -> None:
        """Be reminded of descriptions before posting, or not: nobody else sees it."""
        self.reminds_of_alt = on
        self.save(update_fields=["reminds_of_alt"])

    def parse_bio(
        self, mention_url: text.MentionURL | None = None, links: Collection[str] = ()
    ) -> None:
        """Make `bio_html` of `bio`, whose tags become links, and mentions of local accounts."""
        parsed = text.parse(self.bio, links)
        if mention_url is None:
            mentioned = Account.objects.named_any(parsed.mentions) if parsed.mentions else ()
            mention_url = {
                account.full_handle.lower(): account.get_absolute_url() for account in mentioned
            }.get
        self.bio_html = parsed.html(mention_url, lambda tag: reverse(settings.TAG_URL, args=[tag]))

    def set_picture(
        self, field: Literal["avatar", "banner"], files: Mapping[str, bytes] | None
    ) -> None:
        """Make `files` (by name; None: nothing) the avatar or the banner; the ones before go after.

        Raises RefusedError, also where there is no room.
        """
        if files:
            self.check_may_write()
        key = uploads.store(files) if files else ""
        try:
            self._show_picture(field, key, uploads.size_of(files or {}))
        except BaseException:
            if key:
                uploads.discard(key)
            raise

    @transaction.atomic
    def _show_picture(self, field: Literal["avatar", "banner"], key: str, size: int) -> None:
        before, size_before = lock_rows(
            Account.objects.filter(pk=self.pk), field, f"{field}_bytes"
        ).get(self.pk, ("", 0))
        self.take_room(size - size_before)
        setattr(self, field, key)
        setattr(self, f"{field}_bytes", size)
        self.edited_fields = sorted({*self.edited_fields, field})
        self.save(update_fields=[field, f"{field}_bytes", "edited_fields"])
        if before:
            transaction.on_commit(lambda: uploads.discard(before))

    # --- What its files take ---
    # `stored_bytes` is the sum of its pictures and videos, its avatar and its banner (timeline
    # counts them anew).

    def check_room(self, size: int = 1) -> None:
        """Raise StorageFullError where `size` bytes are more than fit, before any work is done."""
        if settings.ACCOUNT_BYTES and self.stored_bytes + size > settings.ACCOUNT_BYTES:
            raise StorageFullError(self._why_full())

    def take_room(self, size: int) -> None:
        """Count `size` bytes more (fewer, where it is negative), in the transaction that keeps
        them. Raises StorageFullError.
        """
        mine = Account.objects.filter(pk=self.pk)
        if size > 0 and settings.ACCOUNT_BYTES:
            mine = mine.filter(stored_bytes__lte=settings.ACCOUNT_BYTES - size)
        if size and not mine.update(stored_bytes=clamped_delta("stored_bytes", size)):
            raise StorageFullError(self._why_full())

    def _why_full(self) -> str:
        used, limit = filesizeformat(self.stored_bytes), filesizeformat(settings.ACCOUNT_BYTES)
        return (
            f"There is no room for that: your pictures and videos take {used} of the {limit} that "
            "each account has here. To make room, delete posts that have some. Words alone can be "
            "posted always."
        )

    # --- The handle ---

    def change_handle(self, handle: str) -> None:
        """Be `handle` from now on; the old address redirects for 30 days.

        Raises HandleTakenError, RefusedError and TooManyError.
        """
        self.check_may_write()
        spend(limits.HANDLES, self.pk)
        self._change_handle(handle)

    @transaction.atomic
    def _change_handle(self, handle: str) -> None:
        # another tab may have changed it
        old = Account.objects.select_for_update().values_list("handle", flat=True).get(pk=self.pk)
        if handle == old:
            self.handle = handle
            return
        if not Account.objects.handle_is_free(handle, self):
            raise HandleTakenError(TAKEN.format(handle=handle))
        former = self.former_handles.kept()
        if former.count() >= MAX_FORMER_HANDLES and not former.named(handle).exists():
            raise HandleTakenError(CHANGED_TOO_OFTEN)
        self.handle = handle
        try:
            with transaction.atomic():
                self.save(update_fields=["handle"])
        except IntegrityError as error:
            self.handle = old
            raise HandleTakenError(TAKEN.format(handle=handle)) from error
        all_former = self.former_handles.model.objects
        all_former.named(handle).delete()
        if old.lower() != handle.lower():
            all_former.named(old).delete()
            self.former_handles.create(handle=old, until=timezone.now() + HANDLE_KEPT_FOR)

    # --- Its owner ---

    def assign_owner(self, user: Any) -> bool:
        """Let `user` be the owner of this account, which has none; return whether that was so."""
        taken = Account.objects.filter(pk=self.pk, user=None, host="").update(user=user)
        if taken:
            self.user = user
        return bool(taken)

    # --- Its first days ---

    @cached_property
    def signup_policy(self) -> SignupPolicy:
        """Return what holds for newcomers, asked once, unless somebody asked for it already."""
        return SignupPolicy.objects.current()

    @property
    def newcomer_limits(self) -> SignupPolicy | None:
        """Return what holds for it while it is new here; None for others, and staff."""
        if self.user is None or self.user.is_staff:
            return None
        return self.signup_policy if self.signup_policy.is_newcomer(self) else None

    # --- Standing ---

    def check_may_write(self) -> None:
        """Raise RefusedError for who is frozen: they add nothing and change nothing that others
        see.

        What takes away they may do: delete, unfollow, unlike, unpin. So they may report and appeal,
        and keep what nobody else sees.
        """
        if self.frozen_at:
            raise RefusedError(FROZEN)

    def suspend(self) -> None:
        """Take it from every surface, and sign it out everywhere, for good; nothing is deleted."""
        self._set_standing("suspended_at", timezone.now())

    @transaction.atomic
    def restore(self) -> None:
        """Let it be suspended no longer. Who deactivated it has again the whole time to come back:
        meanwhile they could not sign in.
        """
        if self._set_standing("suspended_at", None):
            left = Account.objects.deactivated().filter(pk=self.pk)
            left.update(deactivated_at=timezone.now())

    def deactivate(self) -> bool:
        """Take it from every surface, and sign it out everywhere, until its owner signs in; return
        whether that is new.
        """
        return self._set_standing("deactivated_at", timezone.now(), Account.objects.undeleted())

    def reactivate(self) -> bool:
        """Let it be as before it was deactivated; return whether it was."""
        return self._set_standing("deactivated_at", None, Account.objects.undeleted())

    @transaction.atomic
    def remove(self, among: AccountQuerySet | None = None) -> bool:
        """Delete for good: hidden at once, and whoever signs in to it is gone; a task takes away
        its rows and files. Return whether that is new, and it was one of those `among` which it
        is to be done.

        For a while nobody gets its handle, nor those that it had before; if it was suspended, ever.
        """
        if not self._set_standing("deleted_at", timezone.now(), among):
            return False
        kept_until = None if self.suspended_at else timezone.now() + HANDLE_KEPT_FOR
        RemovedHandle.objects.add_name(self.full_handle, kept_until)
        for former in self.former_handles.kept():
            RemovedHandle.objects.add_name(former.handle, former.until)
        if self.user:
            self.user.delete()
            self.user = None
        account_removed.send(Account, account=self)
        return True

    def limit(self) -> None:
        """Show it at its own address and to its followers, and on no page that shows strangers."""
        self._mark(limited_at=timezone.now())

    def unlimit(self) -> None:
        self._mark(limited_at=None)

    def freeze(self) -> None:
        """Let its owner read and take away, and neither add nor change what others see."""
        self._mark(frozen_at=timezone.now())

    def unfreeze(self) -> None:
        self._mark(frozen_at=None)

    def mark_read(self) -> None:
        """Note that its owner has read what the site itself wrote to it."""
        if self.unread_from_site:
            self.unread_from_site = 0
            self.save(update_fields=["unread_from_site"])

    def _mark(self, **fields: Any) -> None:
        for field, value in fields.items():
            if (getattr(self, field) is None) != (value is None):
                setattr(self, field, value)
                self.save(update_fields=[field])

    @transaction.atomic
    def _set_standing(
        self, column: str, moment: datetime | None, among: AccountQuerySet | None = None
    ) -> bool:
        """Set one of the columns that hide it, where that changes it and it is one of those
        `among`; return whether it did.
        """
        rows = Account.objects.all() if among is None else among
        rows = rows.filter(pk=self.pk, **{f"{column}__isnull": moment is not None})
        changed = rows.update(**{column: moment}, uncounted_at=timezone.now())
        if changed:
            self.refresh_from_db(
                fields=["suspended_at", "deactivated_at", "deleted_at", "absent_at"]
            )
            if moment and self.user:
                self.user.end_sessions()
            standing_changed.send(Account, account=self)
        return bool(changed)
