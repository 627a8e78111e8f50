# SPDX-License-Identifier: Apache-2.0
"""A page of HTML in one file, for print: no script runs on it, and it loads nothing from elsewhere."""

from __future__ import annotations

from html import escape


def html_page(title: str, style: str, body: str, language: str) -> str:
    """The page: ``title`` is a text, ``style`` CSS, ``body`` HTML in which every text is escaped."""
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{escape(title)}</title>
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""
