# SPDX-License-Identifier: Apache-2.0
"""Pricing: the price of the goods that a seller set, variant by variant and market by market.

A *price* is explicit, in the market's own currency, and holds from the moment it was set until the next one.
Freight, duty and tax are not in it. History stays, so that a page can say the lowest price of the last thirty
days where the law asks for it. A *floor* is the price under which the seller does not mean to go: it warns
where a price of the moment is made, and changes no price.
"""
