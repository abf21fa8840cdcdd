# SPDX-License-Identifier: Apache-2.0
"""Who acts, and where: identity, sellers, markets."""
