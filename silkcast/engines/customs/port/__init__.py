# SPDX-License-Identifier: Apache-2.0
"""The sandbox customs: a program that reads the messages as customs would, and answers with receipts.

    python -m silkcast.engines.customs.port --data DIR --port N --callback URL --secret S --delay 3

It reads the same published field table with eyes of its own. An order (303), a receipt of money (403) and a
waybill (505) that stand the test are answered 120. An inventory list (603) is answered 120, and when all four
documents of the order are there and agree, 800 after `--delay` seconds; else 100 with every reason, in
Chinese and English. A list whose other documents do not come within ten delays is refused for want of them.

Words in the name of the goods on the list (`gname` or `itemName`) make things happen, whatever else it says:

- `SANDBOX-INSPECT`: 500, inspection, before the release
- `SANDBOX-REVIEW`: 300, manual review, before the release
- `SANDBOX-REFUSE`: 100, refused
- `SANDBOX-ERROR`: -621010, a processing error

`--faults doubled,disordered,silent` makes callbacks bad. Everything answered can also be asked for.
"""
