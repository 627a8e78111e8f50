# SPDX-License-Identifier: Apache-2.0
"""The card on paper: an A5 leaflet, in French, with a card to cut out; as PDF or as PNG at 300 dpi.

It shows a QR code, the consent's number and how to withdraw, and no word of what was consented to. Needs the
extra ``card``: ``pip install 'sceau[card]'``.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sceau.consent import errors
from sceau.consent.compact import CompactCard
from sceau.documents import files

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from reportlab.pdfgen.canvas import Canvas

#: A5, in millimetres.
PAGE = (148.0, 210.0)
#: Width of the QR code without its white margin, in millimetres.
QR_WIDTH = 40.0
DPI = 300

# A bank card's size (ISO/IEC 7810 ID-1), in millimetres.
_CARD = (85.6, 54.0)
_CARD_PLACE = ((PAGE[0] - _CARD[0]) / 2, 26.0)
_MARGIN = 14.0
_POINTS_PER_MM = 72 / 25.4
_LINE_HEIGHT = 1.4


@dataclass(frozen=True)
class Text:
    """A line of text: ``x`` and ``baseline`` in millimetres from the page's top left, ``size`` in points."""

    x: float
    baseline: float
    size: float
    text: str
    bold: bool = False


@dataclass(frozen=True)
class Box:
    """A rectangle in millimetres from the top left: a dark cell when ``filled``, else a dashed frame."""

    x: float
    y: float
    width: float
    height: float
    filled: bool = True


Shape = Text | Box


def save_printed(card: CompactCard, path: str | Path) -> None:
    """Writes the leaflet to a new file, PDF or PNG by the name's ending (mode 0600).

    Raises :class:`PrintFormatUnknown`, :class:`CardExtraMissing`, :class:`FileExists`, :class:`FileNotWritten`.
    """
    painters = {".pdf": to_pdf, ".png": to_png}
    painter = painters.get(Path(path).suffix.lower())
    if painter is None:
        raise errors.PrintFormatUnknown(path=path)
    files.save(path, painter(card))


def to_pdf(card: CompactCard) -> bytes:
    """The leaflet as a PDF of one page. Raises :class:`CardExtraMissing`."""
    _require_extra()
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    # Without the date of printing, which is that of the consent.
    canvas = Canvas(out, pagesize=(_points(PAGE[0]), _points(PAGE[1])), invariant=1)
    canvas.setTitle("Carte d'accord")
    for shape in leaflet(card):
        _paint_pdf(canvas, shape)
    canvas.save()
    return out.getvalue()


def to_png(card: CompactCard) -> bytes:
    """The leaflet as a picture of 300 dots per inch, black on white. Raises :class:`CardExtraMissing`."""
    _require_extra()
    from PIL import Image, ImageDraw

    picture = Image.new("L", (_pixels(PAGE[0]), _pixels(PAGE[1])), 255)
    draw = ImageDraw.Draw(picture)
    for shape in leaflet(card):
        _paint_png(draw, shape)
    out = io.BytesIO()
    picture.save(out, "PNG", dpi=(DPI, DPI), optimize=True)
    return out.getvalue()


def leaflet(card: CompactCard) -> list[Shape]:
    """What is on the page. Raises :class:`CardExtraMissing`."""
    _require_extra()
    shapes: list[Shape] = [Text(_MARGIN, 18, 15, "Carte pour retirer un accord", bold=True)]
    shapes += _card(card)
    baseline = _CARD_PLACE[1] + _CARD[1] + 11
    for size, bold, paragraph in _LEAFLET:
        lines = list(_wrapped(paragraph, PAGE[0] - 2 * _MARGIN, size, bold))
        if bold:
            baseline += 2
        for line in lines:
            shapes.append(Text(_MARGIN, baseline, size, line, bold))
            baseline += size * _LINE_HEIGHT / _POINTS_PER_MM
        baseline += 1
    return shapes + _footer(card)


def short_number(consent: str) -> str:
    """The start of a consent's identifier, as a person reads it out: 'A1B2 C3D4'."""
    return f"{consent[2:6]} {consent[6:10]}".upper()


_BY_A_MEMBER = (
    "1. Chez n'importe quel membre du registre (magasin, fabricant, complémentaire) : montrez cette carte et "
    "tapez votre code."
)
_BY_YOURSELF = (
    "2. Ou vous-même : demandez à un membre l'adresse de son nœud, lisez le QR avec un téléphone, enregistrez le "
    "texte lu dans un fichier carte.txt, puis lancez la commande"
)
_EFFECT = "C'est gratuit, définitif, et sans raison à donner. Le retrait compte dès qu'il est inscrit sur le registre."
_WHAT_IT_IS = (
    "La carte contient une clé, protégée par votre code, et rien de ce que vous avez accepté. N'écrivez pas le "
    "code dessus. Le magasin n'en garde pas de copie. Qui aurait la carte et le code pourrait retirer l'accord, "
    "et rien d'autre."
)
#: Size in points, bold or not, paragraph.
_LEAFLET = (
    (10, True, "Pour retirer votre accord"),
    (9, False, _BY_A_MEMBER),
    (9, False, _BY_YOURSELF),
    (9, True, "sceau consent revoke carte.txt --via ADRESSE"),
    (9, False, _EFFECT),
    (10, True, "Carte perdue, code oublié"),
    (9, False, "Le magasin qui a enregistré l'accord le retire à votre demande."),
    (10, True, "À savoir"),
    (9, False, _WHAT_IT_IS),
)


def _card(card: CompactCard) -> Iterator[Shape]:
    x, y = _CARD_PLACE
    yield Box(x, y, *_CARD, filled=False)
    yield from _qr(card.to_text(), x + 6, y + (_CARD[1] - QR_WIDTH) / 2)
    column = x + 6 + QR_WIDTH + 5
    yield Text(column, y + 13, 11, "Carte d'accord", bold=True)
    yield Text(column, y + 20, 8, "Accord n°")
    yield Text(column, y + 25, 10, short_number(card.consent), bold=True)
    baseline = y + 33
    for line in _wrapped(
        "Avec votre code, elle retire cet accord chez tout membre du registre.", 31, 7, False
    ):
        yield Text(column, baseline, 7, line)
        baseline += 3.6


def _footer(card: CompactCard) -> list[Shape]:
    where = card.registry
    lines = (
        f"Accord {card.consent}",
        f"Registre : chaîne {where.chain_id}, contrat {where.contract}",
        f"Bloc d'origine {where.genesis_hash}",
    )
    first = PAGE[1] - 8 - 3.2 * (len(lines) - 1)
    return [Text(_MARGIN, first + 3.2 * place, 6, line) for place, line in enumerate(lines)]


def _qr(text: str, x: float, y: float) -> Iterator[Box]:
    """The code's dark cells, joined along each row; its white margin is the paper around."""
    import segno

    # Level M at version 10: each cell is 0.7 mm wide.
    matrix = segno.make(text, error="m", micro=False, boost_error=False).matrix
    cell = QR_WIDTH / len(matrix)
    for row, cells in enumerate(matrix):
        start = None
        for column, dark in enumerate([*cells, 0]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                yield Box(x + start * cell, y + row * cell, (column - start) * cell, cell)
                start = None


def _wrapped(text: str, width: float, size: float, bold: bool) -> Iterator[str]:
    """The lines of a paragraph that is ``width`` millimetres wide."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}".strip()
        if line and stringWidth(longer, _font(bold), size) > _points(width):
            yield line
            longer = word
        line = longer
    yield line


def _paint_pdf(canvas: Canvas, shape: Shape) -> None:
    if isinstance(shape, Text):
        canvas.setFont(_font(shape.bold), shape.size)
        canvas.drawString(_points(shape.x), _points(PAGE[1] - shape.baseline), shape.text)
        return
    place = (_points(shape.x), _points(PAGE[1] - shape.y - shape.height))
    if shape.filled:
        canvas.rect(*place, _points(shape.width), _points(shape.height), stroke=0, fill=1)
    else:
        canvas.setLineWidth(0.5)
        canvas.setDash(2, 2)
        canvas.rect(*place, _points(shape.width), _points(shape.height))
        canvas.setDash()


def _paint_png(draw: ImageDraw, shape: Shape) -> None:
    from PIL import ImageFont

    if isinstance(shape, Text):
        font = ImageFont.truetype(_font_file(shape.bold), round(shape.size * DPI / 72))
        draw.text((_pixels(shape.x), _pixels(shape.baseline)), shape.text, fill=0, font=font, anchor="ls")
        return
    left, top = _pixels(shape.x), _pixels(shape.y)
    right, bottom = _pixels(shape.x + shape.width), _pixels(shape.y + shape.height)
    if shape.filled:
        # PIL paints the last row and column too; cells that touch must not overlap.
        draw.rectangle((left, top, right - 1, bottom - 1), fill=0)
        return
    for start in range(left, right, 16):
        draw.line([(start, top), (min(start + 8, right), top)], fill=0, width=2)
        draw.line([(start, bottom), (min(start + 8, right), bottom)], fill=0, width=2)
    for start in range(top, bottom, 16):
        draw.line([(left, start), (left, min(start + 8, bottom))], fill=0, width=2)
        draw.line([(right, start), (right, min(start + 8, bottom))], fill=0, width=2)


def _font(bold: bool) -> str:
    """The name of the font, put into the PDF: reportlab ships it, so that all printers show the same."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    name = "VeraBd" if bold else "Vera"
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(name, _font_file(bold)))
    return name


def _font_file(bold: bool) -> str:
    import reportlab

    return str(Path(reportlab.__file__).parent / "fonts" / ("VeraBd.ttf" if bold else "Vera.ttf"))


def _require_extra() -> None:
    try:
        import PIL  # noqa: F401  # only to see whether it is there
        import reportlab  # noqa: F401  # the same
        import segno  # noqa: F401  # the same
    except ImportError:
        raise errors.CardExtraMissing from None


def _points(millimetres: float) -> float:
    return millimetres * _POINTS_PER_MM


def _pixels(millimetres: float) -> int:
    return round(millimetres * DPI / 25.4)
