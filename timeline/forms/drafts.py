"""The composer's form as a draft."""

from typing import Any
from uuid import uuid4

from timeline.forms.audience import AudienceForm
from timeline.forms.targets import TargetsForm
from timeline.models import Draft, Post
from timeline.posting import limits
from timeline.posting.publish import MAX_THREAD

MAX_DRAFT = 10_000  # characters of each post


class DraftForm(TargetsForm, AudienceForm):
    """The composer's form as it stands, to be kept.

    What it answers or quotes may be gone; what it says need not fit.
    """

    def clean(self) -> dict[str, Any]:
        further = (f"text_{n}" for n in range(2, MAX_THREAD + 1))
        names = ["text", *(name for name in further if name in self.data)]
        self.texts = [self.data.get(name, "").replace("\0", "") for name in names]
        limit = ""
        if max(map(len, self.texts)) > MAX_DRAFT:
            limit = f"a post of a draft has at most {MAX_DRAFT:,} characters"
        elif sum(map(len, self.texts)) > limits.MAX_DRAFT:
            limit = f"a draft has at most {limits.MAX_DRAFT:,} characters in all"
        if limit:
            self.add_error(None, f"This is too long to be kept: {limit}.")
        return self.cleaned_data

    @property
    def fits(self) -> bool:
        return not self.non_field_errors()

    def keep(self) -> Draft | None:
        """Keep it as a draft; None where nothing is written. Only where it fits."""
        data = self.cleaned_data
        more = {"reply_to": data.get("reply_to"), "quote_of": data.get("quote")}
        more |= {name: data[name] for name in ("may_reply", "may_quote") if name in data}
        kind = (
            Post.Kind.REPLY
            if self.data.get("reply_to")
            else Post.Kind.QUOTE
            if self.data.get("quote")
            else Post.Kind.POST
        )
        return Draft.objects.keep(
            self.viewer, data.get("idempotency_key") or uuid4(), kind, self.texts, more
        )
