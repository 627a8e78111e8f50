// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @dev Number of a party, given in order of admission from 1. Zero means nobody. 32 bits leave room for the marks
/// in a claim's slot.
type PartyId is uint32;

/// @dev keccak256(abi.encode(commitment, key)): bound to the key, so that nobody else can occupy it.
type ConsentId is bytes32;

/// @dev keccak256(abi.encode(practice, nonce)): bound to the practice, so that nobody else can take it.
type ClaimId is bytes32;

/// @dev Roles of a party, as bits of a mask.
uint8 constant ROLE_PRACTICE = 1;
uint8 constant ROLE_SUPPLIER = 2;
uint8 constant ROLE_PAYER = 4;
uint8 constant ROLE_AUDITOR = 8;
uint8 constant ROLE_MASK = 15;

/// @dev Groups of an order that are sealed one by one, as indices of its locks and tags and as bits of a mask of
/// mismatches: act codes, lens product, correction as ordered, quantity and eyes.
uint8 constant GROUP_ACT_CODES = 0;
uint8 constant GROUP_LENS_PRODUCT = 1;
uint8 constant GROUP_CORRECTION = 2;
uint8 constant GROUP_QUANTITY = 3;
uint256 constant GROUPS = 4;

function samePartyId(PartyId a, PartyId b) pure returns (bool) {
    return PartyId.unwrap(a) == PartyId.unwrap(b);
}

using {samePartyId as ==} for PartyId global;
