"""Where a name in an imported text leads: to its owner here, to its page as an external account, or to X. Never to a local account."""

from collections.abc import Collection

from accounts.models import Account
from archives.models import X_HOST


class MentionLinks:
    """For the texts of `account`, which X calls `handle`, whose archive brings the external accounts `coming` (handles in lower case)."""

    def __init__(self, handle: str, account: Account, coming: Collection[str]) -> None:
        self._own = handle.lower()
        self._account = account
        self._here = set(coming)

    def prepare(self, names: Collection[str]) -> None:
        """Look up which of `names` are external accounts here, all at once."""
        unknown = {_bare(name) for name in names} - self._here
        if unknown:
            found = Account.objects.filter(host=X_HOST, handle__lower__in=sorted(unknown)).values_list("handle", flat=True)
            self._here.update(handle.lower() for handle in found)

    def url(self, name: str) -> str | None:
        """The address for `name`, which is in lower case; None for somebody of another host."""
        name = _bare(name)
        if "@" in name:
            return None
        if name == self._own:
            return self._account.get_absolute_url()
        return f"/@{name}@{X_HOST}" if name in self._here else f"https://x.com/{name}"


def _bare(name: str) -> str:
    return name.removesuffix("@x.com").removesuffix("@twitter.com")
