"""Why a token is not exchanged, in the shapes the platform answers with."""

from __future__ import annotations

from fullmakt.foundation.terms.problem import PlainProblem, TextProblem


class NotExchanged(PlainProblem):
    """There is no token, or it does not hold, or it is not the provider's."""

    def __init__(self, detail: str) -> None:
        super().__init__(401, "Unauthorized", detail)


class UnknownProvider(TextProblem):
    """The address names no token provider."""

    def __init__(self, provider: str) -> None:
        super().__init__(
            400,
            f"Invalid token provider: {provider}. Trusted token providers are 'Maskinporten',"
            " 'Id-porten' and 'AltinnStudio'.",
        )


class EnterpriseUserGone(PlainProblem):
    """The request asks for an enterprise user, a kind of user that is no more."""

    def __init__(self) -> None:
        super().__init__(
            410,
            "Virksomhetsbruker is no longer available",
            kind="https://docs.altinn.studio",
        )
