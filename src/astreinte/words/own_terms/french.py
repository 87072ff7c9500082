"""The sentences of our own texts that depend on a value of the terms, in French, by key and reading."""

PHRASES = {
    # -- quantities
    "hour.one": "{n} heure",
    "hour.many": "{n} heures",
    "minute.one": "{n} minute",
    "minute.many": "{n} minutes",
    "month.one": "{n} mois",
    "month.many": "{n} mois",
    "fee": "le forfait mensuel",
    "fees": "{n} fois le forfait mensuel",
    "and": "{first} et {last}",
    "or": "{first} ou {last}",
    "quoted": "« {name} »",
    "day.mon": "lundi",
    "day.tue": "mardi",
    "day.wed": "mercredi",
    "day.thu": "jeudi",
    "day.fri": "vendredi",
    "day.sat": "samedi",
    "day.sun": "dimanche",
    "days.one": "le {first}",
    "days.range": "du {first} au {last}",
    "days.spans": "{days}, {spans}",
    "span": "de {start} à {end}",
    # -- article 1
    "id.none": "Les durées, les horaires et les montants de ce texte sont ceux que l'horloge du Prestataire applique.",
    "id.named": "Les durées, les horaires et les montants de ce texte sont ceux des conditions {id}, que l'horloge du"
    " Prestataire applique.",
    "documents.upgrade.on_acceptance": "Lorsque paraît une nouvelle version d'un de ces documents, celle que le Client"
    " a acceptée continue de le lier jusqu'à ce qu'il accepte la nouvelle.",
    "documents.upgrade.on_effect": "Lorsque paraît une nouvelle version d'un de ces documents, elle lie le Client dès"
    " la date d'effet qu'elle porte, sans qu'il ait à l'accepter.",
    # -- article 4
    "included.head": "Un abonnement d'infogérance, réglé au mois, au trimestre ou à l'année, comprend :",
    "included.nothing": "Un abonnement d'infogérance, réglé au mois, au trimestre ou à l'année, ne comprend que ce que"
    " la commande énumère.",
    "included.watch_servers": "la surveillance des serveurs par des sondes et des alertes : alimentation, matériel,"
    " accès par le réseau",
    "included.watch_systems": "la surveillance des systèmes d'exploitation : espace disque, mémoire, arrêt anormal d'un"
    " logiciel",
    "included.administration": "l'administration des systèmes d'exploitation, dans la limite du volume convenu",
    "included.security_watch": "le suivi des failles publiées pour le système et les logiciels qui l'accompagnent",
    "included.minor_updates": "l'application de leurs mises à jour mineures, correctifs de sécurité compris",
    "included.major_updates": "la conduite de leurs mises à jour majeures",
    "included.support": "l'accès au support technique",
    "included.web_tickets": "l'interface web, pour les tickets d'incident et de support",
    "included.web_equipment": "dans l'interface web, la liste des équipements surveillés",
    "included.web_interventions": "dans l'interface web, la liste des interventions majeures",
    "hours.volume.none": "La commande ne convient d'aucun volume d'administration : toute opération d'administration"
    " fait l'objet d'un accord séparé.",
    "hours.volume.some": "L'administration est comprise dans la limite de {volume} par mois.",
    "hours.carry.none": "Les heures convenues qui n'ont pas servi dans le mois sont perdues.",
    "hours.carry.next_month": "Les heures convenues qui n'ont pas servi dans le mois s'ajoutent à celles du mois"
    " suivant.",
    "hours.overrun.agreement": "Au-delà du volume convenu, aucune heure n'est engagée sans l'accord exprès du Client,"
    " sauf urgence.",
    "hours.overrun.refused": "Au-delà du volume convenu, aucune opération d'administration n'est faite avant le mois"
    " suivant.",
    "support.web": "par l'interface web",
    "support.email": "par courriel",
    "support.phone": "par téléphone",
    "support.chat": "par messagerie instantanée",
    "support.other": "par la voie {name}",
    "plan.channels": "Le support technique se joint {channels}.",
    "plan.slots.none": "Le Prestataire choisit le moment des mises à jour mineures.",
    "plan.slots.some": "Les mises à jour mineures ont lieu {slots}.",
    # -- article 5
    "priority.critical": "priorité Critique, pour une panne qui arrête tout à fait un service du serveur, ou qui touche"
    " une fonction essentielle ou urgente pour le Client",
    "priority.urgent": "priorité Urgente, pour une panne qui n'arrête pas le service mais le dégrade",
    "priority.normal": "priorité Moyenne, pour un défaut sans effet sensible sur le service",
    "priority.low": "priorité Faible, pour tout le reste",
    "priority.other": "priorité {name}",
    "target": "{priority} : {time}",
    "target.both": "{business} en heures ouvrées, {non_business} en heures non ouvrées",
    "target.business": "{business}, comptées en heures ouvrées seulement",
    "target.none": "aucun délai garanti",
    "targets.head": "Lorsqu'une anomalie est signalée ou constatée sur un serveur, le Prestataire commence à intervenir"
    " dans un délai maximal qui dépend de la priorité du ticket :",
    "targets.nothing": "Aucun délai d'intervention n'est garanti.",
    "mixed_rule.reception": "Lorsqu'un délai est promis pour chaque régime, l'instant de réception décide : le délai de"
    " son régime s'applique en entier et court sans interruption, de jour comme de nuit.",
    "mixed_rule.proportional": "Lorsqu'un délai est promis pour chaque régime, chaque heure ouvrée use sa part du délai"
    " des heures ouvrées et chaque heure non ouvrée sa part de l'autre ; l'échéance tombe quand le tout est épuisé.",
    "mixed_rule.separate": "Lorsqu'un délai est promis pour chaque régime, chacun se décompte pendant son régime"
    " seulement ; le premier épuisé fixe l'échéance.",
    "channel.web": "un ticket ouvert dans l'interface web",
    "channel.phone": "un appel à un numéro d'urgence publié",
    "channel.email": "un courriel",
    "channel.monitoring": "une alerte confirmée des sondes",
    "channel.desk": "une consignation par l'équipe du Prestataire",
    "channel.api": "un ticket ouvert par l'API",
    "channel.other": "une réception par la voie {name}",
    "clock_starts_on.some": "Le délai court dès que le Prestataire a reçu {channels} ; ce qui lui parvient autrement"
    " est traité, sans faire courir de délai garanti.",
    "clock_starts_on.nothing": "Aucune réception ne fait courir de délai garanti.",
    "call_start.presented": "Un appel est reçu dès sa première sonnerie, qu'il soit décroché ou non.",
    "call_start.answered": "Un appel est reçu quand il est décroché.",
    "stop_event.first_act": "Le délai prend fin au premier acte technique d'une personne sur l'anomalie ; en accuser"
    " réception, ou la confier à quelqu'un, n'y suffit pas.",
    "stop_event.acknowledgement": "Le délai prend fin quand une personne du Prestataire déclare prendre l'anomalie en"
    " charge.",
    "stop_event.restored": "Le délai prend fin quand le service est rétabli.",
    "auto_repair_counts.confirmed": "Une réparation automatique vaut intervention si une sonde a constaté le"
    " rétablissement et si le Client en est informé.",
    "auto_repair_counts.never": "Une réparation automatique ne vaut jamais intervention.",
    "critical.hardware.included": "Une panne du matériel ou du réseau qui a les mêmes effets qu'une panne de logiciel"
    " donne les mêmes droits.",
    "critical.hardware.without_penalty": "Une panne du matériel ou du réseau qui a les mêmes effets qu'une panne de"
    " logiciel est traitée avec la même priorité, mais n'ouvre droit à aucune pénalité.",
    "requalify.with_reason": "Le Client déclare la priorité ; le Prestataire peut la corriger en donnant sa raison, et le"
    " délai de la priorité déclarée court jusque-là.",
    "requalify.client_only": "Le Client déclare la priorité, et lui seul peut la changer.",
    "pauses.none": "Rien ne suspend le délai, pas même l'attente d'une réponse du Client.",
    "pauses.proven_access_loss": "Le délai est suspendu tant que dure une perte prouvée de l'accès que le Client doit"
    " donner ; rien d'autre ne le suspend.",
    "merge.earliest": "Plusieurs signalements d'une même anomalie n'ouvrent qu'un seul délai, qui court du plus ancien.",
    "merge.each": "Chaque signalement ouvre son propre délai, même pour une anomalie déjà signalée.",
    "relapse_within": "Une anomalie qui revient en moins de {within} après un rétablissement constaté est la même ; si le"
    " Prestataire était déjà intervenu, un nouveau délai entier court de la rechute.",
    "business_hours.some": "Les heures ouvrées sont : {hours}, dans le fuseau horaire {zone}.",
    "business_hours.nothing": "Il n'y a pas d'heures ouvrées ; les jours se comptent dans le fuseau horaire {zone}.",
    "calendar.FR": "Les jours fériés de France métropolitaine sont en entier des heures non ouvrées.",
    "calendar.other": "Les jours fériés du calendrier {calendar} sont en entier des heures non ouvrées.",
    "calendar.none": "Aucun jour férié n'est retranché des heures ouvrées.",
    "closed_days.none": "Aucun autre jour de fermeture n'est convenu.",
    "closed_days.some": "Les jours de fermeture convenus le sont aussi : {days}.",
    # -- article 6
    "penalty.opening_hours.business": "le nombre d'heures ouvrées du mois",
    "penalty.opening_hours.elapsed": "le nombre total d'heures du mois",
    "penalty.formula": "Lorsque le Prestataire intervient après l'échéance, chaque heure de retard se paie"
    " {times}, divisé par {hours}.",
    "penalty.rounding.started": "Toute heure de retard commencée compte en entier.",
    "penalty.rounding.completed": "Seules comptent les heures de retard entières.",
    "penalty.rounding.prorata": "Le retard compte à la seconde, au prorata de l'heure.",
    "penalty.delay_unit.target": "Le retard se compte comme le délai : en temps écoulé lorsqu'un délai est promis pour"
    " chaque régime, en heures ouvrées sinon.",
    "penalty.delay_unit.elapsed": "Le retard se compte toujours en temps écoulé.",
    "penalty.delay_unit.business": "Le retard se compte toujours en heures ouvrées.",
    "penalty.month.deadline": "Le mois retenu est celui de l'échéance.",
    "penalty.month.receipt": "Le mois retenu est celui de la réception.",
    "penalty.month.split": "Chaque heure de retard se rapporte au mois dans lequel elle tombe.",
    "penalty.base.line": "Le forfait mensuel est le prix de la ligne de commande qui couvre le serveur, ramené au mois,"
    " hors taxes et remise déduite.",
    "penalty.base.contract": "Le forfait mensuel est la somme des prix de toutes les lignes de commande du Client,"
    " ramenés au mois, hors taxes et remises déduites.",
    "penalty.cap.none": "Ces pénalités ne sont pas plafonnées.",
    "penalty.cap.month": "Les pénalités d'un même mois et d'une même ligne de commande n'excèdent pas, ensemble,"
    " {times}.",
    "penalty.cap.ticket": "Les pénalités d'un même ticket n'excèdent pas {times}.",
    "exclusions.head": "Aucune pénalité n'est due lorsque le Prestataire prouve que le retard résulte :",
    "exclusions.nothing": "Aucune cause n'écarte ces pénalités.",
    "ground.force_majeure": "d'un événement de force majeure",
    "ground.scheduled_maintenance": "de travaux de maintenance que le Prestataire avait programmés",
    "ground.specification_breach": "de ce que le Client, ou un tiers, n'a pas suivi les spécifications techniques que le"
    " Prestataire lui avait remises pour installer le serveur",
    "ground.unauthorised_change": "de ce que le Client, ou un tiers, a modifié le système ou les logiciels qui"
    " l'accompagnent sans en demander d'abord l'autorisation (article 2)",
    "ground.vulnerable_software": "de ce que le Client, ou un tiers, a installé un logiciel qui comporte une faille de"
    " sécurité (article 2)",
    "ground.undeclared_campaign": "de ce que le Client, ou un tiers, a mené une campagne de communication propre à"
    " charger fortement les serveurs sans en avertir le service technique du Prestataire",
    "ground.other": "de la cause {name}, telle que le contrat la définit",
    "maintenance.notice.none": "Des travaux ne sont programmés que s'ils ont été annoncés avant leur début, avec les"
    " serveurs et les services touchés.",
    "maintenance.notice.some": "Des travaux ne sont programmés que s'ils ont été annoncés au moins {notice} avant leur"
    " début, avec les serveurs et les services touchés.",
    "penalty.claim_window.none": "Le Client peut demander une pénalité aussi longtemps que la loi le permet.",
    "penalty.claim_window.some": "Le Client demande une pénalité dans un délai de {window} à compter de l'échéance manquée.",
    "penalty.carry.after_acceptance": "La somme est déduite de la première facture émise après que le Prestataire l'a"
    " acceptée, et ce qui dépasse cette facture l'est des suivantes.",
    "penalty.carry.after_request": "La somme est déduite de la première facture émise après la demande, et ce qui"
    " dépasse cette facture l'est des suivantes.",
}
