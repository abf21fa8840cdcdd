# SPDX-License-Identifier: Apache-2.0
"""Shapes: what the API says and takes, as frozen dataclasses. Their docstrings are the document's."""
