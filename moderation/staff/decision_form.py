"""What a moderator fills in to decide, for one case or for many."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import uuid4, uuid5

from django import forms
from django.utils import timezone

from microblog import text
from microblog.web.forms import TextField
from moderation.enforcement.actions import EFFECTS, ORDERED
from moderation.enforcement.decide import GRANTING, QUIET, Order
from moderation.models import Action, Filing, Preset, RemovalRequest, Report, Rule
from moderation.models.ticket import MAX_TEXT

DURATIONS = [
    ("", "until it is lifted"),
    ("1", "1 day"),
    ("3", "3 days"),
    ("7", "7 days"),
    ("30", "30 days"),
    ("90", "90 days"),
]
APPEAL = [
    ("", "leave open"),
    (Action.UPHOLD.value, "uphold the decision"),
    (Action.OVERTURN.value, "overturn it: take back what is in force"),
]
# What each answer to an appeal will do.
APPEAL_PREVIEWS = {
    Action.UPHOLD.value: "The earlier decision stays.",
    Action.OVERTURN.value: "The earlier decision is taken back, as far as it is in force.",
}
THANKS_ACTED = "Thank you. We looked at it, and did something about it."
THANKS_NOT = "Thank you. We looked at it, and found that it breaks no rule of this site."
GONE = "What you asked for is done."
OVERTURNED = "We looked at it again. You were right, and the decision is taken back."


class DecisionForm(forms.Form):
    """One order.

    `filings` are those that it would decide; without words of the moderator's own, it finds the
    ordinary ones.
    """

    actions = forms.MultipleChoiceField(
        choices=[(action, Action(action).label) for action in ORDERED],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    posts = forms.TypedMultipleChoiceField(coerce=int, required=False)
    duration = forms.ChoiceField(
        choices=DURATIONS,
        required=False,
        label="How long",
        help_text="Of a limit, a freeze or a suspension.",
        widget=forms.Select,
    )
    rule = forms.ModelChoiceField(
        Rule.objects.none(), required=False, empty_label="none in particular", label="Rule"
    )
    preset = forms.ModelChoiceField(
        Preset.objects.none(), required=False, empty_label="in my own words", label="Statement"
    )
    statement = TextField(
        text.clean,
        MAX_TEXT,
        required=False,
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
        label="To whom it concerns",
        help_text="",
    )
    answer = TextField(
        text.clean,
        MAX_TEXT,
        required=False,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
        label="To who reported or asked",
        help_text="",
    )
    appeal = forms.ChoiceField(
        choices=APPEAL, required=False, widget=forms.RadioSelect, label="The appeal"
    )
    leave = forms.MultipleChoiceField(required=False)
    seen = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    batch = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, filings: Iterable[Filing], post_ids: Iterable[int] = (), **kwargs: Any
    ) -> None:
        super().__init__(
            *args,
            **{
                **kwargs,
                "initial": {"seen": timezone.now(), "batch": uuid4(), **kwargs.get("initial", {})},
            },
        )
        self.filings = [filing for filing in filings if filing.is_open]
        self.fields["rule"].queryset = Rule.objects.active()  # type: ignore[attr-defined]
        self.fields["preset"].queryset = Preset.objects.all()  # type: ignore[attr-defined]
        offered = {*post_ids, *(pk for filing in self.filings for pk in filing.post_ids)}
        self.fields["posts"].choices = [(pk, pk) for pk in offered]  # type: ignore[attr-defined]
        self.fields["leave"].choices = [(filing.name, filing.name) for filing in self.filings]  # type: ignore[attr-defined]
        if not any(filing.kind == "appeal" for filing in self.filings):
            del self.fields["appeal"]

    @property
    def decided(self) -> list[Filing]:
        """Those that stay not open."""
        left = set(self.cleaned_data.get("leave", ()))
        return [filing for filing in self.filings if filing.name not in left]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        actions = [Action(action) for action in data.get("actions", ())]
        if self.errors:
            return data
        if not actions and not data.get("appeal"):
            self.add_error("actions", "Choose what to do, or “No action”.")
        if Action.NONE in actions and len(actions) > 1:
            self.add_error("actions", "“No action” goes with nothing else.")
        if any(EFFECTS[action].on_posts for action in actions) and not self.chosen_posts():
            self.add_error(
                "actions",
                "There are no posts to do that to: choose some, or do something about the account.",
            )
        refuses = (
            actions
            and not set(actions) & GRANTING
            and any(isinstance(filing, RemovalRequest) for filing in self.decided)
        )
        if refuses and not data["answer"]:
            self.add_error("answer", "This refuses a removal request: say why. Who asked reads it.")
        if data.get("appeal") == Action.UPHOLD and not data["answer"]:
            self.add_error("answer", "Say why the decision stays. Who appealed reads it.")
        return data

    def chosen_posts(self) -> tuple[int, ...]:
        """The chosen ones; where none were chosen, all that were reported."""
        chosen = tuple(self.cleaned_data.get("posts", ()))
        return chosen or tuple(sorted({pk for filing in self.decided for pk in filing.post_ids}))

    def order(self, filings: Iterable[Filing] | None = None) -> Order:
        """What was filled in; for one of several cases, with the posts of its `filings`."""
        data = self.cleaned_data
        actions = tuple(Action(action) for action in data["actions"])
        days = int(data["duration"] or 0)
        of = self.decided if filings is None else list(filings)
        return Order(
            actions=actions,
            post_ids=self.chosen_posts()
            if filings is None
            else tuple(sorted({pk for filing in of for pk in filing.post_ids})),
            rule=data["rule"],
            statement=self.statement_for(of),
            answer=self.answer_for(),
            until=timezone.now() + timedelta(days=days) if days else None,
            appeal=Action(data["appeal"]) if data.get("appeal") else None,
            seen=data["seen"],
            leave=frozenset(data["leave"]),
            batch=uuid5(data["batch"] or uuid4(), " ".join(filing.name for filing in of)),
        )

    def statement_for(self, filings: Iterable[Filing]) -> str:
        """What the person reads: the moderator's words, the preset's, or what was reported."""
        data = self.cleaned_data
        if data["statement"] or not set(data["actions"]) - QUIET:
            return str(data["statement"])
        if data["preset"]:
            return str(data["preset"].statement)
        named = dict.fromkeys(
            filing.get_category_display() for filing in filings if isinstance(filing, Report)
        )
        what = f"This was reported to us: {', '.join(named).lower()}. " if named else ""
        return f"{what}A moderator looked at it, and decided this."

    def answer_for(self) -> str:
        data = self.cleaned_data
        if data["answer"]:
            return str(data["answer"])
        if data.get("appeal") == Action.OVERTURN:
            return OVERTURNED
        if set(data["actions"]) & GRANTING and any(
            isinstance(filing, RemovalRequest) for filing in self.filings
        ):
            return GONE
        return THANKS_ACTED if set(data["actions"]) - QUIET else THANKS_NOT
