# SPDX-License-Identifier: Apache-2.0
"""Consents: the request, the text that is shown, the signature, the card, revocation and receipts.

docs/consent.md tells the whole story; :mod:`sceau.roles.patient` has the patient's verbs in one place.
"""
