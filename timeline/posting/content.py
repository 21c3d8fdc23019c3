"""What a text becomes: HTML, mentions, tags, a link card, a quote. The only home of that, for what
is published, edited and imported.

`compose`, `revise` and `render` make a value and write nothing; the `set_…` functions write the
rows, inside of the transaction that saves the posts.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from accounts.finding import accounts_named
from accounts.models import Account
from microblog.db.writing import Write, run_together
from microblog.text import MentionURL, Parsed, parse
from timeline.models import LinkCard, Mention, Post, Tag, Tagging
from timeline.models.notification import tell_of_posts
from timeline.posting.addressees import addressees, leading_names
from timeline.posting.last_link import card_url, quote_by_link


@dataclass(frozen=True)
class PostContent:
    """What a post says, and all that follows from it; nothing of it is in the database yet."""

    text: str
    html: str
    parsed: Parsed
    mentioned: Sequence[Account] = ()  # who may be named by name; external ones have a link, no row
    card_url: str = ""  # the address whose card it shows; "" for none
    quote_of: Post | None = None

    @property
    def tags(self) -> dict[str, str]:
        """Return its tags as first typed, by their folded form."""
        return self.parsed.tags


type Contents = Sequence[tuple[Post, PostContent]]


# --- From a text to a value ---


def compose(
    author: Account, body: str, *, quote_of: Post | None = None, has_media: bool = False
) -> PostContent:
    """Return what a new post of `author` that says `body` becomes.

    Without a `quote_of`, it quotes the post of this site that its last link leads to, as far as
    `author` may see that; the link then leaves the end of the text.
    """
    if not quote_of:
        body, quote_of = quote_by_link(author, body)
    return _typed(author, body, quote_of=quote_of, shows_card=not (quote_of or has_media))


def revise(post: Post, body: str) -> PostContent:
    """Return what `post` becomes when it is to say `body`: its quote and its pictures stay."""
    shows_card = not (post.quote_of_id or post.quote_url or post.media_count)
    return _typed(post.author, body, quote_of=post.quote_of, shows_card=shows_card)


def _typed(author: Account, body: str, *, quote_of: Post | None, shows_card: bool) -> PostContent:
    """Look up whom `author` names, as far as they may see them; each name leads to its page."""
    parsed = parse(body)
    mentioned = accounts_named(parsed.mentions, author)
    urls = {account.full_handle.lower(): account.get_absolute_url() for account in mentioned}
    return render(
        body, parsed, urls.get, mentioned=mentioned, quote_of=quote_of, shows_card=shows_card
    )


def render(
    body: str,
    parsed: Parsed,
    mention_url: MentionURL,
    *,
    mentioned: Sequence[Account] = (),
    quote_of: Post | None = None,
    shows_card: bool = True,
    links: Collection[str] = (),
) -> PostContent:
    """Return what `body` becomes, of which `parsed` are the pieces, by the known addresses `links`.

    `mention_url` says where a name leads, and `shows_card` whether there is room for a card: beside
    a quote or pictures there is none.
    """
    return PostContent(
        text=body,
        html=parsed.html(mention_url, tag_url),
        parsed=parsed,
        mentioned=mentioned,
        card_url=card_url(body, parsed, links) if shows_card else "",
        quote_of=quote_of,
    )


def tag_url(tag: str) -> str:
    """Return the address of the page of `tag`, in whatever spelling."""
    return Tag(name=tag).get_absolute_url()


# --- From values to rows, of one post or of many ---


def set_cards(contents: Contents, *, fetch: bool = True) -> None:
    """Let each post show its card, or none: before it is saved.

    Cards that are due are fetched afterwards, unless told otherwise.
    """
    urls = {content.card_url for _, content in contents if content.card_url}
    cards = LinkCard.objects.for_urls(urls) if urls else {}
    for post, content in contents:
        post.card = cards.get(content.card_url)
    if fetch:
        for card in cards.values():
            card.refresh()


def mentions_of(post: Post, content: PostContent, above: Sequence[Mention] | None) -> list[Mention]:
    """Return the rows of a new post: whom it is written to, and whom it names besides; `above`
    those of what it answers, where they are known.

    Whom its text begins with, as that shows already, is not said to be written to once more.
    """
    written_to, leading = addressees(post, above), leading_names(content.parsed)
    people = {account.pk: account for account in [*written_to, *_local(content)]}
    shown_by_line = {account.pk for account in written_to if account.handle.lower() not in leading}
    return [
        Mention(post=post, account=account, is_addressee=pk in shown_by_line)
        for pk, account in people.items()
    ]


def insert_beside(contents: Contents, mentions: Sequence[Mention], *more: Write) -> None:
    """Let new posts, which are saved, have `mentions` and their tags; do what is to be done
    besides; and tell whom they concern.
    """
    writes = [*more, *tell_of_posts([post for post, _ in contents], mentions)]
    if mentions:
        writes.append(_insertion_of(mentions))
    taggings = [(post.pk, folded) for post, content in contents for folded in content.tags]
    if taggings:
        writes.append(_insertion_by_tags(taggings))
    if writes and (done := run_together(*writes)) and taggings and done[-1] < len(taggings):
        set_tags(contents)


def _insertion_of(mentions: Sequence[Mention]) -> Write:
    rows = [(one.post_id, one.account_id, one.is_addressee) for one in mentions]
    places = ", ".join(["(%s, %s, %s)"] * len(rows))
    sql = f"INSERT INTO timeline_mention (post_id, account_id, is_addressee) VALUES {places}"  # noqa: S608
    return sql, [value for row in rows for value in row]


def _insertion_by_tags(taggings: Sequence[tuple[int, str]]) -> Write:
    """Let posts carry those of their tags that are there."""
    places = ", ".join(["(CAST(%s AS bigint), %s)"] * len(taggings))
    sql = f"""INSERT INTO timeline_tagging (post_id, tag_id)
        SELECT said.column1, tag.id FROM (VALUES {places}) said
        JOIN timeline_tag tag ON tag.folded = said.column2"""  # noqa: S608  (places alone)
    return sql, [value for pair in taggings for value in pair]


def replace_mentions(post: Post, content: PostContent) -> None:
    """Let `post` name whom its text names now.

    Who was named before keeps the row, so that nobody is told twice; so does whom it is written to.
    """
    named = _local(content)
    Mention.objects.filter(post=post, is_addressee=False).exclude(account__in=named).delete()
    Mention.objects.bulk_create(
        (Mention(post=post, account=account) for account in named), ignore_conflicts=True
    )


def _local(content: PostContent) -> list[Account]:
    return [account for account in content.mentioned if not account.is_external]


def set_tags(contents: Contents) -> None:
    """Let new posts, which are saved, carry their tags; they may carry some already.

    Tags are made in the order of their folded form, so that two who post the same ones at once do
    not wait for each other in a circle. A new tag is called as it is first written.
    """
    names = {
        folded: name for _, content in reversed(contents) for folded, name in content.tags.items()
    }
    if not names:
        return
    Tag.objects.bulk_create(
        (Tag(name=name, folded=folded) for folded, name in sorted(names.items())),
        ignore_conflicts=True,
    )
    ids = dict(Tag.objects.filter(folded__in=names).values_list("folded", "pk"))
    Tagging.objects.bulk_create(
        (
            Tagging(post=post, tag_id=ids[folded])
            for post, content in contents
            for folded in content.tags
            if folded in ids
        ),
        ignore_conflicts=True,
    )


def replace_tags(contents: Contents) -> None:
    """Let posts carry the tags of what they say now, and no others."""
    if contents:
        Tagging.objects.filter(post__in=[post for post, _ in contents]).delete()
        set_tags(contents)
