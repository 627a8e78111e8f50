# SPDX-License-Identifier: Apache-2.0
"""Write the tables of docs/profiles.md from the profile files, or with ``--check`` say whether they are equal.

python -m tools.profile_docs [--check]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from sceau.record import FORMATS, Field, Profile, load_profile, profile_names
from tools.document_table import keep_equal

_HUNDREDTHS = ("dioptre", "prism", "decimal")


def tables() -> str:
    """Everything below the marker: a section for each profile of the package."""
    return "\n".join("\n".join(_section(load_profile(name, version))) for name, version in profile_names())


def _section(profile: Profile) -> Iterator[str]:
    yield f"## `{profile.key}`: {profile.title('en')}"
    yield ""
    yield f"{profile.title('fr')}. {profile.leaves} leaves; the scope is bound to a {profile.bound_to}."
    for name, places in profile.lists.items():
        yield f"`{name}.N`: N from 1 to {places}."
    yield ""
    yield "| path | what it is | en français | format | required | group |"
    yield "|---|---|---|---|---|---|"
    seen = set()
    for field in profile.fields.values():
        path = field.template or field.path
        if path in seen:
            continue
        seen.add(path)
        required = "in each used place" if field.required_in_place else "yes" if field.required else ""
        titles = f"{field.title('en')} | {field.title('fr')}"
        yield f"| `{path}` | {titles} | {_format(field)} | {required} | {field.group} |"
    yield ""


def _format(field: Field) -> str:
    """The format's name and what the profile narrows in it."""
    own, limits = FORMATS[field.format].limits, field.limits
    told = [f"`{value}`" for value in limits.values or ()]
    low, high = limits.minimum, limits.maximum
    if (low, high) != (None, None):
        bounds = (own.minimum if low is None else low, own.maximum if high is None else high)
        told.append(" to ".join(_number(field, bound) for bound in bounds))
    if limits.longest is not None:
        told.append(f"at most {limits.longest} characters")
    if limits.zero is False:
        told.append("zero is left out")
    return f"{field.format}: {', '.join(told)}" if told else field.format


def _number(field: Field, bound: int | None) -> str:
    if bound is None:
        return "any"
    return f"{bound / 100:.2f}" if field.format in _HUNDREDTHS else str(bound)


if __name__ == "__main__":
    sys.exit(keep_equal("profiles.md", "tools.profile_docs", tables()))
