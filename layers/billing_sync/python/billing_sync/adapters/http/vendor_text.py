"""A vendor's text, made safe where it enters: secrets out, then control characters, then cut."""

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation

MESSAGE_LENGTH = 300
_SECRET = "<SECRET>"  # noqa: S105 - what is shown in its place
_NO_WORD = 8  # characters; a shorter secret may be part of a name, as in a record
# Control characters and line breaks, marks that reorder text, and halves of a character pair.
_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+"
)
_HTML = re.compile(rb"\s*<(!doctype )?html", re.IGNORECASE)
_URL_SAFE = {"+": "-", "/": "_"}  # base64 for addresses


class VendorText:
    """Cleans the texts of one vendor, which may repeat our credentials in any spelling.

    A secret is recognized in any case, plain, URL-encoded or escaped, and in base64 at any place.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets if secret for form in _forms(secret)}
        long = {form for form in forms if len(form) >= _NO_WORD}
        self._all, self._long = _pattern(forms), _pattern(long)
        self._parts = {max(re.findall(r"[^\W_]+|$", form), key=len).casefold() for form in long}

    def message(self, text: str, *, length: int = MESSAGE_LENGTH) -> str:
        """The text on one line of readable length, without secrets: half a one is not found."""
        return " ".join(_CONTROL.sub(" ", self._all.sub(_SECRET, text)).split())[:length]

    def data(self, text: str) -> object:
        """JSON with exact decimals; its texts at full length, without secrets and control.

        Raises ValueError or RecursionError for what is no usable JSON.
        """
        value: object = json.loads(text, parse_float=_number)
        folded = text.casefold()
        suspicious = _CONTROL.search(text) or "\\" in text
        return self._cleaned(value) if suspicious or self._maybe_in(folded) else value

    def _maybe_in(self, folded: str) -> bool:
        """Whether a secret may be in the text; much faster than to look for all its spellings."""
        return any(part in folded for part in self._parts)

    def _cleaned(self, value: object) -> object:
        if isinstance(value, str):
            found = self._long.sub(_SECRET, value) if self._maybe_in(value.casefold()) else value
            return _CONTROL.sub(" ", found)
        if isinstance(value, list):
            return [self._cleaned(each) for each in value]
        if isinstance(value, dict):
            return {self._cleaned(key): self._cleaned(each) for key, each in value.items()}
        return value


def is_html(body: bytes, content_type: str) -> bool:
    """Whether a body is an HTML page, by its content type or its beginning."""
    return "html" in content_type.casefold() or bool(_HTML.match(body))


def vendor_message(body: bytes) -> str:
    """The vendor's message from a body of any shape, not cleaned yet."""
    text = body.decode("utf-8", errors="replace")
    try:
        return _message_in(json.loads(text)) or text
    except (ValueError, RecursionError):
        return text


def names_client_id(text: str) -> bool:
    """Whether a vendor's message or code is about ConnectWise's client id, however spelled."""
    return "clientid" in "".join(filter(str.isalnum, text)).casefold()


def _message_in(data: object) -> str:
    if isinstance(data, str):
        return data
    if isinstance(data, list):
        return "; ".join(filter(None, map(_message_in, data)))
    if isinstance(data, dict):
        # Huntress does not document its error body; ConnectWise gives message and errors.
        code = str(data.get("code", ""))
        found = (_message_in(data.get(key)) for key in ("message", "error", "errors"))
        return "; ".join(filter(None, (code if names_client_id(code) else "", *found)))
    return ""


def _number(text: str) -> Decimal | float:
    try:
        return Decimal(text)
    except InvalidOperation:  # 1e9999999999999999999 is legal JSON; its record alone is unusable
        return float("nan")


def _forms(secret: str) -> Iterator[str]:
    """The secret, its base64, and its part in that of a longer text, by its place there."""
    yield secret
    yield base64.b64encode(secret.encode()).decode()
    for before in range(3):
        encoded = base64.b64encode(b"?" * before + secret.encode()).decode()
        first, last = -(-before * 8 // 6), (before + len(secret.encode())) * 8 // 6
        if last - first >= _NO_WORD:
            yield encoded[first:last]


def _pattern(forms: Iterable[str]) -> re.Pattern[str]:
    """Any of the forms, the longest first; nothing where there is none."""
    longest_first = sorted(forms, key=len, reverse=True)
    spelled = ("".join(map(_spelled, form)) for form in longest_first)
    return re.compile("|".join(spelled) or r"(?!)", re.IGNORECASE)


def _spelled(character: str) -> str:
    if character.isalnum():
        return re.escape(character)
    encoded = "".join(f"%{byte:02x}" for byte in character.encode())
    other = _URL_SAFE.get(character, character)
    code = ord(character)
    escaped = {f"\\{character}", f"\\u{code:04x}", f"&#{code};", f"&#x{code:x};"}
    ways = {character, other, encoded, html.escape(character), *escaped}
    return f"(?:{'|'.join(sorted(map(re.escape, ways), key=len, reverse=True))})"
