# SPDX-License-Identifier: Apache-2.0
"""A document of one of our formats, as an object already parsed, to the values of its record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sceau.errors import Sentence
from sceau.formats.optics.errors import LensFileRefused
from sceau.formats.optics.order import (
    DELIVERY_FORMAT,
    INVOICE_FORMAT,
    ORDER_FORMAT,
    load_delivery,
    load_invoice,
    load_order,
)
from sceau.formats.optics.quote import FORMAT as QUOTE_FORMAT
from sceau.formats.optics.quote import load_quote
from sceau.record import Value
from sceau.record.values import FORMAT as VALUES_FORMAT
from sceau.record.values import RecordValues

#: What reads each format of a file of the trade, and the profile of the values that it gives.
READERS: Mapping[str, tuple[str, Callable[[Mapping[str, Any]], dict[str, Value]]]] = {
    QUOTE_FORMAT: ("fr-optical-quote/1", load_quote),
    ORDER_FORMAT: ("lens-order/1", load_order),
    DELIVERY_FORMAT: ("lens-delivery/1", load_delivery),
    INVOICE_FORMAT: ("fr-optical-invoice/1", load_invoice),
}


def read_document(document: Mapping[str, Any], *profiles: str) -> RecordValues:
    """The values in a document for one of these profiles, such as ``lens-order/1``.

    A document is a quote, an order, a delivery or an invoice as docs/conformity.md describes them, or values by path
    (``sceau-values/1``). Its numbers may be decimals.

    Raises:
        LensFileRefused, QuoteRefused, CorrectionRefused, FileMalformed, RecordError: by what is wrong, and where.
    """
    format_ = document.get("format")
    if format_ == VALUES_FORMAT:
        read = RecordValues.from_json(document)
        if read.profile in profiles:
            return read
    elif isinstance(format_, str) and format_ in READERS:
        profile, load = READERS[format_]
        if profile in profiles:
            return RecordValues(profile, load(document))
    known = [VALUES_FORMAT, *(name for name, (profile, _) in READERS.items() if profile in profiles)]
    raise LensFileRefused(path="format", rule=Sentence("optics.wrong-format", expected=" / ".join(known)))
