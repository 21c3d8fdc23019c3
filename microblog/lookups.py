"""Ask the database what Django asks it wrongly."""

from typing import Any

from django.db.models import IntegerField
from django.db.models.lookups import In
from django.db.models.sql.compiler import SQLCompiler


@IntegerField.register_lookup
class IntegerIn(In):
    """Find nothing for a number that no column holds: Django does so for `=` and `<`, while `IN` raises, on either database."""

    def process_rhs(self, compiler: SQLCompiler, connection: Any) -> Any:
        if self.rhs_is_direct_value():
            least, most = connection.ops.integer_field_range(self.lhs.output_field.get_internal_type())
            self.rhs = [n for n in self.rhs if not isinstance(n, int) or ((least is None or least <= n) and (most is None or n <= most))]
        return super().process_rhs(compiler, connection)
