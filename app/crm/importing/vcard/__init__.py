"""Import of vCard 2.1, 3.0 and 4.0."""

from app.crm.importing.vcard.card import Card
from app.crm.importing.vcard.runner import CardFile, CardPlan, card_drafts, import_cards, open_cards

__all__ = ["Card", "CardFile", "CardPlan", "card_drafts", "import_cards", "open_cards"]
