"""How a command ended, as an exit code and one line: no traceback meets a person on call.

Errors are told apart by what they are, looked up among the modules already loaded, so that a command
that needs no database does not load one to find out that it had no database error.
"""

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from typer.exceptions import Abort, Exit, TyperException

DONE, WRONG, NOT_NOW, OUR_OWN, INTERRUPTED = 0, 2, 3, 70, 130


def of(command: Callable[[], object]) -> int:
    """Run the command and return its exit code; what went wrong is said on stderr."""
    try:
        code = command()
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough (`… | head`); what is still buffered must not fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exit as left:
        return left.exit_code
    except (KeyboardInterrupt, Abort):
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except TyperException as error:
        return _wrong_use(error)
    except Exception as error:
        return _failed(error)
    return code if isinstance(code, int) else DONE


def _wrong_use(error: TyperException) -> int:
    show = getattr(error, "show", None)  # click's errors show the usage, or the help when nothing was asked
    if show:
        show()
    else:
        print(f"error: {error}", file=sys.stderr)
    return WRONG


def _failed(error: Exception) -> int:
    if os.environ.get("ASTREINTE_DEBUG", "").lower() in {"1", "true", "yes"}:
        traceback.print_exception(error)
    if _is(error, "astreinte.doors.cli.booting", "NotMadeError"):
        print(f"error: {_words(error)}", file=sys.stderr)
        return NOT_NOW
    if _is_bad_input(error):
        print(f"error: {_words(error)}", file=sys.stderr)
        return WRONG
    if _is_not_made(error):
        print(
            f"error: the database of {_folder()} is not made, or is of another version; `astreinte up` makes it"
            " (ASTREINTE_DATA names another folder)",
            file=sys.stderr,
        )
        return NOT_NOW
    if _is_not_now(error):
        print(f"error: not now, nothing was changed: {_words(error)}; try again", file=sys.stderr)
        return NOT_NOW
    print(f"error: {type(error).__name__}: {_words(error)} ({_kept(error)})", file=sys.stderr)
    return OUR_OWN


def _is_bad_input(error: Exception) -> bool:
    """Ours but no RuntimeError (the code is wrong then), Django's refusals, a file not to be had."""
    ours = type(error).__module__.startswith("astreinte.") and not isinstance(error, RuntimeError)
    return (
        ours
        or _is(error, "django.core.exceptions", "ValidationError", "ObjectDoesNotExist")
        or _is_file(error)
    )


def _is_file(error: Exception) -> bool:
    return isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError | NotADirectoryError)


def _is_not_made(error: Exception) -> bool:
    """The tables of this version are not there: nobody has started it yet, or not since it was upgraded."""
    said = str(error)
    absent = "no such table" in said or "no such column" in said or "does not exist" in said
    return absent and _is(error, "django.db", "OperationalError", "ProgrammingError")


def _is_not_now(error: Exception) -> bool:
    """The database is busy; or a PDF is wanted where nothing can draw one."""
    return _is(error, "django.db", "OperationalError") or _is(
        error, "astreinte.words.printing", "PrintingError"
    )


def _is(error: Exception, module: str, *names: str) -> bool:
    loaded = sys.modules.get(module)
    kinds = tuple(getattr(loaded, name) for name in names) if loaded else ()
    return isinstance(error, kinds)


def _words(error: Exception) -> str:
    messages = getattr(error, "messages", None)  # Django's ValidationError holds several
    return "; ".join(str(message) for message in messages) if messages else str(error) or type(error).__name__


def _kept(error: Exception) -> str:
    """Keep the traceback in the data folder and say where, or say how to see it."""
    path = _folder() / "errors.log"
    try:
        with path.open("a", encoding="utf-8") as log:
            log.write("".join(traceback.format_exception(error)) + "\n")
    except OSError:
        return "say it again with ASTREINTE_DEBUG=1 to see where"
    return f"the traceback is in {path}"


def _folder() -> Path:
    return Path(os.environ.get("ASTREINTE_DATA") or "var").resolve()
