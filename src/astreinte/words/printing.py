"""A page becomes a PDF, in a process of its own: drawing takes a second of CPU, and what draws is large.

PDF/A-3b, fonts embedded, A4. The page brings all that it needs: nothing is fetched, neither from the network nor
from the disk, whatever its text asks for. Run as a program (`python -m astreinte.words.printing`) this module
reads a page and writes the PDF; `--ready` asks only whether this machine can.
"""

import contextlib
import hashlib
import io
import os
import resource
import subprocess
import sys
import warnings

WITHIN_S = 120.0
"""A long contract takes two or three seconds; what takes this long never ends."""
MOST_MEMORY = 3 * 1024**3
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"
"""What WeasyPrint draws with, as Debian names it; DejaVu has the narrow no-break space (U+202F) of French."""

DRAWN, NOT_DRAWN, NOT_READY = 0, 1, 4


class PrintingError(RuntimeError):
    """The PDF cannot be made: says what is missing on this machine, or what is wrong with the page."""


def pdf(html: str) -> bytes:
    """Return a whole page as PDF; the same page gives the same bytes on the same machine.

    Takes a second or more, in a child process: call it outside any transaction, from a thread. Raises
    PrintingError.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", __spec__.name],
            input=html.encode(),
            capture_output=True,
            check=False,
            timeout=WITHIN_S,
            env=_environment(),
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        raise PrintingError(
            f"the PDF was not drawn within {WITHIN_S:g} s; the page itself can be read as HTML"
        ) from None
    except OSError as error:
        raise PrintingError(f"no process to draw the PDF in ({error.strerror}); try again") from None
    if done.returncode != DRAWN:
        raise PrintingError(_why(done.returncode, done.stderr.decode(errors="replace")))
    return done.stdout


def is_ready() -> bool:
    """Tell whether this process can draw; loads WeasyPrint and the libraries that it draws with."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        # Without its part that cuts fonts down WeasyPrint says so and goes on: each PDF would be megabytes.
        warnings.simplefilter("error", DeprecationWarning)
        try:
            import weasyprint  # noqa: F401, PLC0415  (libraries of the machine: may be missing, takes half a second)
        except (ImportError, OSError, DeprecationWarning):
            return False
    return True


def missing() -> str:
    """Say what this machine lacks for PDF, and the line that brings it."""
    return f"no PDF on this machine: as root, `apt-get install --yes --no-install-recommends {PACKAGES}`"


def _environment() -> dict[str, str]:
    """Return our environment without our own settings: what draws a page has no business with keys."""
    return {name: value for name, value in os.environ.items() if not name.startswith("ASTREINTE_")}


def _why(code: int, complained: str) -> str:
    if code == NOT_READY:
        return missing()
    last = complained.strip().rpartition("\n")[2]
    ended = f"killed by signal {-code}" if code < 0 else f"exit {code}"
    return f"the PDF was not drawn ({last or ended}); the page itself can be read as HTML"


def _draw(page: bytes) -> bytes:
    from weasyprint import HTML, urls  # noqa: PLC0415  (see is_ready)

    nothing = urls.URLFetcher(allowed_protocols=(), fail_on_errors=True)
    name = hashlib.sha256(page).hexdigest().encode()
    try:
        drawn: bytes = HTML(string=page.decode(), base_url="about:blank", url_fetcher=nothing).write_pdf(
            pdf_variant="pdf/a-3b", pdf_identifier=name
        )
    except urls.FatalURLFetchingError as error:
        raise PrintingError(f"{error}: a document brings all that it needs") from None
    return drawn


def _main(arguments: list[str]) -> int:
    if not is_ready():
        sys.stderr.write(missing())
        return NOT_READY
    if arguments == ["--ready"]:
        return DRAWN
    with contextlib.suppress(ValueError):  # a lower limit that the machine's owner set stays
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    try:
        drawn = _draw(sys.stdin.buffer.read())
    except Exception as error:
        sys.stderr.write(f"{type(error).__name__}: {error}".replace("\n", " "))
        return NOT_DRAWN
    sys.stdout.buffer.write(drawn)
    return DRAWN


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
