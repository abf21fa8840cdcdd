# SPDX-License-Identifier: Apache-2.0
"""Ledger: who is owed what, in which coin, by double entry.

A transfer moves money between accounts; its entries add up to zero in each currency, debits with a plus and
credits with a minus. An account is a kind of the fixed chart, an owner where the kind has one (a seller, a
provider, a market), and one currency. What is owed to somebody therefore stands with a minus.

Promises, kept by the database itself: a transfer that does not balance cannot be committed; nothing is ever
changed or removed, mistakes are corrected by another transfer; a key is posted once.
"""
