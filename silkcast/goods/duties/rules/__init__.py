# SPDX-License-Identifier: Apache-2.0
"""The arithmetic of landed cost: exact, pure, in whole minor units wherever an amount has been rounded."""
