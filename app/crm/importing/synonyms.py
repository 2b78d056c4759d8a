"""What columns are called by other systems, per record type: Google, Outlook, HubSpot, Salesforce, Pipedrive,
plain CSV.

Headers are compared as words in small letters without punctuation ("E-mail 1 - Value" is "e mail 1 value"),
the record type's own name in front left out (Pipedrive: "Deal - Title"). Keys are targets of `Target.of`.
"""

from __future__ import annotations

_ADDRESS = {
    "street": "street|address|street address|address 1|strasse|adresse|rue|calle|straat",
    "city": "city|town|ort|stadt|ville|ciudad|plaats",
    "region": "state|state province|region|province|bundesland|state region",
    "code": "postal code|zip|zip code|zip postal code|plz|postleitzahl|code postal|postcode",
    "country": "country|country region|land|pays|pais",
    "box": "po box|postfach",
    "extended": "street 2|address 2|address line 2|extended address|street address 2",
}


def _addresses(label: str, *before: str) -> dict[str, str]:
    """Targets of one address whose columns begin with one of the words."""
    return {
        f"addresses[{label}].{part}": "|".join(
            f"{word} {name}".strip() for word in before for name in names.split("|")
        )
        for part, names in _ADDRESS.items()
    }


PERSON = {
    "name": "name|full name|display name|contact name|contact|person|kontakt|nom complet|nombre completo|"
    "naam|file as",
    "given": "first name|given name|firstname|vorname|prenom|nombre|voornaam",
    "middle": "middle name|additional name|second name",
    "family": "last name|family name|lastname|surname|nachname|familienname|nom|apellidos|apellido|"
    "achternaam",
    "prefix": "name prefix|salutation|anrede|honorific|titel",
    "suffix": "suffix|name suffix",
    "nickname": "nickname|nick name|spitzname",
    "phonetic_given": "phonetic first name|given name yomi",
    "phonetic_family": "phonetic last name|family name yomi",
    "organisation": "company|organization|organisation|organization name|organization 1 name|company name|"
    "account name|account|"
    "associated company|employer|firma|unternehmen|entreprise|societe|empresa|bedrijf|"
    "primary associated company",
    "title": "job title|title|position|organization title|organization 1 title|funktion|poste|cargo|functie",
    "role": "role",
    "department": "department|organization department|organization 1 department|abteilung|service|afdeling",
    "emails[work]": "work email|business email|company email|email work|e mail work",
    "emails[home]": "personal email|home email|private email|email home|e mail home",
    "emails[1]": "email|e mail|email address|e mail address|e mail 1 address|mail|courriel|correo|"
    "primary email|email 1",
    "emails[2]": "e mail 2 address|secondary email|other email|email 2|additional email addresses|"
    "email other",
    "emails[3]": "e mail 3 address|email 3|third email",
    "phones[work]": "business phone|work phone|phone work|office phone|company main phone|"
    "telefon geschaftlich",
    "phones[work 2]": "business phone 2|work phone 2",
    "phones[home]": "home phone|phone home|private phone|telefon privat",
    "phones[home 2]": "home phone 2",
    "phones[mobile]": "mobile phone|mobile|cell|cell phone|phone mobile|mobile phone number|handy|mobil|"
    "portable|movil",
    "phones[work fax]": "business fax|fax|work fax|fax number",
    "phones[home fax]": "home fax",
    "phones[assistant]": "assistant phone|asst phone|assistants phone",
    "phones[pager]": "pager",
    "phones[other]": "other phone|phone other",
    "phones[1]": "phone|phone number|telephone|tel|telefon|telefono|telefoon|primary phone|phone 1",
    "phones[2]": "phone 2",
    **_addresses("work", "business", "work", "mailing"),
    **_addresses("home", "home"),
    **_addresses("other", "other"),
    **_addresses("1", "", "address"),
    "urls[1]": "web page|website|url|homepage|website url|webseite|site web|web site",
    "urls[linkedin]": "linkedin|linkedin bio|linkedin url|linkedin profile",
    "relations[spouse]": "spouse|partner",
    "relations[assistant]": "assistant|assistants name|assistant s name",
    "relations[manager]": "manager s name|managers name|reports to|manager",
    "birthday": "birthday|birthdate|date of birth|geburtstag|geburtsdatum|date de naissance|"
    "fecha de nacimiento",
    "dates[anniversary]": "anniversary",
    "notes": "notes|note|description|comments|comment|notizen|bemerkung|remarques|notas|opmerkingen",
    "tags": "tags|labels|label|categories|category|group membership|groups|kategorien",
    "source": "source|lead source|original source|quelle",
    "owner": "owner|contact owner|account owner|assigned to|besitzer|betreuer",
    "external_id": "record id|contact id|id|external id|uid|hs object id",
}

COMPANY = {
    "name": "name|company name|company|account|account name|organization|organization name|organisation|"
    "firma|unternehmen|"
    "firmenname|entreprise|raison sociale|empresa|bedrijf|customer|client|kunde",
    "sector": "sector|industry|branche|secteur|sektor|vertical|industria",
    "website": "website|web page|company domain name|domain|url|homepage|website url|webseite|web",
    "phones[1]": "phone|phone number|telephone|telefon|main phone|company phone",
    "phones[fax]": "fax|fax number",
    "emails[1]": "email|e mail|email address|mail",
    **_addresses("1", "", "address"),
    **_addresses("billing", "billing"),
    **_addresses("shipping", "shipping"),
    "founded": "year established|year founded|founded|established|grundungsjahr|annee de creation",
    "revenue": "revenue|annual revenue|turnover|umsatz|chiffre d affaires|yearly revenue",
    "currency": "currency|wahrung|devise",
    "employees": "employees|number of employees|no of employees|headcount|mitarbeiter|staff|effectif",
    "location": "location|office location|headquarters|hq|standort|siege|country|country region",
    "parent": "subsidiary of|parent|parent account|parent company|muttergesellschaft|parent account name",
    "notes": "notes|note|description|about us|comments|bemerkung|notizen",
    "tags": "tags|labels|label|categories|type",
    "owner": "owner|company owner|account owner|besitzer|betreuer|assigned to",
    "external_id": "record id|account id|organization id|id|external id|company id|account number",
}

DEAL = {
    "name": "name|title|deal|deal name|opportunity|opportunity name|deal title|titel|bezeichnung",
    "company": "company|account|account name|organization|associated company|customer|client|organisation|"
    "firma|kunde|"
    "primary associated company|company name|organization name",
    "person": "contact|person|contact person|contact name|associated contact|primary contact|"
    "ansprechpartner|kontakt",
    "product": "product|product name|associated product|produkt|artikel|product interest",
    "pipeline": "pipeline|deal pipeline",
    "stage": "stage|deal stage|stage name|opportunity stage|sales stage|phase",
    "status": "status|deal status",
    "amount": "amount|value|deal value|close value|deal amount|opportunity amount|betrag|wert|montant|valor|"
    "total",
    "cost": "cost|costs|total cost|deal cost|cost of goods|cogs|kosten|cout|coste|einkaufswert",
    "margin": "margin|gross margin|profit|gross profit|marge|deckungsbeitrag|marge brute|margen|rohertrag",
    "commission": "commission|commission amount|sales commission|provision|comision|commissie",
    "terms": "commercial terms|terms|special terms|konditionen",
    "currency": "currency|currency of value|deal currency|wahrung|amount currency|devise",
    "probability": "probability|deal probability|win probability|wahrscheinlichkeit|chance",
    "opened": "engage date|opened|created|create date|created date|deal created|add time|created on|"
    "erstellt|start date|"
    "deal created date|open date",
    "expected_close": "expected close|expected close date|forecast close date|erwarteter abschluss",
    "closed": "won time|closed|actual close|actual close date|closed on|deal closed on|lost time",
    "close_date": "close date|closing date|closedate|abschlussdatum|date de cloture",
    "owner": "owner|deal owner|opportunity owner|sales agent|sales rep|agent|salesperson|rep|verkaufer|"
    "besitzer|user|"
    "assigned to|account executive",
    "source": "source|lead source|deal source|source channel|quelle|original source",
    "loss_reason": "lost reason|loss reason|closed lost reason|reason lost|verlustgrund|reason",
    "notes": "notes|note|description|next step|comments|deal description|bemerkung",
    "tags": "tags|labels|label|type|deal type",
    "external_id": "record id|deal id|opportunity id|id|external id|opportunityid",
}

PRODUCT = {
    "name": "name|product|product name|item|article|produkt|artikel|bezeichnung|produit|producto",
    "series": "series|family|product family|category|line|product line|serie|gruppe|group",
    "price": "price|sales price|unit price|list price|preis|prix|precio|prijs|amount",
    "cost": "cost|unit cost|cost price|purchase price|einkaufspreis|prix d achat|precio de compra|inkoopprijs",
    "lowest_price": "lowest price|floor price|minimum price|min price|mindestpreis",
    "supplier": "supplier|vendor|lieferant|fournisseur|proveedor|leverancier",
    "currency": "currency|wahrung|devise",
    "active": "active|is active|aktiv|enabled|available",
    "description": "description|product description|beschreibung|notes",
    "external_id": "sku|product code|product id|id|record id|article number|artikelnummer|code|external id",
}

NOTE = {
    "body": "body|note|note body|text|content|notiz|notes",
    "about.company": "company|account|organization|associated company",
    "about.person": "contact|person|associated contact",
    "about.deal": "deal|opportunity|associated deal",
    "written": "created|create date|date|activity date|written|add time|created date",
    "author": "author|owner|created by|user|activity assigned to",
    "external_id": "id|note id|record id|external id",
}

TASK = {
    "title": "title|subject|task|task title|name|to do|aufgabe|betreff",
    "due": "due|due date|deadline|fallig|faellig",
    "done": "done|completed|complete|is closed|finished|erledigt|status",
    "about.company": "company|account|organization|associated company|related to",
    "about.person": "contact|person|contact person|associated contact",
    "about.deal": "deal|opportunity|associated deal",
    "assignee": "assignee|assigned to|owner|user|task owner|zustandig",
    "notes": "notes|note|description|comments",
    "external_id": "id|task id|activity id|record id|external id",
}

BY_TYPE = {"person": PERSON, "company": COMPANY, "deal": DEAL, "product": PRODUCT, "note": NOTE, "task": TASK}

# Words in front of a header that only name the record type.
TYPE_WORDS = {
    "person": ("person", "contact", "people"),
    "company": ("organization", "company", "account", "organisation"),
    "deal": ("deal", "opportunity"),
    "product": ("product",),
    "note": ("note",),
    "task": ("task", "activity"),
}

# Google numbers its columns: "E-mail 1 - Value", "Address 2 - City", "Organization 1 - Name".
NUMBERED_FIELDS = {
    "e mail": "emails",
    "email": "emails",
    "phone": "phones",
    "address": "addresses",
    "website": "urls",
    "im": "messengers",
    "relation": "relations",
    "event": "dates",
    "custom field": "custom",
}
NUMBERED_PARTS = {
    "value": "value",
    "label": "label",
    "type": "label",
    "service": "service",
    "formatted": "value",
    "street": "street",
    "city": "city",
    "region": "region",
    "postal code": "code",
    "country": "country",
    "po box": "box",
    "extended address": "extended",
}

# A few headers that together give a system away; shown to the user, not needed for the mapping.
SYSTEMS = {
    "Google Contacts": ("given name", "e mail 1 value"),
    "Google Contacts (new)": ("first name", "e mail 1 label"),
    "Outlook": ("e mail address", "business street"),
    "HubSpot contacts": ("record id", "lifecycle stage"),
    "HubSpot companies": ("record id", "company name"),
    "HubSpot deals": ("record id", "deal name"),
    "Salesforce opportunities": ("opportunity name", "stage"),
    "Salesforce contacts": ("mailing street", "last name"),
    "Salesforce accounts": ("account name", "billing street"),
    "Pipedrive deals": ("deal title",),
    "Pipedrive people": ("person name",),
    "Pipedrive organizations": ("organization name", "organization address"),
    "CRM sales opportunities": ("opportunity id", "sales agent"),
}
