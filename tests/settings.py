"""The project's own settings, in a data folder of this run; what is slow for safety's sake is made quick.

A test that starts a real process gives it a data folder of its own, and the project's settings.
"""

import atexit
import os
import shutil
import tempfile

DATA = tempfile.mkdtemp(prefix="astreinte-tests-")
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
for _name in [name for name in os.environ if name.startswith("ASTREINTE_") and name != "ASTREINTE_DATABASE"]:
    del os.environ[_name]  # the developer's own installation is not what is tested
os.environ["ASTREINTE_DATA"] = DATA

from astreinte.project import settings as _project  # noqa: E402  the data folder is chosen before it is read

globals().update({name: value for name, value in vars(_project).items() if name.isupper()})

INSTALLED_APPS = [*_project.INSTALLED_APPS, "tests.records.sample"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES = {
    "default": {
        **_project.DATABASES["default"],
        "TEST": {"NAME": os.path.join(DATA, "tests.sqlite3")}
        if not os.environ.get("ASTREINTE_DATABASE")
        else {},
    }
}
STATIC_ROOT = None  # the finders find them; `up` makes the folder of a real installation
