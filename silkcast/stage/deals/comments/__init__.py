# SPDX-License-Identifier: Apache-2.0
"""Comments: reading a chat line as an order, a question which one, a cancellation, or nothing.

Words: a *grammar* is the words of one language (`data/en.yaml`), a *habit* what a market does with them
(`data/markets.yaml`). A *shelf* is what can be bought just now, with its codes, options and names. A comment
is folded, cut into *atoms*, and each atom must be understood: a word that no grammar knows makes talk of it.

Promises: the same comment is read the same way each time; nothing that is not on the shelf is ever ordered;
when in doubt it is no order; a comment costs time in proportion to its length. It keeps nothing, asks nobody.
The door is `reading.py`. `forwarded.py` cuts a pasted chat into messages, `hearing.py` reads them as a whole.
"""
