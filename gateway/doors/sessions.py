"""A customer's session: a signed token that names an address, made by us or by a site that vouches for its user."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt

from desk import Address
from gateway.problems import DoorError

WIDGET = "widget"
SOCKETIO = "socketio"  # somebody else's client that speaks Rasa's socket protocol
_ISSUER = "zhiban"
_ALGORITHM = "HS256"
_VOUCH_AGE = timedelta(minutes=5)
_CLOCK_SKEW = timedelta(minutes=1)


@dataclass(frozen=True)
class Session:
    """Who writes: `user` is unguessable, or the site's own name for somebody it vouches for."""

    user: str
    language: str | None = None
    vouched_as: str | None = None
    channel: str = WIDGET
    vip: bool = False

    @property
    def address(self) -> Address:
        # Two accounts, so that no site can choose the name of an anonymous customer, nor the reverse.
        return Address(channel=self.channel, account="site" if self.vouched_as else "anonymous", user=self.user)


@dataclass(frozen=True)
class Sessions:
    """Issues and reads sessions."""

    secret: bytes
    site_secret: str | None
    lifetime: timedelta
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def anonymous(self, language: str | None = None, channel: str = WIDGET) -> Session:
        return Session(user=secrets.token_urlsafe(16), language=language, channel=channel)

    def vouched(self, user: str, at: int, signature: str, language: str | None = None, *, vip: bool = False) -> Session:
        """The session of the site's own user. Raises DoorError when the site's signature does not hold."""
        if not self.site_secret or not self._fresh(at):
            raise DoorError("vouch_refused")
        said = f"{user}|{at}|vip" if vip else f"{user}|{at}"
        expected = hmac.new(self.site_secret.encode(), said.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected.encode(), signature.lower().encode()):
            raise DoorError("vouch_refused")
        return Session(user=user, language=language, vouched_as=user, vip=vip)

    def issue(self, session: Session) -> tuple[str, datetime]:
        """The token of `session` and when it ends."""
        issued = self.now().replace(microsecond=0)
        ends = issued + self.lifetime
        claims = {"iss": _ISSUER, "sub": session.user, "iat": issued, "exp": ends}
        claims |= {"lang": session.language} if session.language else {}
        claims |= {"vouched": True} if session.vouched_as else {}
        claims |= {"vip": True} if session.vip else {}
        claims |= {"channel": session.channel} if session.channel != WIDGET else {}
        return jwt.encode(claims, self._key, algorithm=_ALGORITHM), ends

    def read(self, token: object) -> Session | None:
        """The session behind `token`, or None when we did not issue it or it has ended."""
        if not isinstance(token, str) or len(token) > 2000:
            return None
        try:
            claims = jwt.decode(
                token,
                self._key,
                algorithms=[_ALGORITHM],
                issuer=_ISSUER,
                options={"require": ["sub", "exp", "iat"], "verify_exp": False, "verify_iat": False},
            )
        except (jwt.InvalidTokenError, ValueError):
            return None
        if claims["exp"] <= self.now().timestamp():
            return None
        user = claims["sub"]
        vouched_as = user if claims.get("vouched") else None
        return Session(user, claims.get("lang"), vouched_as, claims.get("channel", WIDGET), claims.get("vip") is True)

    @property
    def _key(self) -> bytes:
        return hashlib.sha256(b"customer-session|" + self.secret).digest()

    def _fresh(self, at: int) -> bool:
        age = timedelta(seconds=self.now().timestamp() - at)
        return -_CLOCK_SKEW <= age <= _VOUCH_AGE
