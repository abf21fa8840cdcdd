# SPDX-License-Identifier: Apache-2.0
"""What is owed, in which coin: ledger, rates."""
