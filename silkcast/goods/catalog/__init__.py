# SPDX-License-Identifier: Apache-2.0
"""Catalog: what a shop sells, in what variants, and what customs and carriers must know of it.

A product is drafted, listed, withdrawn. A draft may be incomplete; what is listed has names in two languages,
a picture and a variant. A variant keeps its id for life, even when the seller drops it, since orders, stock
and prices know it by that. Whether an HS code exists is asked of the duties; here it has to look like one.
"""
