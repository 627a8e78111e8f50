# SPDX-License-Identifier: Apache-2.0
"""Errors of the optics package. None holds a value: a correction is health data."""

from __future__ import annotations

from sceau.errors import InputError, Sentence


class CorrectionRefused(InputError):
    """A sphere, cylinder, axis, addition or prism that cannot be written in the one canonical way.

    ``path`` is where the value is (as the caller named it), ``rule`` the rule it breaks.
    """

    code = "correction-refused"
    en = "{path}: {rule}. Correct the prescription and read it again."
    fr = "{path} : {rule}. Corrigez la prescription puis relisez-la."


class QuoteRefused(InputError):
    """A quote file with a missing, unknown or absurd field. ``path`` is the place in the JSON file."""

    code = "quote-refused"
    en = "{path}: {rule}. Correct the quote file and read it again."
    fr = "{path} : {rule}. Corrigez le fichier du devis puis relisez-le."


class LensFileRefused(InputError):
    """A file of an order, a delivery or an invoice with a missing, unknown or absurd field at ``path``."""

    code = "lens-file-refused"
    en = "{path}: {rule}. Correct the file and read it again."
    fr = "{path} : {rule}. Corrigez le fichier puis relisez-le."


class ReasonWrong(InputError):
    """An order that replaces another without saying why, or says what cannot be."""

    code = "order-reason-wrong"
    en = "order.reason: {rule}. Correct the order."
    fr = "order.reason : {rule}. Corrigez la commande."


NOT_A_NUMBER = Sentence(
    "not-a-number",
    "a plain decimal number is wanted, such as -2.00",
    "un nombre décimal simple est attendu, par exemple -2.00",
)
NOT_A_QUARTER = Sentence(
    "not-a-quarter", "the value must be a multiple of 0.25", "la valeur doit être un multiple de 0,25"
)
AXIS_NOT_AN_INTEGER = Sentence(
    "axis-not-an-integer", "an axis is a whole number of degrees", "un axe est un nombre entier de degrés"
)
AXIS_OUT_OF_RANGE = Sentence(
    "axis-out-of-range", "an axis is between 0 and 180 degrees", "un axe est compris entre 0 et 180 degrés"
)
CYLINDER_WITHOUT_AXIS = Sentence(
    "cylinder-without-axis", "a cylinder needs an axis", "un cylindre demande un axe"
)
AXIS_WITHOUT_CYLINDER = Sentence(
    "axis-without-cylinder",
    "an axis is given but no cylinder",
    "un axe est donné mais aucun cylindre",
)
PRISM_NEGATIVE = Sentence(
    "prism-negative",
    "a prism amount is never negative; name the opposite base instead",
    "une puissance prismatique n'est jamais négative ; indiquez la base opposée",
)
BASE_UNKNOWN = Sentence(
    "base-unknown",
    "a prism base is up, down, in, out, or 0, 90, 180, 270 or 360 degrees",
    "une base de prisme est « up », « down », « in », « out », ou 0, 90, 180, 270 ou 360 degrés",
)
BASE_OBLIQUE = Sentence(
    "base-oblique",
    "a prism base in degrees must be a multiple of 90; write the prism as a vertical and a horizontal amount",
    "une base de prisme en degrés doit être un multiple de 90 ; écrivez le prisme en une puissance verticale "
    "et une puissance horizontale",
)
EYE_UNKNOWN = Sentence("eye-unknown", "an eye is right or left", "un œil est « right » ou « left »")


def out_of_range(low: str, high: str, unit: str) -> Sentence:
    """The rule that a value lies between ``low`` and ``high``, both written for people, in ``unit``."""
    return Sentence(
        "out-of-range",
        f"the value must be between {low} and {high} {unit}",
        f"la valeur doit être comprise entre {low} et {high} {unit}",
    )
