"""Where credentials may travel: by https, to the vendor's hosts or the site they were made for."""

from urllib.parse import SplitResult, urlsplit

from billing_sync.domain.errors import Fatal

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_CONNECTWISE_CLOUD = (".myconnectwise.net", ".connectwisedev.com")


def huntress_address(base_url: str, *, allow_loopback: bool) -> str:
    """The origin of Huntress's API, with a slash at the end; raises Fatal for a foreign host."""
    address = _checked(base_url, "base_url in the Huntress secret", allow_loopback=allow_loopback)
    host = address.hostname or ""
    if host not in _LOOPBACK and host != "huntress.io" and not host.endswith(".huntress.io"):
        raise Fatal(f"base_url in the Huntress secret: {host} is not a Huntress host.")
    return _origin(address, host)


def connectwise_address(site: str, *, allow_loopback: bool) -> str:
    """The origin of ConnectWise's API, with a slash at the end, from the secret's `site`.

    Cloud sites answer API calls on a host with "api-" before its name; without it they answer
    "SSL is required" (ConnectWise Developer Guide). On-premises servers keep their own host.
    """
    address = _checked(site, "site in the ConnectWise secret", allow_loopback=allow_loopback)
    host = address.hostname or ""
    if host.endswith(_CONNECTWISE_CLOUD) and not host.startswith("api-"):
        host = f"api-{host}"
    return _origin(address, host)


def _checked(text: str, field: str, *, allow_loopback: bool) -> SplitResult:
    try:
        address = urlsplit(text if "://" in text else f"https://{text}")
        _ = address.port
    except ValueError as error:
        raise Fatal(f"{field} is no address: {error}.") from None
    loopback = address.hostname in _LOOPBACK
    if not address.hostname or address.username is not None or address.password is not None:
        raise Fatal(f"{field}: a host name or https address is needed, without user and password.")
    if loopback and not allow_loopback:
        raise Fatal(f"{field}: {address.hostname} is this machine itself.")
    if address.scheme != "https" and not (loopback and address.scheme == "http"):
        raise Fatal(f"{field}: {address.hostname} must be reached by https.")
    return address


def _origin(address: SplitResult, host: str) -> str:
    name = f"[{host}]" if ":" in host else host
    port = f":{address.port}" if address.port else ""
    return f"{address.scheme}://{name}{port}/"
