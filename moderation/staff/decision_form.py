"""What a moderator fills in to decide, for one case or for many."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import uuid4, uuid5

from django import forms
from django.utils import timezone

from microblog import text
from microblog.web.forms import TextField
from moderation.enforcement.actions import ACTIONS, ANSWERS, CHOICES
from moderation.enforcement.decide import Ruling
from moderation.models import Action, Preset, Rule, Ticket, TicketKind
from moderation.models.ticket import MAX_TEXT

DURATIONS = [
    ("", "until it is lifted"),
    ("1", "1 day"),
    ("3", "3 days"),
    ("7", "7 days"),
    ("30", "30 days"),
    ("90", "90 days"),
]
THANKS_ACTED = "Thank you. We looked at it, and did something about it."
THANKS_NOT = "Thank you. We looked at it, and found that it breaks no rule of this site."
GONE = "What you asked for is done."
OVERTURNED = "We looked at it again. You were right, and the decision is taken back."


def _words(label: str, *, rows: int) -> TextField:
    """Return a field for what somebody is told; without it, the usual words."""
    return TextField(
        text.clean,
        MAX_TEXT,
        required=False,
        widget=forms.Textarea({"rows": rows, "dir": "auto"}),
        label=label,
        help_text="",
    )


class DecisionForm(forms.Form):
    """One ruling on `tickets`; without words of the moderator's own, it finds the usual ones."""

    actions = forms.MultipleChoiceField(
        choices=[(action, action.label) for action in CHOICES],
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
    statement = _words("To whom it concerns", rows=4)
    answer = _words("To who reported or asked", rows=2)
    appeal = forms.ChoiceField(
        choices=[("", "leave open"), *((answer, ACTIONS[answer].answer) for answer in ANSWERS)],
        required=False,
        widget=forms.RadioSelect,
        label="The appeal",
    )
    leave = forms.MultipleChoiceField(required=False)
    seen = forms.DateTimeField(required=False, widget=forms.HiddenInput, initial=timezone.now)
    batch = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid4)
    chosen = Ruling()  # of the actions alone

    def __init__(
        self, *args: Any, tickets: Iterable[Ticket], post_ids: Iterable[int] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.tickets = [ticket for ticket in tickets if ticket.is_open]
        self.fields["rule"].queryset = Rule.objects.active()  # type: ignore[attr-defined]
        self.fields["preset"].queryset = Preset.objects.all()  # type: ignore[attr-defined]
        offered = {*post_ids, *(pk for ticket in self.tickets for pk in ticket.post_ids)}
        self.fields["posts"].choices = [(pk, pk) for pk in offered]  # type: ignore[attr-defined]
        self.fields["leave"].choices = [(ticket.name, ticket.name) for ticket in self.tickets]  # type: ignore[attr-defined]
        if not _of_kind(self.tickets, TicketKind.APPEAL):
            del self.fields["appeal"]

    @property
    def decided(self) -> list[Ticket]:
        """Return those that do not stay open."""
        left = set(self.cleaned_data.get("leave", ()))
        return [ticket for ticket in self.tickets if ticket.name not in left]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        actions = tuple(Action(action) for action in data.get("actions", ()))
        self.chosen = Ruling(actions)
        if self.errors:
            return data
        if not actions and not data.get("appeal"):
            self.add_error("actions", "Choose what to do, or “No action”.")
        if Action.NONE in actions and len(actions) > 1:
            self.add_error("actions", "“No action” goes with nothing else.")
        if self.chosen.changes_posts and not self.chosen_posts():
            self.add_error(
                "actions",
                "There are no posts to do that to: choose some, or do something about the account.",
            )
        is_refused = not self.chosen.grants_removal and _of_kind(self.decided, TicketKind.REMOVAL)
        if actions and is_refused and not data["answer"]:
            self.add_error("answer", "This refuses a removal request: say why. Who asked reads it.")
        if data.get("appeal") == Action.UPHOLD and not data["answer"]:
            self.add_error("answer", "Say why the decision stays. Who appealed reads it.")
        return data

    def chosen_posts(self) -> tuple[int, ...]:
        """Return the chosen ones; where none were chosen, all that were reported."""
        return tuple(self.cleaned_data.get("posts", ())) or _posts_of(self.decided)

    def ruling(self, tickets: Iterable[Ticket] | None = None) -> Ruling:
        """Return what was filled in; for one of several cases, with the posts of its `tickets`."""
        data = self.cleaned_data
        days = timedelta(days=int(data["duration"] or 0))
        decided = self.decided if tickets is None else list(tickets)
        return Ruling(
            actions=self.chosen.actions,
            post_ids=self.chosen_posts() if tickets is None else _posts_of(decided),
            rule=data["rule"],
            statement=self._statement(decided),
            answer=self._answer(),
            until=timezone.now() + days if days else None,
            appeal=Action(data["appeal"]) if data.get("appeal") else None,
            read_at=data["seen"],
            leave=frozenset(data["leave"]),
            batch=uuid5(data["batch"] or uuid4(), " ".join(ticket.name for ticket in decided)),
        )

    def _statement(self, tickets: Iterable[Ticket]) -> str:
        """Return what the person reads: the moderator's words, the preset's, or the reported."""
        data = self.cleaned_data
        if data["statement"] or not self.chosen.does_something:
            return str(data["statement"])
        if data["preset"]:
            return str(data["preset"].statement)
        reports = _of_kind(tickets, TicketKind.REPORT)
        named = dict.fromkeys(report.get_category_display() for report in reports)
        reported = f"This was reported to us: {', '.join(named).lower()}. " if named else ""
        return f"{reported}A moderator looked at it, and decided this."

    def _answer(self) -> str:
        """Return what who reported or asked reads: the moderator's words, or the usual ones."""
        data = self.cleaned_data
        if data["answer"]:
            return str(data["answer"])
        if data.get("appeal") == Action.OVERTURN:
            return OVERTURNED
        if self.chosen.grants_removal and _of_kind(self.tickets, TicketKind.REMOVAL):
            return GONE
        return THANKS_ACTED if self.chosen.does_something else THANKS_NOT


def _of_kind(tickets: Iterable[Ticket], kind: TicketKind) -> list[Ticket]:
    return [ticket for ticket in tickets if ticket.kind == kind]


def _posts_of(tickets: Iterable[Ticket]) -> tuple[int, ...]:
    return tuple(sorted({pk for ticket in tickets for pk in ticket.post_ids}))
