# SPDX-License-Identifier: Apache-2.0
"""Official tariff files: read as they are published, and what changed in them.

Three shapes: the US Harmonized Tariff Schedule (JSON or CSV), the UK's table of measures (CSV) or answer for
a commodity (JSON), the EU's table of duties on import (CSV). Only the ordinary duty is read: the general
rate, measure type 103 for all the world. A rate that is not understood is listed, never guessed; a file
that is broken is refused whole, with the line.
"""
