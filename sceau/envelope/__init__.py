# SPDX-License-Identifier: Apache-2.0
"""Messages between parties: signed, then encrypted to one recipient, carried by anything that carries a file."""
