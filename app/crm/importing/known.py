"""Words that are known to be right: sectors of business and countries. A near miss of one is a misspelling.

Only near misses are corrected, only to one word that is clearly the nearest, and every correction is reported
with what stood there before.
"""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz import fuzz, process

SECTORS = (
    "accounting", "advertising", "aerospace", "agriculture", "architecture", "automotive", "aviation", "banking",
    "biotechnology", "chemicals", "construction", "consulting", "consumer goods", "defence", "design", "education",
    "electronics", "employment", "energy", "engineering", "entertainment", "environment", "events", "fashion",
    "finance", "financial services", "food", "furniture", "gaming", "government", "healthcare", "hospitality",
    "human resources", "insurance", "internet", "legal", "leisure", "logistics", "machinery", "manufacturing",
    "marketing", "media", "medical", "mining", "music", "non-profit", "nutrition", "pharmaceuticals", "photography",
    "printing", "publishing", "real estate", "recruiting", "research", "restaurants", "retail", "security",
    "services", "shipping", "software", "sports", "technology", "telecommunications", "textiles", "tourism",
    "transport", "transportation", "travel", "utilities", "warehousing", "wholesale",
)  # fmt: skip
COUNTRIES = (
    "Afghanistan", "Albania", "Algeria", "Argentina", "Armenia", "Australia", "Austria", "Azerbaijan", "Bahrain",
    "Bangladesh", "Belarus", "Belgium", "Bolivia", "Bosnia and Herzegovina", "Botswana", "Brazil", "Bulgaria",
    "Cambodia", "Cameroon", "Canada", "Chile", "China", "Colombia", "Costa Rica", "Croatia", "Cuba", "Cyprus",
    "Czech Republic", "Czechia", "Denmark", "Dominican Republic", "Ecuador", "Egypt", "El Salvador", "Estonia",
    "Ethiopia", "Finland", "France", "Georgia", "Germany", "Ghana", "Greece", "Guatemala", "Honduras", "Hong Kong",
    "Hungary", "Iceland", "India", "Indonesia", "Iran", "Iraq", "Ireland", "Israel", "Italy", "Ivory Coast",
    "Jamaica", "Japan", "Jordan", "Kazakhstan", "Kenya", "Korea", "Kosovo", "Kuwait", "Latvia", "Lebanon", "Libya",
    "Liechtenstein", "Lithuania", "Luxembourg", "Malaysia", "Malta", "Mexico", "Moldova", "Monaco", "Mongolia",
    "Montenegro", "Morocco", "Mozambique", "Namibia", "Nepal", "Netherlands", "New Zealand", "Nicaragua", "Nigeria",
    "North Macedonia", "Norway", "Oman", "Pakistan", "Panama", "Paraguay", "Peru", "Philippines", "Poland",
    "Portugal", "Qatar", "Romania", "Russia", "Rwanda", "Saudi Arabia", "Senegal", "Serbia", "Singapore", "Slovakia",
    "Slovenia", "South Africa", "South Korea", "Spain", "Sri Lanka", "Sudan", "Sweden", "Switzerland", "Syria",
    "Taiwan", "Tanzania", "Thailand", "Tunisia", "Turkey", "Uganda", "Ukraine", "United Arab Emirates",
    "United Kingdom", "United States", "Uruguay", "Uzbekistan", "Venezuela", "Vietnam", "Yemen", "Zambia", "Zimbabwe",
)  # fmt: skip

# Which fields of which type hold such words.
KNOWN = {("company", "sector"): SECTORS, ("company", "location"): COUNTRIES}
NEAR = 88.0
CLEARLY = 4.0  # how much nearer the nearest has to be than the second
_SHORTEST = 5


@lru_cache(maxsize=10_000)
def corrected(text: str, words: tuple[str, ...]) -> str:
    """The known word that `text` misspells, in the case of `text`'s first letter; else `text` itself."""
    plain = text.strip().casefold()
    folded = {word.casefold(): word for word in words}
    if len(plain) < _SHORTEST or plain in folded:
        return text
    near = process.extract(plain, folded.keys(), scorer=fuzz.ratio, score_cutoff=NEAR - CLEARLY, limit=2)
    if not near or near[0][1] < NEAR or (len(near) > 1 and near[0][1] - near[1][1] < CLEARLY):
        return text
    word = folded[near[0][0]]
    return word[0].upper() + word[1:] if text.strip()[0].isupper() else word
