# SPDX-License-Identifier: Apache-2.0
"""Where goods are shown and people gather: rooms, chat."""
