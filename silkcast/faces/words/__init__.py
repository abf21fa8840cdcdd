# SPDX-License-Identifier: Apache-2.0
"""Words: one gettext catalog for Python, templates and scripts. The English sentence is its own key.

`<language>/LC_MESSAGES/silkcast.po` is the source; `.mo` beside it is made at build and never committed.
"""
