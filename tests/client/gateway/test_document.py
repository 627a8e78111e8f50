# SPDX-License-Identifier: Apache-2.0
"""docs/openapi.json is the gateway's, and whatever it allows, or comes near to it, is answered without a fault."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemathesis import GenerationMode

from tests.client.cli.offices import Published
from tests.client.gateway.running import House, Http, address_of
from tests.support.deployed import Deployed
from tools.openapi import FILE, document

WRITTEN = json.loads(FILE.read_text(encoding="utf-8"))
ROLES = ("practice", "supplier", "payer")
#: So many requests of each operation.
EXAMPLES = 10
_FAULT = 500


def test_the_document_is_that_of_the_gateway() -> None:
    assert FILE.read_text(encoding="utf-8") == document()


def test_every_operation_says_what_it_takes_and_gives() -> None:
    assert WRITTEN["openapi"].startswith("3.1")
    names = set()
    for path, operations in WRITTEN["paths"].items():
        for method, operation in operations.items():
            names.add(operation["operationId"])
            assert operation["summary"]
            assert operation["description"], path
            assert "application/problem+json" in operation["responses"]["default"]["content"]
            assert operation["security"] == [{"HTTPBearer": []}]
            headers = [each["name"] for each in operation["parameters"] if each["in"] == "header"]
            assert headers == (["idempotency-key"] if method == "post" else [])
            assert ("requestBody" in operation) == (method == "post")
            for each in operation["parameters"]:
                assert each["required"] == (each["in"] != "query")
            for status in ("201", "202"):
                if status not in operation["responses"]:
                    continue
                answer = operation["responses"][status]
                assert list(answer["content"]) == ["application/json"]
                if status == "202":
                    assert "Location" in answer["headers"]
            named = operation["responses"].get("202", {}).get("content", {}).get("application/json", {})
            if named.get("schema", {}).get("$ref", "").endswith(("StepAnswer", "ConsentAnswer")):
                # What stands on the chain already is no problem.
                assert operation["responses"]["201"]["content"]["application/json"] == named
    assert len(names) == sum(len(operations) for operations in WRITTEN["paths"].values())


def references(part: Any) -> Iterator[str]:
    """The references in a document."""
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for each in part.values():
            yield from references(each)
    elif isinstance(part, list):
        for each in part:
            yield from references(each)


def test_every_reference_leads_to_a_schema_and_every_schema_is_used() -> None:
    schemas = WRITTEN["components"]["schemas"]
    named = {each.removeprefix("#/components/schemas/") for each in references(WRITTEN)}
    # A shape that others extend is named by none.
    assert named | {"NoteAsked"} == set(schemas)
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)


@pytest.fixture(scope="module")
def gateways(
    published: Published, deployed: Deployed, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Http]]:
    """A gateway that acts for a party of each role."""
    place = tmp_path_factory.mktemp("fuzzed")
    (place / "exchange").mkdir()
    homes = [House(place / role, deployed, role, published, place / "exchange") for role in ROLES]
    made = homes[0]
    shops = "".join(
        f'[shops.{each.folder.name}]\nsettings = "{each.folder}/sceau.toml"\nrole = "{each.folder.name}"\n'
        for each in homes
    )
    made.write(
        f'listen = "127.0.0.1:0"\nrequests_per_minute = 100000\n{shops}[clients.till]\n'
        f'token_file = "client.token"\nshops = {list(ROLES)}\nrights = ["read", "write"]\n'
    )
    process = made.start()
    address = address_of(process)
    yield {role: Http(address, made.token, role) for role in ROLES}
    process.terminate()
    said, _ = process.communicate(timeout=60)
    assert (process.returncode, said.strip()) == (0, "")


SCHEMA = schemathesis.openapi.from_dict(WRITTEN)
OPERATIONS = [each.ok() for each in SCHEMA.get_all_operations()]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda each: each.value)
def test_whatever_is_asked_is_answered_without_a_fault(
    gateways: dict[str, Http], operation: Any, mode: GenerationMode
) -> None:
    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode), role=st.sampled_from(ROLES))
    def asked(case: Any, role: str) -> None:
        shop = gateways[role]
        case.path_parameters["shop"] = role
        answer = case.call(
            base_url=f"http://{shop.address}",
            headers={**shop.headers, "Idempotency-Key": secrets.token_hex(8)},
        )
        assert answer.status_code < _FAULT, (operation.label, answer.text)
        if answer.status_code >= 400:
            problem = json.loads(answer.content)
            assert problem["status"] == answer.status_code
            assert problem["code"]
            assert problem["detail_fr"]

    asked()
