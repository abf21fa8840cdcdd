# SPDX-License-Identifier: Apache-2.0
"""Stories across modules: checkout, settlement, dispatch, return."""
