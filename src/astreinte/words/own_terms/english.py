"""The sentences of our own texts that depend on a value of the terms, in British English, by key and reading."""

PHRASES = {
    # -- quantities
    "hour.one": "{n} hour",
    "hour.many": "{n} hours",
    "minute.one": "{n} minute",
    "minute.many": "{n} minutes",
    "month.one": "{n} month",
    "month.many": "{n} months",
    "fee": "the monthly fee",
    "fees": "{n} times the monthly fee",
    "and": "{first} and {last}",
    "or": "{first} or {last}",
    "quoted": "“{name}”",
    "day.mon": "Monday",
    "day.tue": "Tuesday",
    "day.wed": "Wednesday",
    "day.thu": "Thursday",
    "day.fri": "Friday",
    "day.sat": "Saturday",
    "day.sun": "Sunday",
    "days.one": "on {first}",
    "days.range": "from {first} to {last}",
    "days.spans": "{days}, {spans}",
    "span": "from {start} to {end}",
    # -- article 1
    "id.none": "The times, hours and amounts in this text are those that the Provider's clock applies.",
    "id.named": "The times, hours and amounts in this text are those of the terms {id}, which the Provider's clock"
    " applies.",
    "documents.upgrade.on_acceptance": "When a new version of one of these documents appears, the version that the"
    " Client accepted goes on binding them until they accept the new one.",
    "documents.upgrade.on_effect": "When a new version of one of these documents appears, it binds the Client from the"
    " effective date that it bears, without their having to accept it.",
    # -- article 4
    "included.head": "A managed-hosting subscription, paid by the month, the quarter or the year, includes:",
    "included.nothing": "A managed-hosting subscription, paid by the month, the quarter or the year, includes only what"
    " the order lists.",
    "included.watch_servers": "watching the servers by probes and alerts: power, hardware, access over the network",
    "included.watch_systems": "watching the operating systems: disk space, memory, software that stops abnormally",
    "included.administration": "administering the operating systems, within the volume agreed",
    "included.security_watch": "following the flaws published for the system and the software that goes with it",
    "included.minor_updates": "applying their minor updates, security fixes among them",
    "included.major_updates": "conducting their major updates",
    "included.support": "access to technical support",
    "included.web_tickets": "the web interface, for incident and support tickets",
    "included.web_equipment": "in the web interface, the list of the equipment that is watched",
    "included.web_interventions": "in the web interface, the list of major interventions",
    "hours.volume.none": "The order agrees on no volume of administration: any administration task needs an agreement of"
    " its own.",
    "hours.volume.some": "Administration is included up to {volume} a month.",
    "hours.carry.none": "Agreed hours that are not used within the month are lost.",
    "hours.carry.next_month": "Agreed hours that are not used within the month are added to those of the next.",
    "hours.overrun.agreement": "Beyond the volume agreed, no hour is spent without the Client's express consent, except"
    " in an emergency.",
    "hours.overrun.refused": "Beyond the volume agreed, no administration task is done before the next month.",
    "support.web": "through the web interface",
    "support.email": "by e-mail",
    "support.phone": "by telephone",
    "support.chat": "by chat",
    "support.other": "by way of {name}",
    "plan.channels": "Technical support is reached {channels}.",
    "plan.slots.none": "The Provider chooses when minor updates are applied.",
    "plan.slots.some": "Minor updates are applied {slots}.",
    # -- article 5
    "priority.critical": "priority Critical, for a failure that stops a service of the server altogether, or that"
    " affects a function essential or urgent to the Client",
    "priority.urgent": "priority Urgent, for a failure that does not stop the service but degrades it",
    "priority.normal": "priority Normal, for a fault with no marked effect on the service",
    "priority.low": "priority Low, for all else",
    "priority.other": "priority {name}",
    "target": "{priority}: {time}",
    "target.both": "{business} in business hours, {non_business} in non-business hours",
    "target.business": "{business}, counted in business hours alone",
    "target.none": "no guaranteed time",
    "targets.head": "When an anomaly is reported or detected on a server, the Provider begins to intervene within a"
    " maximum time that depends on the priority of the ticket:",
    "targets.nothing": "No time to intervene is guaranteed.",
    "mixed_rule.reception": "Where a time is promised for each regime, the instant of receipt decides: the time of its"
    " regime applies whole, and runs without a break, by day and by night.",
    "mixed_rule.proportional": "Where a time is promised for each regime, each business hour uses up its share of the"
    " time for business hours and each non-business hour its share of the other; the deadline falls when all is used up.",
    "mixed_rule.separate": "Where a time is promised for each regime, each is counted down during its own regime alone;"
    " the first to be used up sets the deadline.",
    "channel.web": "a ticket opened in the web interface",
    "channel.phone": "a call to a published emergency number",
    "channel.email": "an e-mail",
    "channel.monitoring": "a confirmed alert of the probes",
    "channel.desk": "a report written down by the Provider's staff",
    "channel.api": "a ticket opened through the API",
    "channel.other": "a receipt by way of {name}",
    "clock_starts_on.some": "The time runs as soon as the Provider has received {channels}; what arrives by another way"
    " is dealt with, but starts no guaranteed time.",
    "clock_starts_on.nothing": "No receipt starts a guaranteed time.",
    "call_start.presented": "A call is received at its first ring, whether it is answered or not.",
    "call_start.answered": "A call is received when it is answered.",
    "stop_event.first_act": "The time ends at the first technical act of a person on the anomaly; to acknowledge it, or"
    " to assign it to somebody, is not enough.",
    "stop_event.acknowledgement": "The time ends when a person of the Provider says that they have taken the anomaly on.",
    "stop_event.restored": "The time ends when the service is restored.",
    "auto_repair_counts.confirmed": "An automatic repair is an intervention if a probe has seen the recovery and the"
    " Client is told of it.",
    "auto_repair_counts.never": "An automatic repair is never an intervention.",
    "critical.hardware.included": "A failure of hardware or network with the same effects as a failure of software gives"
    " the same rights.",
    "critical.hardware.without_penalty": "A failure of hardware or network with the same effects as a failure of software"
    " is handled at the same priority, but gives no right to a penalty.",
    "requalify.with_reason": "The Client declares the priority; the Provider may correct it and give the reason, and the"
    " time of the declared priority runs until then.",
    "requalify.client_only": "The Client declares the priority, and they alone may change it.",
    "pauses.none": "Nothing suspends the time, not even waiting for an answer of the Client.",
    "pauses.proven_access_loss": "The time is suspended while the access that the Client owes is proved to be lost;"
    " nothing else suspends it.",
    "merge.earliest": "Several reports of the same anomaly start a single time, which runs from the earliest.",
    "merge.each": "Each report starts a time of its own, even for an anomaly already reported.",
    "relapse_within": "An anomaly that comes back within {within} of a recovery that was seen is the same one; if the"
    " Provider had intervened already, a whole new time runs from the relapse.",
    "business_hours.some": "Business hours are: {hours}, in the time zone {zone}.",
    "business_hours.nothing": "There are no business hours; days are counted in the time zone {zone}.",
    "calendar.FR": "The public holidays of metropolitan France are non-business hours throughout.",
    "calendar.other": "The public holidays of the calendar {calendar} are non-business hours throughout.",
    "calendar.none": "No public holiday is taken off business hours.",
    "closed_days.none": "No other closed day is agreed.",
    "closed_days.some": "So are the closed days agreed: {days}.",
    # -- article 6
    "penalty.opening_hours.business": "the number of business hours of the month",
    "penalty.opening_hours.elapsed": "the number of all the hours of the month",
    "penalty.formula": "When the Provider intervenes after the deadline, each hour late gives a right to {times},"
    " divided by {hours}.",
    "penalty.rounding.started": "Each hour late that has begun counts as a whole one.",
    "penalty.rounding.completed": "Only whole hours late count.",
    "penalty.rounding.prorata": "Lateness counts by the second, in proportion to the hour.",
    "penalty.delay_unit.target": "Lateness is counted as the time itself is: as it elapses where a time is promised for"
    " each regime, in business hours otherwise.",
    "penalty.delay_unit.elapsed": "Lateness is always counted as it elapses.",
    "penalty.delay_unit.business": "Lateness is always counted in business hours.",
    "penalty.month.deadline": "The month is that of the deadline.",
    "penalty.month.receipt": "The month is that of the receipt.",
    "penalty.month.split": "Each hour late belongs to the month in which it falls.",
    "penalty.base.line": "The monthly fee is the price of the order line that covers the server, brought to a month,"
    " before tax and after discount.",
    "penalty.base.contract": "The monthly fee is the sum of the prices of all the order lines of the Client, brought to a"
    " month, before tax and after discounts.",
    "penalty.cap.none": "These penalties have no cap.",
    "penalty.cap.month": "The penalties of one month and one order line do not exceed, together, {times}.",
    "penalty.cap.ticket": "The penalties of one ticket do not exceed {times}.",
    "exclusions.head": "No penalty is due where the Provider proves that the lateness results:",
    "exclusions.nothing": "No cause sets these penalties aside.",
    "ground.force_majeure": "from an event of force majeure",
    "ground.scheduled_maintenance": "from maintenance work that the Provider had scheduled",
    "ground.specification_breach": "from the Client, or a third party, not having followed the technical specifications"
    " that the Provider had handed over for installing the server",
    "ground.unauthorised_change": "from the Client, or a third party, having changed the system or the software that goes"
    " with it without first asking for authorisation (article 2)",
    "ground.vulnerable_software": "from the Client, or a third party, having installed software that holds a security"
    " flaw (article 2)",
    "ground.undeclared_campaign": "from the Client, or a third party, having run a communication campaign likely to load"
    " the servers heavily without telling the Provider's technical department",
    "ground.other": "from the cause {name}, as the contract defines it",
    "maintenance.notice.none": "Work is scheduled only if it was announced before its start, with the servers and"
    " services concerned.",
    "maintenance.notice.some": "Work is scheduled only if it was announced at least {notice} before its start, with the"
    " servers and services concerned.",
    "penalty.claim_window.none": "The Client may ask for a penalty for as long as the law allows.",
    "penalty.claim_window.some": "The Client asks for a penalty within {window} of the missed deadline.",
    "penalty.carry.after_acceptance": "The sum comes off the first invoice issued after the Provider accepted it, and"
    " what exceeds that invoice comes off the following ones.",
    "penalty.carry.after_request": "The sum comes off the first invoice issued after the request, and what exceeds that"
    " invoice comes off the following ones.",
}
