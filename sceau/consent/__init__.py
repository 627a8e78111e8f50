# SPDX-License-Identifier: Apache-2.0
"""Consents: the request, the text that is shown, the signature, the card, revocation and receipts.

docs/consent.md describes the whole round; :mod:`sceau.roles.patient` has the patient's verbs in one place.
"""
