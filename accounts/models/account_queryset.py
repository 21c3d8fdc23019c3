"""The questions that one asks about accounts, each a phrase."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.db import IntegrityError, models, transaction
from django.db.models import (
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat, Lower, NullIf
from django.utils import timezone

from accounts import handles
from accounts.models.account_word import AccountWord
from accounts.models.block import Block, blocked_with
from accounts.models.follow import Follow, FollowRequest
from accounts.models.handles import FormerHandle, RemovedHandle, ReservedHandle
from accounts.models.mute import Mute, muted_by
from microblog.db.fields import beginning_with
from microblog.text.tokens import tokens_asked

if TYPE_CHECKING:
    from accounts.models.account import Account

HANDLE_KEPT_FOR = timedelta(days=30)
DEACTIVATED_FOR = timedelta(days=30)  # then it is deleted
_GIVEN_UP = "deleted-"  # with a sign that no handle here has
FOLLOWS_COMPLETED = 2000
LOOKED_AT = 2000  # who wrote last, for who is lively
FRIENDS = 100  # whom one followed last, who are looked through for whom they follow
WORDS_LOOKED_AT, MOST_WORDS_TYPED = 1000, 8
FOLLOW_STATE = ("is_followed", "follows_viewer", "is_requested")
RELATIONS = ("is_readable", "is_blocked", "blocks_viewer", "is_muted", "hides_retweets")
TAKEN = "@{handle} is taken. Please choose another handle."
# handle__lower="ada" walks the index that keeps handles unique
models.CharField.register_lookup(Lower)


class HandleTakenError(Exception):
    """Somebody has this handle, had it a short while ago, or nobody may have it.

    The message is for the person who asked.
    """


def not_blocked(viewer: "Account | None", prefix: str = "") -> Q:
    """Tell who and `viewer` (None: a visitor) do not block each other. `prefix` as in met_by."""
    return ~Q(**{f"{prefix}pk__in": blocked_with(viewer)}) if viewer else Q()


def readable_by(viewer: "Account | None", prefix: str = "") -> Q:
    """Tell whose posts `viewer` (None: a visitor) may read, as far as these two are concerned.

    A protected account lets those alone read who follow it, and itself. `prefix` as in met_by.
    """
    is_open = Q(**{f"{prefix}protected_at": None})
    if not viewer:
        return is_open
    return not_blocked(viewer, prefix) & (is_open | _is_or_is_followed_by(viewer, prefix))


def wanted_by(viewer: "Account | None", prefix: str = "") -> Q:
    """Tell whom `viewer` (None: a visitor) does not mute. `prefix` as in met_by."""
    return ~Q(**{f"{prefix}pk__in": muted_by(viewer)}) if viewer else Q()


def met_by(viewer: "Account | None", prefix: str = "") -> Q:
    """Tell whose words, name and face `viewer` (None: a visitor) may come across without having
    asked for them.

    Of a limited account only who follows it, and itself. `prefix` leads to the account: "author__".
    """
    found = Q(**{f"{prefix}limited_at": None})
    return found | _is_or_is_followed_by(viewer, prefix) if viewer else found


def _is_or_is_followed_by(viewer: "Account", prefix: str = "") -> Q:
    return Q(**{f"{prefix}pk": viewer.pk}) | Q(_followed_by(viewer, prefix))


def _followed_by(viewer: "Account", prefix: str = "") -> Exists:
    return Exists(Follow.objects.filter(follower=viewer, followed=OuterRef(f"{prefix}pk")))


class AccountQuerySet(models.QuerySet["Account"]):
    def standing(self) -> Self:
        """Return those that are neither suspended, deactivated nor deleted."""
        return self.filter(absent_at=None)

    def removed(self) -> Self:
        """Return those whose rows are still here though they were deleted for good."""
        return self.exclude(deleted_at=None)

    def undeleted(self) -> Self:
        return self.filter(deleted_at=None)

    def give_up_handles(self) -> None:
        """Let those that were deleted a while ago have a handle that nobody else can choose."""
        kept_until = timezone.now() - HANDLE_KEPT_FOR
        over = self.filter(deleted_at__lte=kept_until).exclude(handle__startswith=_GIVEN_UP)
        if over.exists():  # an update of nothing is a change, too (microblog.db.change_number)
            over.update(handle=Concat(Value(_GIVEN_UP), Cast("pk", models.CharField())))

    def deactivated(self) -> Self:
        """Return those whose owners left them, and may come back."""
        return self.undeleted().exclude(deactivated_at=None)

    def not_come_back(self) -> Self:
        """Return those whose owners left them too long ago, and could have come back."""
        too_long_ago = timezone.now() - DEACTIVATED_FOR
        return self.deactivated().filter(deactivated_at__lte=too_long_ago, suspended_at=None)

    def visible_to(self, viewer: "Account | None") -> Self:
        """Return the accounts that `viewer` (None: a visitor) may see: every list starts here.

        Of a protected one, everybody sees who it is.
        """
        return self.standing().filter(not_blocked(viewer))

    def met_by(self, viewer: "Account | None") -> Self:
        """Return those of whom `viewer` may come across, in lists on somebody else's page."""
        return self.filter(met_by(viewer))

    def wanted_by(self, viewer: "Account | None") -> Self:
        """Return those whom `viewer` does not mute."""
        return self.filter(wanted_by(viewer))

    def discoverable(self) -> Self:
        """Return those whom search engines may list; `is_discoverable` says the same of one."""
        return self.visible_to(None).met_by(None).local().filter(readable_by(None))

    def highest_id(self) -> int:
        """Return the id of the newest row; 0 where there is none."""
        return self.order_by("-pk").values_list("pk", flat=True).first() or 0

    def numbered_from(self, first: int, end: int) -> Self:
        """Return those whose id is at least `first` and below `end`."""
        return self.filter(pk__gte=first, pk__lt=end)

    def local(self) -> Self:
        return self.filter(host="")

    def named(self, name: str) -> Self:
        """Return those called `name` in any case: "ada" for a local one, "ada@x.com" elsewhere."""
        return self.called(*handles.split(name))

    def called(self, handle: Any, host: Any) -> Self:
        """Return those with this handle and host, which are in lower case."""
        return self.filter(handle__lower=handle, host=host)

    def named_any(self, names: Collection[str]) -> Self:
        """Return those called one of `names`: "ada", "ada@x.com"."""
        return self.called_any(map(handles.split, names))

    def called_any(self, pairs: Iterable[tuple[Any, Any]]) -> Self:
        """Return those with one of these handles and hosts, which are in lower case."""
        named = (Q(handle__lower=handle, host=host) for handle, host in pairs)
        return self.filter(reduce(or_, named, Q(pk=None)))

    def of(self, user: Any) -> "Account | None":
        """Return the account that `user` appears as."""
        return self.filter(user=user).first()

    def email_behind(self, handle: str) -> str | None:
        """Return the e-mail address of who signs in as the local `handle`."""
        return self.named(handle).values_list("user__email", flat=True).first()

    def handle_is_free(self, handle: str, account: "Account | None" = None) -> bool:
        """Tell whether `account` (None: somebody new) could take the local handle `handle`.

        Its own it could, whoever may not by now.
        """
        if account and account.handle.lower() == handle.lower():
            return True
        if handles.is_reserved(handle) or ReservedHandle.objects.named(handle).exists():
            return False
        if RemovedHandle.objects.among([handle.lower()]):
            return False
        held = self.named(handle)
        kept = FormerHandle.objects.kept().named(handle)
        if account:
            held, kept = held.exclude(pk=account.pk), kept.exclude(account=account)
        return not held.exists() and not kept.exists()

    def create_local(self, handle: str, **fields: Any) -> "Account":
        """Return a new local account. Raises HandleTakenError."""
        if not self.handle_is_free(handle):
            raise HandleTakenError(TAKEN.format(handle=handle))
        account = self.model(handle=handle, **{"name": handle, **fields})
        account.parse_bio()
        try:
            with transaction.atomic():
                account.save(force_insert=True)
        except IntegrityError as error:  # somebody was faster
            raise HandleTakenError(TAKEN.format(handle=handle)) from error
        return account

    def with_user(self) -> Self:
        return self.select_related("user")

    def having_picture(self, key: str) -> Self:
        return self.filter(Q(avatar=key) | Q(banner=key))

    def picture_keys(self, keys: Collection[str]) -> set[str]:
        """Return those of `keys` that are somebody's avatar or banner."""
        shown = self.filter(Q(avatar__in=keys) | Q(banner__in=keys)).values_list("avatar", "banner")
        return {key for pair in shown for key in pair}.intersection(keys)

    def largest(self) -> Self:
        """Return those that keep any files, who has the most first."""
        return self.filter(stored_bytes__gt=0).order_by("-stored_bytes", "pk")

    def followers_of(self, account: "Account") -> Self:
        followers = self.filter(follows__followed=account)
        return followers.annotate(cursor=F("follows__pk")).order_by("-cursor")

    def followed_by_account(self, account: "Account") -> Self:
        followed = self.filter(followed_by__follower=account)
        return followed.annotate(cursor=F("followed_by__pk")).order_by("-cursor")

    def ids_at_home(self, account: "Account") -> Any:
        """Return the ids of those whose posts `account` has at home: whom it follows, and itself.

        As one list of keys: with OR, PostgreSQL looks at everybody who ever posted.
        """
        followed = Follow.objects.filter(follower=account).values("followed")
        return followed.union(self.model.objects.filter(pk=account.pk).values("pk"))

    def completing(self, prefix: str, viewer: "Account", limit: int) -> list["Account"]:
        """Return local accounts whose handle or name begins with `prefix`, in any case: whom
        `viewer` follows first, and not the viewer.

        Of those one follows, the newest two thousand are looked at; of all others a short walk
        along an index each.
        """
        local = self.visible_to(viewer).local().exclude(pk=viewer.pk)
        strangers = local.met_by(None)
        handle, name = (
            Q(**{f"{field}__range": beginning_with(prefix.lower())})
            for field in ("folded_handle", "folded_name")
        )
        followed = local.filter(pk__in=Follow.objects.newest_of(viewer, FOLLOWS_COMPLETED))
        found = [
            *followed.filter(handle | name).order_by("folded_handle")[:limit],
            *strangers.filter(handle).order_by("folded_handle")[:limit],
            *strangers.filter(name).order_by("folded_name")[:limit],
        ]
        return list(dict.fromkeys(found))[:limit]

    def called_like(self, typed: str) -> Self:
        """Return local ones who are called as `typed` says: each of its words is the beginning of
        one of their handle or name, in any case.

        Of the longest word, the nearest thousand are looked at.
        """
        words = sorted(set(tokens_asked(typed)[0]), key=lambda word: (-len(word), word))
        if not words:
            return self.none()
        first, *others = words[:MOST_WORDS_TYPED]
        nearest = AccountWord.objects.beginning_with(first).order_by("word", "account")
        found = self.local().filter(pk__in=nearest.values("account")[:WORDS_LOOKED_AT])
        for word in others:
            its = AccountWord.objects.beginning_with(word).filter(account=OuterRef("pk"))
            found = found.filter(Exists(its))
        return found

    def best_known_first(self) -> Self:
        """Order those who were asked for `with_follow_state`: whom the viewer follows, then who has
        most followers.
        """
        return self.order_by("-is_followed", "-followers_count", "pk")

    def with_follow_state(self, viewer: "Account | None") -> Self:
        """Annotate each with FOLLOW_STATE: whether the viewer follows it, or asked to; it them.

        Of one that is open no longer anything is asked, whatever is left of when it was protected.
        """
        if viewer is None:
            return self.annotate(**dict.fromkeys(FOLLOW_STATE, Value(0)))
        they = OuterRef("pk")
        asked = FollowRequest.objects.filter(follower=viewer, followed=they)
        return self.annotate(
            is_followed=_followed_by(viewer),
            follows_viewer=Exists(Follow.objects.filter(follower=they, followed=viewer)),
            is_requested=Exists(asked.filter(followed__protected_at__isnull=False)),
        )

    def with_relations(self, viewer: "Account | None") -> Self:
        """Annotate each with RELATIONS too: what the viewer did about it, and it about them."""
        is_readable = ExpressionWrapper(readable_by(viewer), models.BooleanField())
        found = self.with_follow_state(viewer).annotate(is_readable=is_readable)
        if viewer is None:
            return found.annotate(**dict.fromkeys(RELATIONS[1:], Value(0)))
        they = OuterRef("pk")
        quiet = Follow.objects.filter(follower=viewer, followed=they, shows_retweets=False)
        return found.annotate(
            is_blocked=Exists(Block.objects.filter(blocker=viewer, blocked=they)),
            blocks_viewer=Exists(Block.objects.filter(blocker=they, blocked=viewer)),
            is_muted=Exists(Mute.objects.by(viewer).standing().filter(muted=they)),
            hides_retweets=Exists(quiet),
        )

    def blocked_by(self, account: "Account") -> Self:
        """Return whom `account` blocks, whom it blocked last first."""
        blocked = self.filter(blocked_by__blocker=account)
        return blocked.annotate(cursor=F("blocked_by__pk")).order_by("-cursor")

    def muted_by(self, account: "Account") -> Self:
        """Return whom `account` mutes, with `muted_until`, whom it muted last first."""
        muted = self.filter(muted_by__in=Mute.objects.by(account).standing())
        muted = muted.annotate(cursor=F("muted_by__pk"), muted_until=F("muted_by__until"))
        return muted.order_by("-cursor")

    def asking_to_follow(self, account: "Account") -> Self:
        """Return who asks to follow `account`, who asked last first."""
        asking = self.filter(follow_requests_made__followed=account)
        return asking.annotate(cursor=F("follow_requests_made__pk")).order_by("-cursor")

    def with_quiet_retweets(self, account: "Account") -> Self:
        """Return whom `account` follows without their retweets, whom it followed last first."""
        followed = self.filter(followed_by__follower=account, followed_by__shows_retweets=False)
        return followed.annotate(cursor=F("followed_by__pk")).order_by("-cursor")

    def suggested_to(self, viewer: "Account | None") -> Self:
        """Return local accounts that `viewer` sees, and neither follows, nor asked to, nor mutes;
        nor is limited.
        """
        found = self.visible_to(viewer).met_by(None).local()
        if not viewer:
            return found
        # each is looked up by itself: of Exists, PostgreSQL reads all whom the viewer follows
        between = {"follower": viewer, "followed": OuterRef("pk")}
        follow, asked = Follow.objects.filter(**between), FollowRequest.objects.filter(**between)
        found = found.alias(follow=Subquery(follow.values("pk")[:1]))
        found = found.alias(asked=Subquery(asked.values("pk")[:1]))
        return found.wanted_by(viewer).filter(follow=None, asked=None).exclude(pk=viewer.pk)

    def with_known(self, viewer: "Account") -> Self:
        """Annotate each with `known`: of those whom `viewer` followed last, how many follow it, and
        the name of one, as "3:Ada"; "0:" for none.

        Each is looked up by itself: PostgreSQL would read all followers of somebody well known.
        """
        theirs = Follow.objects.filter(follower=OuterRef("pk"), followed=OuterRef(OuterRef("pk")))
        friends = self.model.objects.visible_to(viewer).filter(
            pk__in=Follow.objects.newest_of(viewer, FRIENDS)
        )
        known = friends.alias(theirs=Subquery(theirs.values("pk")[:1])).filter(theirs__gt=0)
        text = models.TextField()
        name = Min(Coalesce(NullIf("name", Value("")), "handle", output_field=text))
        said = Concat(Cast(Count("pk"), text), Value(":", text), name, output_field=text)
        of_all = known.order_by().annotate(all=Value(1)).values("all")
        return self.annotate(known=Subquery(of_all.annotate(told=said).values("told")))

    def writing_last(self) -> Self:
        """Return the discoverable accounts that have posts here, who wrote last first."""
        return self.discoverable().filter(last_post_id__gt=0).order_by("-last_post_id")

    def lively_since(self, post_id: int, most: int) -> Self:
        """Return those of the last who wrote, and did so since `post_id`, who say with a picture
        and a bio who they are: whom most follow first.
        """
        newest = self.writing_last().values("pk")[:LOOKED_AT]
        written = self.filter(pk__in=newest, last_post_id__gte=post_id)
        presented = written.exclude(avatar="").exclude(bio="")
        return presented.order_by("-followers_count", "pk")[:most]
