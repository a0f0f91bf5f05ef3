"""What people call the columns of time entries in English, German, French, Spanish and Dutch.

The words propose how an unknown file is mapped, tell which unread columns matter, and give a second table's
header away. No format is recognised by them.
"""

import re
import unicodedata
from functools import lru_cache

_WORDS: dict[str, str] = {
    "entry_id": "entry id|time entry id|timesheet id|log id|worklog id|zeiteintrag id|eintrag id|id de saisie|"
    "id de registro|id de entrada|registratie id|id|uuid",
    "date": "date|work date|date of work|date worked|day|entry date|spent on|spent date|spent on date|local date|"
    "date of service|service date|transaction date|worked on|log date|work started|started at|executed at|"
    "executed on|performed on|date performed|"
    "datum|tag|arbeitstag|leistungsdatum|buchungsdatum|jour|date du travail|date de travail|date d'intervention|"
    "fecha|dia|fecha de trabajo|fecha del trabajo|werkdatum|dag|datum werkzaamheden",
    "start": "start|start time|started|start date time|start datetime|start date/time|started at|time started|from|"
    "begin|begin time|clock in|time in|local start time|beginn|startzeit|anfang|von|startdatum|debut|"
    "heure de debut|heure debut|de|inicio|hora de inicio|hora inicio|desde|begintijd|starttijd|aanvang|van",
    "end": "end|end time|ended|ended at|stop|stop time|finish|finish time|end date time|end datetime|"
    "end date/time|time ended|to|until|clock out|time out|local end time|ende|endzeit|bis|fin|heure de fin|"
    "heure fin|a|hora de fin|hora fin|hasta|eindtijd|einde|tot",
    "pause": "pause|pauses|pausen|pausenzeit|break|breaks|break time|break duration|breaks taken|unpaid break|lunch|"
    "lunch break|temps de pause|duree pause|descanso|pausa|pauze|pauzetijd",
    "worked": "hours|hour|time|time spent|duration|hours worked|worked hours|worked|total hours|total time|"
    "hours spent|decimal hours|actual hours|actual time|logged hours|logged|effort|hrs|time spent seconds|"
    "time taken|time units|spent|time worked|days|man days|person days|quarter hours|quarters|"
    "quantity|qty|duration hours|minutes|mins|time spent minutes|seconds|actual work|work hours|net hours|"
    "log hours|daily log hours|hours logged|time logged|time tracked|tracked time|hours tracked|tracked hours|"
    "labor hours|labour hours|actual duration|netto|nettozeit|temps net|"
    "stunden|dauer|zeit|zeitaufwand|aufwand|arbeitszeit|stundenanzahl|anzahl stunden|geleistete stunden|"
    "dauer stunden|minuten|heures|duree|temps|temps passe|nombre d'heures|nb heures|heures travaillees|"
    "std|viertelstunden|tage|arbeitstage|manntage|personentage|jours homme|"
    "horas|duracion|tiempo|tiempo empleado|horas trabajadas|horas invertidas|numero de horas|"
    "dagen|mandagen|uren|duur|tijd|aantal uren|gewerkte uren|bestede tijd|bestede uren",
    "billable": "billable hours|billable time|hours billed|hours to bill|billed hours|charged hours|"
    "chargeable hours|invoiceable hours|billable duration|rounded hours|rounded duration|abrechenbare stunden|"
    "verrechenbare stunden|fakturierbare stunden|heures facturables|temps facturable|horas facturables|"
    "tiempo facturable|factureerbare uren|declarabele uren|billed seconds",
    "deducted": "deducted hours|hours deducted|hours used|contract hours|retainer hours|abgezogene stunden|"
    "heures deduites|horas descontadas|afgeboekte uren",
    "company": "client|company|customer|account|organization|organisation|client name|customer name|"
    "company name|account name|organization name|business name|kunde|kundenname|firma|mandant|auftraggeber|"
    "unternehmen|nom du client|societe|entreprise|cliente|nombre del cliente|empresa|compania|klant|"
    "klantnaam|bedrijf|opdrachtgever|debiteur|relatie|organisatie",
    "agreement": "agreement|contract|project|project name|job|contract name|retainer|matter|engagement|"
    "projekt|projektname|vertrag|auftrag|projet|nom du projet|contrat|proyecto|contrato|"
    "projectnaam|overeenkomst",
    "is_billable": "billable|is billable|is it billable|chargeable|invoiceable|bill|billing status|"
    "billable status|billing type|billing option|non billable|nonbillable|is non billable|do not bill|"
    "abrechenbar|verrechenbar|"
    "fakturierbar|berechenbar|nicht abrechenbar|facturable|a facturer|non facturable|factureerbaar|"
    "declarabel|niet factureerbaar|no facturable",
    "already_billed": "billed|invoiced|already billed|already invoiced|is billed|is invoiced|exported|"
    "abgerechnet|fakturiert|berechnet|facture|deja facture|facturado|ya facturado|gefactureerd",
    "hidden": "hidden|is hidden|private|is private|internal|is internal|internal only|visibility|visible|"
    "visible to client|visible to customer|show to client|show to customer|public|is public|confidential|"
    "intern|privat|sichtbarkeit|sichtbar|vertraulich|offentlich|interne|prive|confidentiel|visibilite|"
    "visible par le client|interno|privado|oculto|confidencial|visibilidad|verborgen|zichtbaar|zichtbaarheid|"
    "vertrouwelijk|openbaar|action hide|hide",
    "status": "status|entry status|approval|approval status|approved|time status|timesheet status|state|"
    "genehmigungsstatus|genehmigung|freigabe|freigabestatus|statut|etat|statut d'approbation|approbation|"
    "estado|aprobacion|estado de aprobacion|goedkeuring|goedkeuringsstatus",
    "technician": "technician|tech|engineer|employee|staff|user|user name|username|member|team member|agent|"
    "resource|consultant|person|who|worker|author|full name|owner|employee name|display name|agent name|"
    "technician name|staff member|assigned to|performed by|"
    "mitarbeiter|techniker|benutzer|bearbeiter|berater|mitarbeitername|person|kollege|"
    "technicien|collaborateur|utilisateur|employe|intervenant|consultant|"
    "tecnico|empleado|usuario|persona|colaborador|medewerker|technicus|gebruiker|persoon|collega",
    "first_name": "first name|firstname|given name|fname|vorname|prenom|nombre de pila|voornaam",
    "last_name": "last name|lastname|surname|family name|lname|nachname|familienname|nom de famille|apellido|"
    "apellidos|achternaam",
    "ticket": "ticket|ticket number|ticket id|ticket no|issue key|issue id|issue|case|case number|task id|"
    "request id|work order|incident|ticketnummer|vorgang|vorgangsnummer|fall|numero de ticket|"
    "numero du ticket|dossier|demande|incidencia|caso|zaaknummer|melding|meldingsnummer",
    "ticket_type": "ticket type|request type|issue type|category|tags|labels|tracker|kategorie|tickettyp|"
    "schlagworte|categorie|etiquettes|categoria|etiquetas",
    "board": "board|queue|team|group|department|warteschlange|abteilung|equipe|service desk|equipo|afdeling",
    "title": "title|subject|summary|ticket title|ticket subject|ticket summary|issue summary|task|task name|"
    "task or ticket title|titel|betreff|aufgabe|thema|titre|sujet|objet|tache|titulo|asunto|tarea|onderwerp|"
    "taak",
    "work_type": "work type|activity|activity type|service|service item|labor type|labour type|type of work|"
    "kind|action|tatigkeit|leistung|leistungsart|aktivitat|arbeitsart|activite|prestation|type de travail|"
    "actividad|servicio|tipo de trabajo|activiteit|werksoort|soort werk|dienst|remote / on-site",
    "work_role": "work role|role|rolle|funktion|fonction|rol|funcion|functie",
    "location": "location|place|site|ort|einsatzort|standort|lieu|lugar|ubicacion|locatie|plaats",
    "notes": "notes|note|comment|comments|description|details|work description|work performed|what we did|"
    "work done|memo|beschreibung|notiz|notizen|kommentar|bemerkung|bemerkungen|"
    "commentaire|commentaires|remarque|remarques|descripcion|notas|nota|comentario|comentarios|"
    "observaciones|omschrijving|opmerking|opmerkingen|notitie|notities|beschrijving",
    "internal_notes": "internal notes|internal note|internal comment|private notes|interne notiz|interne notizen|"
    "interne bemerkung|note interne|notes internes|commentaire interne|nota interna|notas internas|"
    "comentario interno|interne notitie|interne opmerking",
    "description": "client description|client-facing description|customer description|public description|"
    "fur kunde|kundentext|text fur kunden|pour le client|para el cliente|voor klant",
    "money": "cost|price|amount|rate|total amount|currency|profit|margin|hourly rate|billable amount|total|"
    "betrag|preis|satz|stundensatz|kosten|wahrung|montant|prix|tarif|taux|devise|importe|precio|tarifa|coste|"
    "moneda|bedrag|prijs|tarief|valuta|invoice|quantity|qty|unit price|expense|expenses|item|product",
}  # fmt: skip


@lru_cache(maxsize=4_000)
def plain_header(header: str) -> str:
    """A header for comparing with words: no case, accents, marks or unit in brackets.

    >>> plain_header("Durée (h)"), plain_header("Is_it billable?")
    ('duree', 'is it billable')
    """
    text = header[:200].replace("_", " ").replace("ß", "ss")
    if text.rstrip().endswith(")"):
        text = text[: text.rfind("(")] or text
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign) and sign not in "?:.#*\ufeff")
    return " ".join(bare.split())


FIELD_WORDS: dict[str, tuple[str, ...]] = {
    field: tuple(dict.fromkeys(words.split("|"))) for field, words in _WORDS.items()
}
_FIELDS_OF: dict[str, tuple[str, ...]] = {}
for _field, _names in FIELD_WORDS.items():
    for _name in _names:
        _FIELDS_OF[_name] = (*_FIELDS_OF.get(_name, ()), _field)


def fields_of(header: str) -> tuple[str, ...]:
    """The fields that a header may name, "money" and "already_billed" among them; none for unknown words.

    >>> fields_of("Kunde"), fields_of("Hourly rate"), fields_of("Flurb")
    (('company',), ('money',), ())
    """
    return _FIELDS_OF.get(plain_header(header), ())


_SHOWN = re.compile(
    r"\b(?:visible|sichtbar|zichtbaar|visib(?:le|les)|show\w*|public\w*|publish\w*|shared?|portal|"
    r"(?:client|customer|user|guest)s?[ -](?:facing|view\w*)|can (?:see|view)|read(?:able)? by|"
    r"anzeigen|afficher|mostrar|tonen|offentlich|openbaar|publique|publico)\b"
)
_DENIED = re.compile(
    r"\b(?:no|not|non|never|hide|hidden|in ?visible|un\w+|nicht|nie|nein|ne|pas|niet|nooit|oculto|verborgen|ausblenden|"
    r"masquer|ocultar|verbergen)\b"
)
_UNPAID = re.compile(
    r"\b(?:non\w*|not|no|un\w+|nicht|niet|pas|free of charge|gratis|gratuit|kostenlos|kulanz|goodwill|offert)\b"
)


def says_shown(header: str) -> bool:
    """Whether Yes under that header says that clients may see the row.

    >>> says_shown("Show to user"), says_shown("Hide in portal"), says_shown("Nicht sichtbar"), says_shown("Private")
    (True, False, False, False)
    """
    plain = plain_header(header)
    return bool(_SHOWN.search(plain)) and not _DENIED.search(plain)


def may_say_shown(header: str) -> bool:
    """Whether that header may be about who reads the row, where its cells are yes and no."""
    return bool(_SHOWN.search(plain_header(header)))


def says_unpaid(header: str) -> bool:
    """Whether Yes under that header, which is about what is billable, says that the row is not.

    >>> says_unpaid("Nicht verrechenbar"), says_unpaid("Non-billable"), says_unpaid("Billable")
    (True, True, False)
    """
    return bool(_UNPAID.search(plain_header(header)))
