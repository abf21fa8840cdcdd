# SPDX-License-Identifier: Apache-2.0
"""Rules of customs: the field table, the four messages, their agreement, and what receipts mean. All pure."""
