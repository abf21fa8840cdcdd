# SPDX-License-Identifier: Apache-2.0
"""Words for barred goods: the reasons and kinds of papers that rows of `barred.toml` name by a key.

The keys are a closed list (`goods/admission/values.py`), so that data may grow without a sentence that some
language lacks. The law's own name is shown as it is written there.
"""

from __future__ import annotations

from collections.abc import Sequence

from silkcast.faces.words.catalog import catalog
from silkcast.faces.words.marking import N_
from silkcast.goods.admission.values import Evidence, Verdict

REASONS = {
    "adult": N_("Goods for adults may not be sold there."),
    "alcohol": N_("Alcohol may not be sold there without a licence."),
    "animal_products": N_("Food from animals is not let in without health papers."),
    "beef": N_("Beef is not let in."),
    "below_price": N_("Cheap goods from abroad are let in only if a list names them."),
    "biosecurity": N_("Plants, seeds, wood and food may carry pests and are checked at the border."),
    "boycott": N_("Goods of some makers are under boycott there."),
    "chewing_gum": N_("Chewing gum is not let in."),
    "child_goods": N_("Goods for children need a safety mark there."),
    "claim_cure": N_("Only medicine may be said to heal."),
    "claim_slimming": N_("Promises to lose weight or to grow are not allowed there."),
    "claim_superlative": N_("Words like best or number one need proof there, or are not allowed."),
    "claim_whitening": N_("Promises to whiten skin are limited there."),
    "conformity": N_("These goods need a certificate of conformity there."),
    "cosmetics": N_("Cosmetics are registered there before they are sold."),
    "cotton_origin": N_("Cotton goods need proof that no forced labour is in them."),
    "counterfeit": N_("Copies of a brand may not be sold."),
    "drones": N_("Drones need a permit there."),
    "drugs": N_("This may be a drug by the law there."),
    "electric_goods": N_("Electric goods need a safety mark there."),
    "encryption": N_("Devices that encrypt need a notification there."),
    "explosives": N_("Explosive goods are not carried."),
    "food": N_("Food is registered there before it is let in."),
    "gambling": N_("Goods for gambling are not let in."),
    "halal": N_("Food and cosmetics need a halal certificate there."),
    "hate": N_("Signs of hate are not let in."),
    "imitation_weapon": N_("What looks like a weapon is limited there."),
    "label": N_("These goods need labels by the rules there."),
    "laser": N_("Laser pointers are not let in."),
    "lgbt": N_("The law there forbids these signs and texts."),
    "lithium_post": N_("Lithium batteries travel only with a test summary."),
    "map": N_("Maps must show borders as the law there draws them."),
    "marking": N_("Each piece carries a marking code there."),
    "medical_device": N_("Medical devices are registered there before they are sold."),
    "medicine": N_("Medicine may not be sold there by post."),
    "mobile_phone": N_("Phones are registered there before they work."),
    "monarchy": N_("The law there forbids mockery of the monarchy."),
    "nazi": N_("Signs of the Nazi time are forbidden there."),
    "obscene": N_("Obscene goods are not let in."),
    "plants": N_("Plants and seeds are not let in without plant health papers."),
    "plastic_bags": N_("Plastic bags are forbidden there."),
    "pork": N_("Pork and what is made of it is limited there."),
    "publication": N_("Books, films and prints need a permit there."),
    "radio": N_("Radio devices need approval there."),
    "religious_goods": N_("Signs and books of other faiths are not let in."),
    "religious_images": N_("Images that are holy there are protected."),
    "ruling": N_("The operator has decided that it is not sold there."),
    "spy_device": N_("Devices that record in secret are not let in."),
    "state_symbols": N_("The law there forbids what speaks against the state."),
    "supplements": N_("Food supplements are registered there before they are sold."),
    "textile_ban": N_("Some textiles and shoes are not let in."),
    "tobacco": N_("Tobacco may not be sold there by post."),
    "toy_mark": N_("Toys need a safety mark there."),
    "used_clothes": N_("Used clothes are not let in."),
    "used_goods": N_("Used goods are not let in."),
    "vape": N_("Vapes and their liquids are limited there."),
    "weapon": N_("Weapons may not be sold there."),
    "wildlife": N_("Goods of protected animals and plants need a permit."),
}
PAPERS = {
    "age_check": N_("Proof of an age check"),
    "battery_test": N_("Battery test summary (UN38.3)"),
    "conformity": N_("Certificate of conformity"),
    "cosmetics_registration": N_("Registration of the cosmetic"),
    "encryption_notice": N_("Encryption notification"),
    "food_registration": N_("Registration of the food"),
    "halal_certificate": N_("Halal certificate"),
    "health_certificate": N_("Health certificate"),
    "import_permit": N_("Import permit"),
    "label": N_("Picture of the label"),
    "licence": N_("Licence"),
    "marking_codes": N_("Marking codes"),
    "medical_registration": N_("Registration of the device"),
    "origin_proof": N_("Proof of origin"),
    "phone_registration": N_("Registration of the phone"),
    "phytosanitary": N_("Plant health certificate"),
    "radio_approval": N_("Approval of the radio"),
    "toy_certificate": N_("Toy safety certificate"),
}
STANDINGS = {
    "admitted": (N_("May be sold"), "jade"),
    "papers_needed": (N_("Papers needed"), "saffron"),
    "barred": (N_("Barred"), "madder"),
}
FOUND_BY = {
    "category": N_("Found by its HS code"),
    "hs": N_("Found by its HS code"),
    "attribute": N_("Found by what it is made with, or where"),
    "keyword": N_("Found by a word"),
}


def reason_words(reason: str, language: str) -> str:
    return catalog(language).gettext(REASONS[reason])


def paper_words(kind: str, language: str) -> str:
    return catalog(language).gettext(PAPERS[kind])


def standing_words(verdict: Verdict, language: str) -> tuple[str, str]:
    """The standing as a word, and its colour."""
    words, colour = STANDINGS[verdict.standing]
    return catalog(language).gettext(words), colour


def evidence_words(evidence: Sequence[Evidence], language: str) -> list[tuple[str, str]]:
    """How a row was found, and what was found."""
    _ = catalog(language).gettext
    return list(dict.fromkeys((_(FOUND_BY[one.kind]), one.matched) for one in evidence))[:6]
