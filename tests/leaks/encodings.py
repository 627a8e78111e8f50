# SPDX-License-Identifier: Apache-2.0
"""The ways in which a value could be written in bytes."""

from __future__ import annotations

import base64
import re
import struct
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

from sceau.record import Value

Written = tuple[str, bytes]
"""A way of writing, in words, and the bytes that it gives."""

_CHARSETS = (
    "utf-8",
    "latin-1",
    "cp1252",
    "cp437",
    "mac-roman",
    "utf-16-le",
    "utf-16-be",
    "utf-32-le",
    "utf-32-be",
)
#: What the computers of the French health insurance write.
_EBCDIC = ("cp500", "cp1140")
_MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "January February March April May June July August September October November December",
)
#: Marks what is only a part of something written: found in it, but never hashed by itself.
INSIDE = "inside another, beginning at"
_ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_DECIMAL = re.compile(r"-?\d+\.\d+")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_WIDTHS = (2, 3, 4, 5, 6, 7, 8, 16, 20, 32)


def encodings(value: Value) -> Iterator[Written]:
    """Every way of writing a value of a record, however short; some come twice."""
    if isinstance(value, bool):
        for words in (("false", "true"), ("faux", "vrai")):
            yield from text(words[value])
        yield from integer("flag", int(value))
    elif isinstance(value, int):
        yield from number(value)
    elif re.fullmatch(r"0x[0-9a-f]{64}", value):
        yield from secret(bytes.fromhex(value[2:]))
    else:
        yield from text(value)
        if _ISO_DATE.fullmatch(value):
            yield from day(date.fromisoformat(value))
        elif _DECIMAL.fullmatch(value):
            yield from decimal(value)
        elif value.isdecimal():
            yield from integer("digits as a number", int(value))
            yield from digits("digits", value)


def secret(value: bytes) -> Iterator[Written]:
    """The ways of writing random bytes: as they are, backwards, in hex, in base 64 and 32, as a number in digits."""
    yield from binary("bytes", value)
    yield "number in digits", str(int.from_bytes(value, "big")).encode()
    yield "as Python shows bytes", repr(value)[2:-1].encode()
    yield "as Python shows numbers", ", ".join(map(str, value)).encode()


def text(value: str) -> Iterator[Written]:
    """A text in every case and charset, with and without what separates its parts and its accents."""
    cases = {"": value, "upper ": value.upper(), "lower ": value.lower(), "title ": value.title()}
    for case, written in cases.items():
        plain = "".join(c for c in unicodedata.normalize("NFD", written) if not unicodedata.combining(c))
        tight = "".join(c for c in written if c.isalnum())
        forms = {"": written, "NFD ": unicodedata.normalize("NFD", written), "unaccented ": plain}
        for form, each in (
            forms | {"unseparated ": tight, "unaccented, unseparated ": _tight(plain)}
        ).items():
            yield from _in_charsets(f"{case}{form}", each)
    if value.isascii():
        for charset in _EBCDIC:
            yield f"EBCDIC {charset}", value.encode(charset)
    else:
        yield "escaped in JSON", value.encode("ascii", "backslashreplace")
        yield "escaped in XML", value.encode("ascii", "xmlcharrefreplace")
    # An ABI string of one word, and a bytes32 that holds a text.
    utf8 = value.encode()
    if len(utf8) <= 32:
        yield "word, text left", utf8.ljust(32, b"\0")
        yield "word, text right", utf8.rjust(32, b"\0")
        yield "length and word", len(utf8).to_bytes(32, "big") + utf8.ljust(32, b"\0")


def number(value: int) -> Iterator[Written]:
    """A count, or an amount in cents: digits, euros, binary."""
    yield from digits("digits", str(value))
    yield from integer("integer", value)
    euros = f"{value // 100}.{value % 100:02d}"
    grouped = f"{value // 100:,}.{value % 100:02d}"
    for shown in dict.fromkeys((euros, grouped, grouped.replace(",", " "), f"{value / 100:g}")):
        yield from digits("euros", shown)
        yield from digits("euros", shown.replace(",", " ").replace(".", ","))
    yield from floating("euros", value / 100)
    yield from floating("integer", float(value))


def decimal(value: str) -> Iterator[Written]:
    """A power in dioptres or a measure in millimetres, signed or not, with point or comma, scaled, floating."""
    bare = value.lstrip("-")
    signs = ("-", "−", "–", "") if value.startswith("-") else ("+", "")
    for sign in signs:
        for form in dict.fromkeys((bare, bare.rstrip("0").rstrip("."), bare + "0", bare.zfill(6))):
            yield from _in_charsets("decimal ", sign + form)
            yield from _in_charsets("decimal, comma ", (sign + form).replace(".", ","))
    hundredths = round(float(value) * 100)
    for scale, scaled in (
        ("hundredths", hundredths),
        ("quarters", hundredths // 25),
        ("thousandths", hundredths * 10),
    ):
        yield from integer(scale, scaled)
        yield from digits(scale, str(scaled))
    yield from floating("number", float(value))


def day(value: date) -> Iterator[Written]:
    """A date in the writings of people, of databases and of chains."""
    year, month, of_month = f"{value:%Y}", f"{value:%m}", f"{value:%d}"
    for separator in ("", "-", "/", ".", " "):
        for parts in (
            (year, month, of_month),
            (of_month, month, year),
            (month, of_month, year),
            (year[2:], month, of_month),
            (of_month, month, year[2:]),
            (str(value.day), str(value.month), year),
        ):
            yield from digits("date", separator.join(parts))
    for months in _MONTHS:
        name = months.split()[value.month - 1]
        yield from _in_charsets("date in words ", f"{value.day} {name} {year}")
        yield from _in_charsets("date in words ", f"{name} {value.day}, {year}")
    for order in (year + month + of_month, of_month + month + year, year[2:] + month + of_month):
        yield from integer("date as a number", int(order))
    midnight = datetime(value.year, value.month, value.day, tzinfo=timezone.utc)
    for name, hours in (("UTC", 0), ("Paris, winter", -1), ("Paris, summer", -2), ("noon UTC", 12)):
        seconds = int((midnight + timedelta(hours=hours) - _EPOCH).total_seconds())
        for unit, factor in (("seconds", 1), ("milliseconds", 1000), ("microseconds", 10**6)):
            yield from integer(f"{unit}, midnight {name}", seconds * factor)
            yield from digits(f"{unit}, midnight {name}", str(seconds * factor))
    yield from integer("days since 1970", (midnight - _EPOCH).days)
    yield from integer("days since 1900", (midnight - _EPOCH).days + 25_569)


def digits(how: str, value: str) -> Iterator[Written]:
    """Digits as text, and packed two to a byte."""
    yield from _in_charsets(f"{how}, ", value)
    packed = "".join(c for c in value if c.isdecimal())
    for form in (
        packed.zfill(len(packed) + len(packed) % 2),
        packed.ljust(len(packed) + len(packed) % 2, "f"),
    ):
        yield f"{how}, packed", bytes.fromhex(form)
    # COBOL's packed decimal ends with a sign.
    sign = "d" if value.startswith("-") else "c"
    signed = packed + sign
    yield f"{how}, packed with sign", bytes.fromhex(signed.zfill(len(signed) + len(signed) % 2))


def integer(how: str, value: int) -> Iterator[Written]:
    """An integer in words of several widths, both byte orders, negative ones in two's complement; and in hex."""
    for width in _WIDTHS:
        try:
            written = value.to_bytes(width, "big", signed=value < 0)
        except OverflowError:
            continue
        yield f"{how}, {width} bytes", written
        yield f"{how}, {width} bytes, little-endian", written[::-1]
    if value >= 0:
        yield from _in_charsets(f"{how}, in hex ", f"{value:x}")


def floating(how: str, value: float) -> Iterator[Written]:
    """IEEE 754, double and single, both byte orders."""
    for order, name in ((">", "big-endian"), ("<", "little-endian")):
        yield f"{how}, double, {name}", struct.pack(f"{order}d", value)
        yield f"{how}, single, {name}", struct.pack(f"{order}f", value)


def binary(how: str, value: bytes) -> Iterator[Written]:
    """Bytes as they are, backwards, in hex text, and in base 64 and 32 at every place where they can begin."""
    yield how, value
    yield f"{how}, backwards", value[::-1]
    yield f"{how}, in hex", value.hex().encode()
    yield f"{how}, in hex, upper", value.hex().upper().encode()
    for name, encode in (
        ("64", base64.b64encode),
        ("64 for URLs", base64.urlsafe_b64encode),
        ("32", base64.b32encode),
    ):
        yield f"{how}, base {name}", encode(value)
    for shift in range(3):
        # The first and last characters hold bits of what stands before and after.
        inside = slice(-(-shift * 8 // 6), (shift + len(value)) * 8 // 6)
        yield f"{how}, base 64 {INSIDE} {shift}", base64.b64encode(bytes(shift) + value)[inside]
        yield (
            f"{how}, base 64 for URLs {INSIDE} {shift}",
            base64.urlsafe_b64encode(bytes(shift) + value)[inside],
        )
    for shift in range(5):
        inside = slice(-(-shift * 8 // 5), (shift + len(value)) * 8 // 5)
        yield f"{how}, base 32 {INSIDE} {shift}", base64.b32encode(bytes(shift) + value)[inside]


def _in_charsets(how: str, value: str) -> Iterator[Written]:
    seen: set[bytes] = set()
    for charset in _CHARSETS:
        try:
            written = value.encode(charset)
        except UnicodeEncodeError:
            continue
        if written in seen:
            continue
        seen.add(written)
        yield f"{how}{charset}", written
        if charset == "utf-8":
            yield from list(binary(f"{how}{charset}", written))[1:]


def _tight(value: str) -> str:
    return "".join(c for c in value if c.isalnum())
