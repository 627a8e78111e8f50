# SPDX-License-Identifier: Apache-2.0
"""Tables (CSV) of any program, read by a file that declares what each column holds."""

from sceau.formats.table.columns import Columns, load_columns
from sceau.formats.table.rows import Row, read_rows

__all__ = ["Columns", "Row", "load_columns", "read_rows"]
