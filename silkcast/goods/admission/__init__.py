# SPDX-License-Identifier: Apache-2.0
"""Admission: which goods and claims a market bars, or lets in with papers only, and why.

A *row* of a market's `barred.toml` names goods (or a claim made for them) by category, HS prefix, attribute
or keyword, with its effect, reason and source. A *category* is known by HS prefixes and by words in each
language (`data`). A *finding* is a row that speaks for a product; the *verdict* of a market is the hardest of
them: barred, papers needed or admitted. A *ruling* is a person's decision about a product in a market until a
day: it admits what was found then, and nothing that is found later; a change of the product's texts or code
ends it. A ruling that bars stays until its day: else a comma would lift it. An *appeal* is how a seller asks
for one.

A product is handed in as a value (`Goods`): this module does not know the catalog. A bad file is refused
whole, with its line and the reason.
"""
