# SPDX-License-Identifier: Apache-2.0
"""Audit: who did what, when. Entries are only ever added; the database refuses to change or delete one.

A *verb* is what was done (`seller.suspended`), the *object* what it was done to. Facts are plain and never
personal: ids, codes, counts.
"""
