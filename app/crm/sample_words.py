"""Words for the sample data: a small firm's customers in several languages, with long names and other
alphabets.
"""

from __future__ import annotations

# (given names, family names, mail domain, country, city, street, phone with # for digits)
Place = tuple[tuple[str, ...], tuple[str, ...], str, str, tuple[str, ...], tuple[str, ...], str]

PLACES: tuple[Place, ...] = (
    (
        ("Anna", "Lukas", "Marie", "Jakob", "Katharina", "Maximilian", "Johanna", "Sebastian"),
        ("Huber", "Grüber", "Steinböck", "Pichler", "Wagner", "Freiherr von Hohenstein-Waldegg", "Öllinger", "Fuchs"),
        "at", "Austria", ("Wien", "Graz", "Linz", "Salzburg"), ("Hauptstraße", "Getreidegasse", "Mozartweg"),
        "+43 1 ### ## ##",
    ),
    (
        ("Emma", "Oliver", "Charlotte", "George", "Amelia", "Harry", "Isla", "Theodore"),
        ("Smith", "O'Brien", "Fitzgerald-Montgomery", "Walker", "Hughes", "Clarke", "Patel", "Robinson"),
        "co.uk", "United Kingdom", ("London", "Leeds", "Bristol", "Edinburgh"),
        ("High Street", "Mill Lane", "Park Road"),
        "+44 20 7### ####",
    ),
    (
        ("Camille", "Louis", "Chloé", "Jules", "Inès", "Gaël", "Éloïse", "Hugo"),
        ("Martin", "Lefèvre", "Dubois", "de La Rochefoucauld", "Garnier", "Noël", "Benoît", "Faure"),
        "fr", "France", ("Paris", "Lyon", "Nantes", "Aix-en-Provence"), ("rue de la République", "avenue Foch"),
        "+33 1 42 ## ## ##",
    ),
    (
        ("Lucía", "Hugo", "María José", "Íñigo", "Sofía", "Álvaro", "Noa", "Martín"),
        ("García", "Núñez", "Fernández de Córdoba", "Ibáñez", "Muñoz", "Castaño", "Sáez", "Vidal"),
        "es", "Spain", ("Madrid", "Sevilla", "Bilbao", "Málaga"), ("Calle Mayor", "Gran Vía"),
        "+34 91 ### ## ##",
    ),
    (
        ("Zofia", "Jan", "Łucja", "Stanisław", "Hanna", "Wojciech", "Maja", "Michał"),
        ("Kowalska", "Wójcik", "Brzęczyszczykiewicz", "Zieliński", "Dąbrowska", "Szymański", "Krawczyk", "Mazur"),
        "pl", "Poland", ("Warszawa", "Kraków", "Łódź", "Gdańsk"), ("ulica Długa", "aleja Róż"),
        "+48 22 ### ## ##",
    ),
    (
        ("Sanne", "Daan", "Fleur", "Sem", "Lotte", "Thijs", "Noor", "Bram"),
        ("de Vries", "van den Berg", "Jansen", "van 't Hof", "Bakker", "Visser", "Mulder", "Bos"),
        "nl", "Netherlands", ("Amsterdam", "Utrecht", "Delft", "Groningen"), ("Keizersgracht", "Dorpsstraat"),
        "+31 20 ### ####",
    ),
    (
        ("明", "花子", "健太", "美咲"),
        ("佐藤", "鈴木", "高橋", "渡辺"),
        "jp", "Japan", ("東京", "大阪"), ("中央通り", "本町"),
        "+81 3 #### ####",
    ),
    (
        ("Елена", "Дмитро", "Ольга", "Андрій"),
        ("Шевченко", "Коваленко", "Бондаренко", "Ткачук"),
        "ua", "Ukraine", ("Київ", "Львів"), ("вулиця Хрещатик", "проспект Свободи"),
        "+380 44 ### ## ##",
    ),
)  # fmt: skip

COMPANY_FIRST = (
    "Alpen", "Nordic", "Blue Harbour", "Quercus", "Lumen", "Meridian", "Kestrel", "Silva", "Aurora", "Granit", "Delta",
    "Terra", "Vega", "Solstice", "Birch & Sons", "Ponte", "Orchard", "Helix", "Cobalt", "Marlin", "Juniper", "Atlas",
    "Brightwater", "Castor", "Donau", "Ember", "Fjord", "Gannet", "Hazel", "Iris", "Jade", "Karst", "Linden", "Mosaic",
)  # fmt: skip
COMPANY_SECOND = (
    "Software", "Logistics", "Textiles", "Instruments", "Foods", "Consulting", "Energy", "Media", "Medical", "Robotics",
    "Bau", "Print", "Travel", "Foundry", "Optics", "Timber", "Marine", "Ceramics", "Analytics", "Gardens",
)  # fmt: skip
COMPANY_LAST = ("GmbH", "Ltd", "SARL", "S.L.", "Sp. z o.o.", "B.V.", "AG", "Inc.", "& Partners", "Group")
SECTORS = (
    "software", "logistics", "textiles", "manufacturing", "food", "consulting", "energy", "media", "medical",
    "construction", "retail", "finance", "education", "tourism",
)  # fmt: skip
TITLES = (
    "Managing Director", "Head of Purchasing", "CTO", "Office Manager", "Einkaufsleiterin", "Directrice financière",
    "Jefe de compras", "Product Owner", "Assistant to the Executive Vice President for International Partnerships",
    "Sales Engineer", "Architect", "Researcher",
)  # fmt: skip
DEPARTMENTS = ("Purchasing", "IT", "Finance", "Operations", "Marketing", "Vertrieb", "Recherche", "")
PRODUCTS = (
    ("Starter", "Desk", 190), ("Team", "Desk", 790), ("Team Plus", "Desk", 1_490), ("Workshop", "Service", 1_200),
    ("Migration", "Service", 4_800), ("Support, one year", "Service", 2_400), ("Archive 2 TB", "Storage", 960),
    ("On-site installation and training for larger teams (two days)", "Service", 6_250),
)  # fmt: skip
DEAL_WORDS = (
    "renewal",
    "rollout",
    "pilot",
    "extension",
    "new office",
    "Erweiterung",
    "migration",
    "ampliación",
    "audit",
)
SOURCES = ("Referral", "Web site", "Fair", "Phone", "Partner", "Newsletter")
LOSS_REASONS = ("Too expensive", "Chose a competitor", "No budget this year", "No answer", "Project stopped")
NOTES = (
    "Called back. Wants the figures by Friday, compares us with two others.",
    "Treffen in der Messehalle: Interesse an der größeren Variante, Entscheidung im Vorstand.",
    "Très bon échange. Le budget est voté, il manque la signature de la direction.",
    "Asked for references from the same sector; sent three.\n\nNext: a short demonstration for the whole team, "
    "not only for purchasing, because those who will work with it every day have doubts about moving their data.",
    "Prefiere hablar por teléfono, nunca los lunes.",
    "Zadzwonić po urlopie, wraca w sierpniu.",
    "納期について確認中。来週返事をもらう。",
    "Moved to a new building; the address on the offer has to change.",
)
TASKS = (
    "Send offer",
    "Call back",
    "Angebot nachfassen",
    "Prepare demonstration",
    "Check contract",
    "Rappeler",
    "Visit",
)
TAGS = ("vip", "newsletter", "partner", "fair 2025", "prüfen", "key account", "do not call")
TEAM = ("Ann Ash", "Ben Birch", "Cy Cedar", "Dee Dogwood")
