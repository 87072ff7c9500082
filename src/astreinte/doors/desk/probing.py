"""The words of the kinds of checks and of their options, for who declares a check on the desk.

The engine documents its options in English, for the command line; here they are said in the reader's language.
"""

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as lazy

Text = Any
"""A text that waits for its language."""


class Words(NamedTuple):
    """What is said of an option: its label, a hint, and what is right when a value is refused (else the hint)."""

    label: Text
    hint: Text = ""
    right: Text = ""


KINDS: dict[str, Text] = {
    "boot": lazy("It did not start a short while ago"),
    "clock": lazy("Its clock is right"),
    "disk": lazy("Its disks have room left"),
    "dns": lazy("A name server answers as it should"),
    "http": lazy("A site answers as it should"),
    "icmp": lazy("The machine answers pings"),
    "load": lazy("Its load"),
    "memory": lazy("It has memory left"),
    "mounts": lazy("Its disks take writes"),
    "oom": lazy("No process was killed for want of memory"),
    "plugin": lazy("A Nagios-compatible plugin finds nothing wrong"),
    "pressure": lazy("Its work does not stand still for want of memory"),
    "swap": lazy("Its swap is not exhausted"),
    "tcp": lazy("A port accepts connections"),
    "tls": lazy("A certificate is in date, of the right name and trusted"),
    "units": lazy("Its declared services run, and none failed (systemd)"),
}

FINER = ("timeout_s", "family", "margin_points", "margin_gib", "ca_file")
"""Options that few checks change: behind a fold, with the pace."""

CHOICES: dict[str, list[tuple[str, Text]]] = {
    "family": [
        ("any", lazy("IPv4 first, then IPv6")),
        ("ipv4", lazy("IPv4 only")),
        ("ipv6", lazy("IPv6 only")),
    ],
    "method": [("GET", "GET"), ("HEAD", "HEAD")],
    "record": [(one, one) for one in ("A", "AAAA", "CNAME", "MX", "NS", "SOA", "TXT")],
    "starttls": [("none", lazy("nothing: TLS at once")), ("smtp", "SMTP"), ("imap", "IMAP")],
}

BESIDE = {"exactly": "expect"}
"""A refusal of a box to tick is told beside the field that it depends on."""

WITH_COMMAS = lazy("Names with commas between.")
NO_LIMIT = lazy("No limit when left empty.")
OF_ITS_ADDRESS = lazy("The server's address when left empty.")

WORDS: dict[str, Words] = {
    "timeout_s": Words(lazy("Longest wait (seconds)"), lazy("At most 60.")),
    "family": Words(lazy("Addresses used")),
    "port": Words(lazy("Port")),
    "margin_points": Words(lazy("Margin (points)"), lazy("So far beyond a limit until its level is over.")),
    "margin_gib": Words(lazy("Margin (GiB)"), lazy("So far beyond a limit until its level is over.")),
    "ca_file": Words(
        lazy("File of the authorities to trust"),
        lazy("PEM, on the machine of the probes; the system's when left empty."),
    ),
    "warn_over_s": Words(lazy("Slow from (seconds)"), lazy("A right answer that takes longer is a warning.")),
    "boot.recent_s": Words(lazy("A start is told for (seconds)")),
    "clock.server": Words(
        lazy("Time server (NTP)"),
        lazy("Empty: the kernel is asked, which needs no network and does not prove that the time is right."),
    ),
    "clock.port": Words(lazy("Port of the time server")),
    "clock.warning_over_s": Words(lazy("Warning above (seconds ahead or behind)")),
    "clock.critical_over_s": Words(lazy("Critical above (seconds ahead or behind)")),
    "disk.mount": Words(lazy("Mount point"), lazy("Every filesystem on disk when left empty.")),
    "disk.warning_used_percent": Words(
        lazy("Warning from (percent used)"), lazy("Only together with the room left, in the next field.")
    ),
    "disk.warning_free_gib": Words(lazy("and below (GiB left)")),
    "disk.critical_used_percent": Words(
        lazy("Critical from (percent used)"), lazy("Only together with the room left, in the next field.")
    ),
    "disk.critical_free_gib": Words(lazy("and below (GiB left)")),
    "disk.critical_avail_percent": Words(lazy("Critical below (percent available), whatever the size")),
    "disk.warning_inodes_free_percent": Words(lazy("Warning below (percent of inodes free)")),
    "disk.critical_inodes_free_percent": Words(lazy("Critical below (percent of inodes free)")),
    "dns.name": Words(
        lazy("Name that is asked for"),
        lazy("For example shop.kermor.example"),
        lazy("Write a host name, for example shop.kermor.example."),
    ),
    "dns.record": Words(lazy("Record")),
    "dns.server": Words(
        lazy("Who is asked"),
        lazy("“target”: this server; “system”: the name server of our machine; or an address."),
    ),
    "dns.port": Words(lazy("Port of the name server")),
    "dns.expect": Words(
        lazy("Values that must be answered"),
        lazy("With | between them; of an MX: 10 mail.kermor.example. Any answer is right when left empty."),
    ),
    "dns.exactly": Words(
        lazy("Nothing else may be answered"),
        "",
        lazy("Write here the values that must be answered, or untick “Nothing else may be answered”."),
    ),
    "http.tls": Words(lazy("HTTPS")),
    "http.port": Words(lazy("Port"), lazy("80, or 443 with HTTPS, when left empty.")),
    "http.path": Words(
        lazy("Path"),
        lazy("From the slash on, for example /health"),
        lazy("It begins with / and has neither blanks nor accents, for example /health."),
    ),
    "http.host": Words(
        lazy("Name of the site"),
        OF_ITS_ADDRESS,
        lazy("Write a host name, for example shop.kermor.example."),
    ),
    "http.method": Words(lazy("Method")),
    "http.status": Words(
        lazy("Codes that are right"),
        lazy("For example 200, or 200-399,401"),
        lazy("Write codes and ranges with commas between, for example 200-399,401."),
    ),
    "http.text": Words(
        lazy("Text that the page must contain"),
        lazy("In its first MiB; with the method GET alone."),
        lazy("A text is looked for with the method GET alone. Choose GET, or leave it empty."),
    ),
    "http.verify": Words(lazy("Refuse a certificate that is expired, untrusted or of another name")),
    "http.ca_file": Words(
        lazy("File of the authorities to trust"),
        lazy("PEM, on the machine of the probes; the system's when left empty."),
        lazy("It has a sense only with HTTPS and a checked certificate. Tick both, or leave it empty."),
    ),
    "icmp.timeout_s": Words(
        lazy("Longest wait (seconds)"),
        lazy("At most 60."),
        lazy("It takes longer to send so many packets. Write a longer wait, or fewer packets."),
    ),
    "icmp.packets": Words(lazy("Packets of a burst"), lazy("From 3 to 20.")),
    "icmp.warning_loss_percent": Words(lazy("Warning from (percent lost)")),
    "icmp.critical_loss_percent": Words(lazy("Critical from (percent lost)")),
    "icmp.warning_rtt_s": Words(lazy("Warning above (seconds there and back)"), NO_LIMIT),
    "icmp.critical_rtt_s": Words(lazy("Critical above (seconds there and back)"), NO_LIMIT),
    "load.warning_per_cpu": Words(lazy("Warning above (load per processor over 5 minutes)"), NO_LIMIT),
    "memory.warning_available_percent": Words(lazy("Warning below (percent available)")),
    "memory.critical_available_percent": Words(lazy("Critical below (percent available)")),
    "memory.warning_after_s": Words(lazy("A shortage is a warning after (seconds)")),
    "mounts.read_only": Words(lazy("Mount points that are meant to be read-only"), WITH_COMMAS),
    "oom.declared": Words(lazy("Programs or units whose death is critical"), WITH_COMMAS),
    "oom.recent_s": Words(lazy("A killed process is told for (seconds)")),
    "plugin.plugin": Words(
        lazy("File name of the plugin"),
        lazy("For example check_ssh"),
        lazy("Write a file name without its folder, for example check_ssh."),
    ),
    "plugin.arguments": Words(
        lazy("Arguments"),
        lazy(
            "Quoted as for a shell; {address} and {host} stand for the server's."
            " Never a secret: every user of the machine can read them."
        ),
        lazy("A quote is opened and not closed."),
    ),
    "pressure.warning_memory_full": Words(
        lazy("Warning above (percent of a minute that all work stood still for want of memory)"), NO_LIMIT
    ),
    "pressure.critical_memory_full": Words(
        lazy("Critical above (percent of a minute that all work stood still for want of memory)"), NO_LIMIT
    ),
    "pressure.warning_io_full": Words(
        lazy("Warning above (percent of a minute that all work stood still for want of disks)"), NO_LIMIT
    ),
    "pressure.warning_cpu_some": Words(
        lazy("Warning above (percent of a minute that some work waited for a processor)"), NO_LIMIT
    ),
    "swap.warning_free_percent": Words(
        lazy("Warning below (percent free)"),
        lazy("Only together with the pages read back, in the next field."),
    ),
    "swap.warning_faults_per_s": Words(lazy("and from (pages read back from disk each second)")),
    "tls.name": Words(
        lazy("Name that the certificate must cover"),
        OF_ITS_ADDRESS,
        lazy("Write a host name, for example shop.kermor.example."),
    ),
    "tls.warning_days": Words(lazy("Warning below (days left)")),
    "tls.critical_days": Words(lazy("Critical below (days left)")),
    "tls.starttls": Words(lazy("Spoken before TLS begins")),
    "units.declared": Words(
        lazy("Units that must run"),
        lazy("Names with commas between; nginx means nginx.service."),
        lazy("Write names of units with commas between, for example nginx, mariadb.service."),
    ),
    "units.ignored": Words(lazy("Units that may fail"), WITH_COMMAS),
    "units.failed_after_s": Words(lazy("Any other unit that failed is a warning after (seconds)")),
    "units.restarts": Words(lazy("Warning above so many restarts of a unit by itself")),
    "units.restarts_within_s": Words(lazy("Restarts are counted over (seconds)")),
}


def words(kind: str, option: str) -> Words:
    """Return what is said of an option of a kind: its own words, or those that it shares with other kinds."""
    return WORDS.get(f"{kind}.{option}") or WORDS[option]
