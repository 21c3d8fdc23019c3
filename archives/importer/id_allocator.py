"""Ids for posts of the past: the one that is wanted, or the next free one."""

from collections.abc import Collection

from timeline.models import Post


class IdAllocator:
    """Gives every id once. Those likely to be `wanted` are looked up all at once."""

    def __init__(self, wanted: Collection[int]) -> None:
        self._looked_up = set(wanted)
        self._used = set(Post.objects.filter(pk__in=self._looked_up).values_list("pk", flat=True))

    def allocate(self, wanted: int, step: int = 1) -> int:
        """Return `wanted`, or the nearest free id after it (before it, where `step` is -1)."""
        while not self._is_free(wanted):
            wanted += step
        self._used.add(wanted)
        return wanted

    def _is_free(self, number: int) -> bool:
        if number in self._used:
            return False
        return number in self._looked_up or not Post.objects.filter(pk=number).exists()
