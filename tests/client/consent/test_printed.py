# SPDX-License-Identifier: Apache-2.0
"""The card on paper, read back as a scanner or a telephone would."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from sceau.consent import printed
from sceau.consent.card import UnlockedCard
from sceau.consent.compact import CompactCard
from sceau.consent.errors import CardExtraMissing, PrintFormatUnknown
from sceau.consent.printed import DPI, PAGE, QR_WIDTH, save_printed, short_number, to_pdf, to_png
from sceau.consent.request import ConsentRequest
from sceau.consent.wording import consent_text
from sceau.documents.errors import FileExists


@pytest.fixture(scope="module")
def compact(unlocked: UnlockedCard, pin: str) -> CompactCard:
    return CompactCard.lock(unlocked, pin)


@pytest.fixture(scope="module")
def page(compact: CompactCard) -> Any:
    return pypdfium2.PdfDocument(to_pdf(compact))[0]


@pytest.fixture(scope="module")
def picture(compact: CompactCard) -> Image.Image:
    return Image.open(io.BytesIO(to_png(compact)))


#: Random squares can look like a bar code, too.
QR_CODES = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def codes(image: Image.Image) -> list[str]:
    return [each.text for each in zxingcpp.read_barcodes(image, formats=QR_CODES)]


def test_the_pdf_is_one_a5_page_with_the_card(page: Any, compact: CompactCard) -> None:
    assert [round(side * 25.4 / 72) for side in page.get_size()] == [round(side) for side in PAGE]
    assert codes(page.render(scale=DPI / 72).to_pil()) == [compact.to_text()]


def test_the_png_is_the_same_page(picture: Image.Image, compact: CompactCard) -> None:
    assert picture.size == tuple(round(side * DPI / 25.4) for side in PAGE)
    assert codes(picture) == [compact.to_text()]


def test_the_code_is_small_and_holds_when_a_part_is_lost(picture: Image.Image) -> None:
    """Version 10 has 57 cells on a side, 0.7 mm each; level M stands 15 % of damage."""
    extra: Any = zxingcpp.read_barcodes(picture, formats=QR_CODES)[0].extra
    assert (extra["Version"], extra["ECLevel"]) == ("10", "M")


def test_the_code_is_four_centimetres_wide(picture: Image.Image, page: Any) -> None:
    """Its corners, as the reader finds them, in millimetres."""
    for image in (picture, page.render(scale=DPI / 72).to_pil()):
        place = zxingcpp.read_barcodes(image, formats=QR_CODES)[0].position
        width = (place.top_right.x - place.top_left.x) * 25.4 / DPI
        assert width == pytest.approx(QR_WIDTH, abs=0.6)


@pytest.mark.parametrize(
    ("dpi", "blur"),
    [(300, 2.0), (200, 1.0), (150, 0.8), (120, 0.0)],
)
def test_a_poor_scan_of_four_centimetres_is_read(
    page: Any, compact: CompactCard, dpi: int, blur: float
) -> None:
    scan = page.render(scale=DPI / 72).to_pil().convert("L")
    scan = scan.resize(
        (round(scan.width * dpi / DPI), round(scan.height * dpi / DPI)), Image.Resampling.BILINEAR
    )
    assert codes(scan.filter(ImageFilter.GaussianBlur(blur))) == [compact.to_text()]


def test_a_stain_and_a_turn_do_not_matter(picture: Image.Image, compact: CompactCard) -> None:
    stained = picture.copy()
    left, top = round(31 * DPI / 25.4) + 260, round(33 * DPI / 25.4) + 250
    stained.paste(128, (left, top, left + 40, top + 40))
    assert codes(stained.rotate(7, fillcolor=255)) == [compact.to_text()]


def test_the_page_tells_how_to_withdraw_and_not_from_what(
    page: Any, compact: CompactCard, request_made: ConsentRequest, pin: str
) -> None:
    text = " ".join(page.get_textpage().get_text_range().split())
    assert "sceau consent revoke carte.txt" in text
    assert "n'importe quel membre du registre" in text
    assert short_number(compact.consent) in text
    assert compact.consent in text
    assert compact.registry.contract in text
    assert pin not in text
    words = consent_text("fr-1")
    for group in words.groups:
        assert words.group(group) not in text
    for path in ("purpose", "group.1", "group.2", "expires", "text.version"):
        assert str(request_made.values[path]) not in text


def test_the_file_does_not_hold_the_date_of_printing(compact: CompactCard) -> None:
    assert to_pdf(compact) == to_pdf(compact)
    assert b"D:2000" in to_pdf(compact)


def test_nothing_leaves_the_page(compact: CompactCard) -> None:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    for shape in printed.leaflet(compact):
        if isinstance(shape, printed.Text):
            width = stringWidth(shape.text, "VeraBd" if shape.bold else "Vera", shape.size) * 25.4 / 72
            assert shape.x + width < PAGE[0] - 10, shape.text
            assert 10 < shape.baseline < PAGE[1] - 5
        else:
            assert 0 < shape.x < shape.x + shape.width < PAGE[0]


def test_the_end_of_the_name_chooses_the_format(compact: CompactCard, tmp_path: Path) -> None:
    save_printed(compact, tmp_path / "card.pdf")
    save_printed(compact, tmp_path / "card.PNG")
    assert (tmp_path / "card.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "card.PNG").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "card.pdf").stat().st_mode & 0o777 == 0o600
    with pytest.raises(PrintFormatUnknown):
        save_printed(compact, tmp_path / "card.svg")
    with pytest.raises(FileExists):
        save_printed(compact, tmp_path / "card.pdf")
    assert {each.name for each in tmp_path.iterdir()} == {"card.pdf", "card.PNG"}


def test_without_the_extra_the_command_that_installs_it_is_named(
    compact: CompactCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "segno", None)
    with pytest.raises(CardExtraMissing, match=r"pip install 'sceau\[card\]'"):
        save_printed(compact, tmp_path / "card.pdf")
    assert not list(tmp_path.iterdir())
