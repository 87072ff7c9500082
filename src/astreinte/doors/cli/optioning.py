"""The options of a check as words of a command line: `port=8080 path=/health`, or `url=http://host:8080/health`."""

from collections.abc import Sequence
from types import UnionType
from typing import Any, get_args, get_type_hints
from urllib.parse import urlsplit

from astreinte.doors import offering
from astreinte.engine.probes import kinds
from astreinte.engine.probes.options import OptionError

SWITCH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def read(kind: str, words: Sequence[str]) -> dict[str, Any]:
    """Return the options that the words give, checked against the kind. Raises OptionError."""
    types = get_type_hints(kinds.kind_of(kind).schema)
    given: dict[str, Any] = {}
    for word in words:
        name, equals, text = word.partition("=")
        if not equals:
            raise OptionError(f"{word!r}: write OPTION=VALUE, for instance port=8080")
        if name == "url" and kind == "http":
            given |= _of_url(text)
        else:
            given[name] = _value(text, types.get(name))
    kinds.read_options(kind, given)
    return given


def refuse_elsewhere(kind: str, address: str) -> None:
    """Raise OptionError for a kind that looks at this very machine, on a server that is another one."""
    if kinds.kind_of(kind).remote:
        return
    if not offering.is_here(address):
        raise OptionError(
            f"kind: {kind} looks at this very machine, and {address} is another; give that server"
            " a check over the network, for instance http or tcp"
        )


def _of_url(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise OptionError(f"url: {url!r}: write http://HOST:PORT/PATH or https://HOST/PATH")
    try:
        port = parts.port
    except ValueError as error:
        raise OptionError(f"url: {url!r}: {error}") from None
    path = parts.path or "/"
    found: dict[str, Any] = {"path": f"{path}?{parts.query}" if parts.query else path, "host": parts.hostname}
    if port is not None:
        found["port"] = port
    return {**found, "tls": True} if parts.scheme == "https" else found


def _value(text: str, wanted: Any) -> Any:
    """Return the text as the type that the option takes; what does not fit, the kind refuses."""
    choices = get_args(wanted) if isinstance(wanted, UnionType) else (wanted,)
    if text == "null" and type(None) in choices:
        return None
    if bool in choices:
        return SWITCH.get(text.lower(), text)
    for number in (int, float):
        if number in choices:
            try:
                return number(text)
            except ValueError:
                continue
    return text
