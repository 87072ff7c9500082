"""A real nginx (Debian's), on an address of loopback of its own, that can be killed and come back."""

import os
import random
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PORT, TLS_PORT = 8080, 8443

CONFIGURATION = """
pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1; user root;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{ listen {address}:{port}; {tls} location / {{ return 200 "all is well\\n"; }} }}
}}
"""
TLS = "listen {address}:{port} ssl; ssl_certificate {file}; ssl_certificate_key {file};"


class Nginx:
    """Master and worker, as Debian runs them. `shows` is a PEM file with a key and its certificates, if any."""

    def __init__(self, folder: Path) -> None:
        subprocess.run([ROOT / "tools/from-debian", "nginx-light"], check=True)
        self._folder = folder
        # Any address of 127.0.0.0/8 is this machine's: a fixed port on one of millions is nobody else's.
        self.address = f"127.{random.randint(1, 254)}.{random.randint(1, 254)}.{random.randint(1, 254)}"
        self.port, self.tls_port = PORT, TLS_PORT

    def start(self, shows: Path | None = None) -> None:
        """Start it; it listens when this returns."""
        self._configure(shows)
        self._run()

    def show(self, shows: Path) -> None:
        """Show another certificate from now on, as a renewal does."""
        self._configure(shows)
        self._run("-s", "reload")

    def kill(self) -> None:
        """Kill all of it at once, as a crash would."""
        with suppress(FileNotFoundError, ProcessLookupError):
            os.killpg(int((self._folder / "nginx.pid").read_text()), signal.SIGKILL)
        (self._folder / "nginx.pid").unlink(missing_ok=True)

    def close(self) -> None:
        """End it, if it still lives."""
        self.kill()

    def _configure(self, shows: Path | None) -> None:
        tls = "" if shows is None else TLS.format(address=self.address, port=self.tls_port, file=shows)
        text = CONFIGURATION.format(folder=self._folder, address=self.address, port=self.port, tls=tls)
        (self._folder / "nginx.conf").write_text(text)

    def _run(self, *words: str) -> None:
        configuration = ("-p", str(self._folder), "-c", str(self._folder / "nginx.conf"), "-e", "stderr")
        subprocess.run(["nginx", *configuration, *words], check=True, timeout=60)
