"""Where a name in an imported text leads: to its owner here, to its page as an external account, or
to X. Never to a local account.
"""

from collections.abc import Collection
from functools import partial

from accounts.models import Account
from archives.models import X_HOST
from microblog.text import MentionURL


class MentionLinks:
    """Where names in texts of `account` lead, whose archive brings the handles `coming`."""

    def __init__(self, account: Account, coming: Collection[str]) -> None:
        self._account = account
        self._external = set(coming)

    def prepare(self, names: Collection[str]) -> None:
        """Look up which of `names` are external accounts here, all at once."""
        unknown = {_bare(name) for name in names} - self._external
        if unknown:
            found = Account.objects.filter(
                host=X_HOST, handle__lower__in=sorted(unknown)
            ).values_list("handle", flat=True)
            self._external.update(handle.lower() for handle in found)

    def where(self, own_names: Collection[str]) -> MentionURL:
        """Return the function that tells where names lead in a text in which `own_names` (in lower
        case) mean the account itself; None for somebody of another host.
        """
        return partial(self._url, own_names)

    def _url(self, own_names: Collection[str], name: str) -> str | None:
        name = _bare(name)
        if "@" in name:
            return None
        if name in own_names:
            return self._account.get_absolute_url()
        return f"/@{name}@{X_HOST}" if name in self._external else f"https://x.com/{name}"


def _bare(name: str) -> str:
    return name.removesuffix("@x.com").removesuffix("@twitter.com")
