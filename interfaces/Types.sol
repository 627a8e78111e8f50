// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @dev Number of a party. The registry numbers parties in order of admission, from 1. Zero is no party. 32 bits leave
/// room for the marks in a claim's first slot.
type PartyId is uint32;

/// @dev keccak256(abi.encode(commitment, key)). It is bound to the key, so that nobody else can occupy it.
type ConsentId is bytes32;

/// @dev keccak256(abi.encode(practice, nonce)). It is bound to the practice, so that no other party can take it.
type ClaimId is bytes32;

/// @dev Roles of a party, as bits of a mask.
uint8 constant ROLE_PRACTICE = 1;
uint8 constant ROLE_SUPPLIER = 2;
uint8 constant ROLE_PAYER = 4;
uint8 constant ROLE_AUDITOR = 8;
uint8 constant ROLE_MASK = 15;

/// @dev Groups of an order. Each group has its own lock and its own tag. The number of a group is its index in locks
/// and tags and its bit in a mask of mismatches. The groups are act codes, lens product, correction as ordered, and
/// quantity and eyes.
uint8 constant GROUP_ACT_CODES = 0;
uint8 constant GROUP_LENS_PRODUCT = 1;
uint8 constant GROUP_CORRECTION = 2;
uint8 constant GROUP_QUANTITY = 3;
uint256 constant GROUPS = 4;

function equals(PartyId a, PartyId b) pure returns (bool) {
    return PartyId.unwrap(a) == PartyId.unwrap(b);
}

function differs(PartyId a, PartyId b) pure returns (bool) {
    return PartyId.unwrap(a) != PartyId.unwrap(b);
}

/// @dev Whether the number is that of no party.
function isNone(PartyId party) pure returns (bool) {
    return PartyId.unwrap(party) == 0;
}

using {equals as ==, differs as !=, isNone} for PartyId global;
