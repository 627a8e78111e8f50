// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

// Contract wallets (ERC-1271) as patients may have them, and as an attacker would write them; and one that reads. For
// tests only.

/// @dev Asks many functions, and gives what each returns; reverts where one does.
contract Reader {
    function readAll(address[] calldata targets, bytes[] calldata questions)
        external
        view
        returns (bytes[] memory answers)
    {
        answers = new bytes[](questions.length);
        for (uint256 i; i < questions.length; ++i) {
            (bool success, bytes memory answer) = targets[i].staticcall(questions[i]);
            require(success, "a question was refused");
            answers[i] = answer;
        }
    }
}

/// @dev A plain wallet: accepts what its owner signed, and sends what its owner tells it to.
contract Wallet {
    address private immutable _owner;

    constructor(address owner) {
        _owner = owner;
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        if (signature.length != 65) return 0xffffffff;
        (bytes32 r, bytes32 s) = abi.decode(signature[:64], (bytes32, bytes32));
        address signer = ecrecover(hash, uint8(signature[64]), r, s);
        return signer == _owner ? bytes4(0x1626ba7e) : bytes4(0xffffffff);
    }

    function execute(address target, bytes calldata data) external {
        require(msg.sender == _owner, "not the owner");
        (bool success, bytes memory answer) = target.call(data);
        if (!success) {
            assembly {
                revert(add(answer, 32), mload(answer))
            }
        }
    }
}

/// @dev Answers any call with the same bytes, whatever was signed.
contract AnsweringWallet {
    bytes private _answer;

    constructor(bytes memory answer) {
        _answer = answer;
    }

    fallback(bytes calldata) external returns (bytes memory) {
        return _answer;
    }
}

/// @dev Refuses with an error of its own.
contract RevertingWallet {
    error PatientsHaveNoWallet();

    fallback() external {
        revert PatientsHaveNoWallet();
    }
}

/// @dev Calls another contract before it says yes.
contract ReenteringWallet {
    address private immutable _target;
    bytes private _data;
    bool private immutable _insists;

    constructor(address target, bytes memory data, bool insists) {
        _target = target;
        _data = data;
        _insists = insists;
    }

    fallback(bytes calldata) external returns (bytes memory) {
        (bool success,) = _target.call(_data);
        require(success || !_insists, "could not re-enter");
        return abi.encode(bytes4(0x1626ba7e));
    }
}

/// @dev Says yes only if a question of its own, put to another contract while it is asked, is answered with zeros.
contract ReadingWallet {
    address private _target;
    bytes private _question;

    function ask(address target, bytes calldata question) external {
        (_target, _question) = (target, question);
    }

    fallback(bytes calldata) external returns (bytes memory) {
        (, bytes memory answer) = _target.staticcall(_question);
        bool nothing = keccak256(answer) == keccak256(new bytes(answer.length));
        return abi.encode(answer.length > 0 && nothing ? bytes4(0x1626ba7e) : bytes4(0xffffffff));
    }
}

/// @dev Remembers that it was asked, before it says yes.
contract WritingWallet {
    uint256 public asked;

    fallback(bytes calldata) external returns (bytes memory) {
        ++asked;
        return abi.encode(bytes4(0x1626ba7e));
    }
}

/// @dev An authority that lets nobody do anything and reverts when asked.
contract RevertingAuthority {
    fallback() external {
        revert("nobody");
    }
}
