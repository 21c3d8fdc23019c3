"""Ask the database what Django asks it wrongly.

No row has a number that no column holds. Django says so of `=` and `<` of a number's column; of
`IN`, and of keys, both databases raise.
"""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Field, ForeignKey, IntegerField
from django.db.models.fields.related_lookups import RelatedExact, RelatedIn
from django.db.models.lookups import In
from django.db.models.sql.compiler import SQLCompiler

from microblog.db.prepared import Params


def _fits(number: Any, field: "Field[Any, Any]", connection: Any) -> bool:
    """Tell whether the column of `field` can hold `number`, if it is one."""
    if not isinstance(number, int) or not isinstance(field, IntegerField):
        return True
    lowest, highest = connection.ops.integer_field_range(field.get_internal_type())
    return (lowest is None or lowest <= number) and (highest is None or number <= highest)


class _FittingIn(In):
    """Also lets an array stand behind `__in` (microblog.db.prepared)."""

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        is_array = isinstance(self.rhs, Params) and connection.vendor == "postgresql"
        return f"= ANY {rhs}" if is_array else super().get_rhs_op(connection, rhs)

    def process_rhs(self, compiler: SQLCompiler, connection: Any) -> Any:
        field = getattr(self.lhs.output_field, "target_field", self.lhs.output_field)
        if self.rhs_is_direct_value():
            self.rhs = [number for number in self.rhs if _fits(number, field, connection)]
        return super().process_rhs(compiler, connection)


@IntegerField.register_lookup
class IntegerIn(_FittingIn): ...


@ForeignKey.register_lookup
class KeyIn(_FittingIn, RelatedIn): ...


@ForeignKey.register_lookup
class KeyExact(RelatedExact):
    def process_rhs(self, compiler: SQLCompiler, connection: Any) -> Any:
        if not _fits(self.rhs, self.lhs.output_field.target_field, connection):
            raise EmptyResultSet
        return super().process_rhs(compiler, connection)
