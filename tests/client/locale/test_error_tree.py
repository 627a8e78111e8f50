# SPDX-License-Identifier: Apache-2.0
"""One tree of errors: a caller catches by class, and the class says the exit code and the HTTP status."""

from __future__ import annotations

import copy

import pytest

from sceau import errors
from sceau.chain import errors as chain_errors
from sceau.chain.contract_errors import ContractError
from sceau.chain.errors import ChainOfAnother
from sceau.chain.registries.errors import EntriesIncomplete
from sceau.claim.errors import HistoryIncomplete
from sceau.cli.exits import Exit, exit_of
from sceau.gateway.errors import GatewayError
from sceau.settings import NoNodeAnswers
from sceau.store.errors import StoreLocked
from tests.client.locale.tree import below, errors_of_the_library

BASES = (
    errors.InputError,
    errors.ExtraMissing,
    errors.NodeError,
    errors.TransactionError,
    ContractError,
    errors.MessageError,
    errors.PolicyError,
    errors.StoreError,
    errors.VerdictError,
    GatewayError,
)
#: What another node may mend.
OF_NODES = {
    chain_errors.NodeUnreachable,
    chain_errors.NotANode,
    chain_errors.NodeRefused,
    chain_errors.NodeStale,
    chain_errors.HeadInFuture,
    chain_errors.ChainStopped,
    chain_errors.NodeBehind,
    chain_errors.BlockChanged,
    chain_errors.AnswerUnproved,
    chain_errors.BlocksConflict,
    chain_errors.ProofIncomplete,
    chain_errors.WrongChain,
    chain_errors.ContractNotDeployed,
    chain_errors.ContractCodeDiffers,
    ChainOfAnother,
    NoNodeAnswers,
    HistoryIncomplete,
    EntriesIncomplete,
}


#: The exit code and the HTTP status of every class that states one itself; the others have their base's.
STATED = {
    "BackupInvalid": (1, 422),
    "ClauseUnknown": (1, 422),
    "ContractError": (1, 409),
    "DifferenceNotConfirmed": (1, 409),
    "ExtraMissing": (1, 501),
    "GatewayError": (1, 400),
    "GatewayFailed": (1, 500),
    "TokenMissing": (1, 401),
    "FromAPage": (1, 403),
    "RightMissing": (1, 403),
    "ShopBusy": (1, 503),
    "MethodWrong": (1, 405),
    "BodyTooSlow": (1, 408),
    "BodyTooLong": (1, 413),
    "BodyNotJson": (1, 415),
    "HostUnknown": (1, 421),
    "BodyMalformed": (1, 422),
    "ParameterMalformed": (1, 422),
    "TooManyRequests": (1, 429),
    "InputError": (1, 422),
    "KeyHasHistory": (1, 409),
    "MarkReplacedOrder": (1, 409),
    "MessageError": (1, 422),
    "NodeError": (5, 503),
    "NodesDisagree": (6, 504),
    "NotFoundError": (1, 404),
    "NotOfVersionBefore": (1, 404),
    "OutboxFull": (1, 503),
    "OrderStands": (1, 409),
    "PolicyBroken": (1, 422),
    "PolicyError": (1, 403),
    "PolicyFolderMissing": (1, 422),
    "PolicyUnknown": (1, 422),
    "RequestDiffers": (1, 422),
    "RequestErased": (1, 410),
    "StoreError": (1, 409),
    "StoreLocked": (7, 503),
    "StoreMissing": (1, 422),
    "StoreNotThere": (1, 404),
    "StoreUnusable": (1, 503),
    "TransactionError": (1, 409),
    "TransactionUnsettled": (6, 504),
    "VerdictError": (1, 409),
    "VerdictInDoubt": (4, 409),
    "VerdictOfStaleNode": (5, 503),
    "VerdictRefused": (3, 409),
}


def test_every_error_hangs_under_one_base() -> None:
    for kind in errors_of_the_library():
        assert len([base for base in BASES if issubclass(kind, base)]) == 1, kind


def test_every_class_states_a_documented_exit_code_and_an_http_status() -> None:
    for kind in errors_of_the_library():
        assert kind.exit_code in set(Exit), kind
        assert 400 <= kind.http_status < 600, kind


def test_programs_may_rely_on_the_exit_code_and_the_status_of_a_class() -> None:
    stating = [
        kind for kind in errors_of_the_library() if not {"exit_code", "http_status"}.isdisjoint(vars(kind))
    ]
    assert {kind.__name__: (kind.exit_code, kind.http_status) for kind in stating} == STATED


@pytest.mark.parametrize(
    ("base", "code"),
    [
        (errors.InputError, 1),
        (errors.NodeError, 5),
        (ContractError, 1),
        (errors.MessageError, 1),
        (errors.PolicyError, 1),
        (errors.StoreError, 1),
        (errors.VerdictError, 1),
    ],
)
def test_the_exit_code_is_the_base_class_s(base: type[errors.SceauError], code: int) -> None:
    others = {kind for kind in below(base) if kind.exit_code != code}
    assert base.exit_code == code
    # A verdict that is refused, in doubt, or of a node too old to be believed answers as `verify` answered; a store
    # without its key is unlike one that is held up.
    of_their_own = {errors.VerdictError: {3, 4, 5}, errors.StoreError: {StoreLocked.exit_code}}
    assert {kind.exit_code for kind in others} <= of_their_own.get(base, set())


def test_a_sent_transaction_that_waits_has_a_code_of_its_own() -> None:
    error = chain_errors.TransactionNotMined(hash="0x12", seconds=30)
    assert exit_of(error) is Exit.NOT_MINED


def test_what_another_node_may_mend_is_a_node_s_error() -> None:
    assert {kind for kind in errors_of_the_library() if issubclass(kind, errors.NodeError)} == OF_NODES | {
        errors.NodeError
    }


@pytest.mark.parametrize(
    ("error", "base"),
    [
        (chain_errors.NodeStale(number=7, age=90, limit=60), errors.NodeError),
        (chain_errors.WrongPassword(path="key.json"), errors.KeyFileError),
        (chain_errors.WrongPassword(path="key.json"), errors.InputError),
        (chain_errors.TransactionReverted(hash="0x12", block=7), errors.TransactionError),
    ],
)
def test_a_caller_catches_by_the_base_class(error: errors.SceauError, base: type[errors.SceauError]) -> None:
    with pytest.raises(base):
        raise error


def test_an_error_is_copied_with_its_class_and_details() -> None:
    error = chain_errors.NodeStale(number=7, age=90, limit=60)
    again = copy.copy(error)
    assert (type(again), again.details) == (chain_errors.NodeStale, error.details)
