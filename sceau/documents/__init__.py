# SPDX-License-Identifier: Apache-2.0
"""Reading and writing documents: the one door for JSON, hexadecimal and identifiers, files, dated files."""
