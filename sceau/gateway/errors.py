# SPDX-License-Identifier: Apache-2.0
"""Why the gateway does not start, or refuses a request before any role sees it."""

from __future__ import annotations

from sceau.errors import InputError, KeyFileError, NotFoundError, SceauError


class GatewayConfigInvalid(InputError):
    """The gateway's file does not fit its shape."""

    code = "gateway-config-invalid"


class GatewayExposed(InputError):
    """The gateway would be reached from other machines without TLS."""

    code = "gateway-exposed"


class GatewayAddressWrong(InputError):
    """The address to listen at is none, or cannot be used."""

    code = "gateway-address-wrong"


class TokenWeak(KeyFileError):
    """A client's token is too short."""

    code = "token-weak"


class TokenExposed(KeyFileError):
    """Others on this machine may read a client's token."""

    code = "token-exposed"


class TokenShared(KeyFileError):
    """Two clients have one token."""

    code = "token-shared"


class GatewayError(SceauError):
    """A request that is refused before any role sees it."""

    http_status = 400


class HostUnknown(GatewayError):
    """The gateway is not known by the name in ``Host``."""

    code = "host-unknown"
    http_status = 421


class FromAPage(GatewayError):
    """A page in a browser made the request."""

    code = "from-a-page"
    http_status = 403


class BodyTooLong(GatewayError):
    """The body is longer than any document."""

    code = "body-too-long"
    http_status = 413


class BodyTooSlow(GatewayError):
    """The body did not come in time."""

    code = "body-too-slow"
    http_status = 408


class BodyNotJson(GatewayError):
    """The body is not said to be JSON."""

    code = "body-not-json"
    http_status = 415


class BodyMalformed(GatewayError):
    """The body does not have its shape."""

    code = "body-malformed"
    http_status = 422


class ParameterMalformed(GatewayError):
    """A parameter of the address or a header is not written as it must be."""

    code = "parameter-malformed"
    http_status = 422


class TokenMissing(GatewayError):
    """The request shows no token, or one that no client has."""

    code = "token-missing"
    http_status = 401


class RightMissing(GatewayError):
    """The client may read, and not write."""

    code = "right-missing"
    http_status = 403


class RequestKeyMissing(GatewayError):
    """A request that writes has no ``Idempotency-Key``, or one that is none."""

    code = "request-key-missing"


class TooManyRequests(GatewayError):
    """A client asks more often than it may."""

    code = "too-many-requests"
    http_status = 429


class ShopBusy(GatewayError):
    """So many requests wait for a shop that no more may."""

    code = "shop-busy"
    http_status = 503


class ShopUnknown(NotFoundError):
    """There is no such shop, or the client may not ask for it."""

    code = "shop-unknown"


class RoleDiffers(NotFoundError):
    """The shop has another role than the one that does this."""

    code = "role-differs"


class AddressUnknown(NotFoundError):
    """Nothing is served at this address."""

    code = "address-unknown"


class MethodWrong(GatewayError):
    """The address takes another method."""

    code = "method-wrong"
    http_status = 405


class GatewayFailed(GatewayError):
    """Something that nobody foresaw."""

    code = "gateway-failed"
    http_status = 500
