# SPDX-License-Identifier: Apache-2.0
"""Customs: telling the state what leaves, before it leaves.

A parcel from China under mode 9610 is told in four *messages* that must agree with one another: the order
(303), the money received (403), the waybill (505) and the inventory list (603). Together they are one
*declaration*. Customs answers with *receipts*: 120 stored, 500 inspection, 800 released, 100 refused with a
reason, below zero an error. A receipt told twice or late changes nothing. Nothing is sent that breaks the
field table in `data/` or disagrees with itself: better a refusal here, naming the field, than one there.
For the post the same parcel has a CN23 form. Export messages carry nobody's name but companies'.
"""
